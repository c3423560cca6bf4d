package plan

import (
	"fmt"
	"slices"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/registry"
	"edgebench/results"
	"edgebench/runners"
)

// maxBlocks bounds the blocks of a configuration. It is small enough to reject a
// mistyped number.
const maxBlocks = 10_000

// maxPreparations bounds how often an artefact is prepared.
const maxPreparations = 100

func (c *Config) check() error {
	if c.Profile == "" {
		return fmt.Errorf("profile, the configuration's name, is missing")
	}
	if err := within("budget", c.Budget); err != nil {
		return err
	}
	if err := within("deadline", c.Deadline); err != nil {
		return err
	}
	if !(c.Target >= 0 && c.Target < 1) {
		return fmt.Errorf("target is %v, want a part of the median from 0 (none) to below 1", c.Target)
	}
	if c.Preparations < 0 || c.Preparations > maxPreparations {
		return fmt.Errorf("preparations is %d, want 0 (the usual) to %d", c.Preparations, maxPreparations)
	}
	if len(c.Matrix) == 0 {
		return fmt.Errorf("there is no [[matrix]] entry, so nothing to measure")
	}
	for i := range c.Matrix {
		if err := c.Matrix[i].check(time.Duration(c.Deadline)); err != nil {
			return fmt.Errorf("matrix entry %d: %w", i+1, err)
		}
	}
	if _, err := RowsOf(c.Libraries); err != nil {
		return err
	}
	return c.checkTable()
}

// maxClasses bounds the table.
const maxClasses = 100

func (c *Config) checkTable() error {
	t := c.Table
	if t.Workload == "" || t.Build == "" || t.Reference.Runner == "" || t.Reference.Mode == "" {
		return fmt.Errorf("table needs workload, build and reference")
	}
	if len(t.Classes) > maxClasses {
		return fmt.Errorf("table has %d classes, want at most %d", len(t.Classes), maxClasses)
	}
	seen := map[string]bool{}
	for i, class := range t.Classes {
		if err := checkClass(class); err != nil {
			return fmt.Errorf("table.class %d: %w", i+1, err)
		}
		if name := class.Side + ": " + class.Name(); seen[name] {
			return fmt.Errorf("table.class %d: there are two with the name %q", i+1, name)
		} else {
			seen[name] = true
		}
	}
	return nil
}

func checkClass(c results.Class) error {
	switch {
	case !slices.Contains([]runners.Side{runners.SideContainers, runners.SideWasm}, runners.Side(c.Side)):
		return fmt.Errorf("side is %q, want %q or %q", c.Side, runners.SideContainers, runners.SideWasm)
	case c.Name() == "":
		return fmt.Errorf("it needs what or how, which name it")
	case len(c.Artefacts) == 0 || len(c.Systems) == 0:
		return fmt.Errorf("%s needs artefacts and systems", c.Name())
	}
	for _, a := range c.Artefacts {
		if a.Workload == "" || a.Build == "" {
			return fmt.Errorf("%s: an artefact needs workload and build", c.Name())
		}
	}
	for _, s := range c.Systems {
		if s.Runner == "" || s.Mode == "" {
			return fmt.Errorf("%s: a system needs runner and mode", c.Name())
		}
	}
	return nil
}

func (e *Entry) check(deadline time.Duration) error {
	d, _ := registry.Describe(e.Experiment)
	if e.Blocks < 1 || e.Blocks > maxBlocks {
		return fmt.Errorf("blocks is %d, want 1 to %d", e.Blocks, maxBlocks)
	}
	if e.MaxBlocks != 0 && (e.MaxBlocks < e.Blocks || e.MaxBlocks > maxBlocks || !d.Adaptive) {
		return fmt.Errorf("max_blocks is %d: only experiments with adaptive trials have it, from blocks (%d) to %d", e.MaxBlocks, e.Blocks, maxBlocks)
	}
	for _, kind := range e.Kinds {
		if !slices.Contains([]runners.Kind{runners.Wasm, runners.Component, runners.Native, runners.Image}, kind) {
			return fmt.Errorf("kinds has %q, which is none of wasm, component, native and image", kind)
		}
	}
	return e.Parameters.Check(deadline)
}

func within(name string, d experiment.Duration) error {
	return experiment.CheckDuration(name, d, time.Duration(experiment.MaxDuration)+1)
}
