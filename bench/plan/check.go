package plan

import (
	"fmt"
	"slices"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/registry"
	"edgebench/results"
)

// maxBlocks bounds the blocks of a configuration. It is small enough to reject a
// mistyped number.
const maxBlocks = 10_000

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
	if len(c.Matrix) == 0 {
		return fmt.Errorf("there is no [[matrix]] entry, so nothing to measure")
	}
	for i := range c.Matrix {
		if err := c.Matrix[i].check(time.Duration(c.Deadline)); err != nil {
			return fmt.Errorf("matrix entry %d: %w", i+1, err)
		}
	}
	return c.checkTable()
}

func (c *Config) checkTable() error {
	t := c.Table
	if t.Workload == "" || t.Build == "" || len(t.Containers) == 0 || len(t.Wasm) == 0 || t.Reference.Runner == "" {
		return fmt.Errorf("table needs workload, build, containers, wasm and reference")
	}
	for _, s := range slices.Concat(t.Containers, t.Wasm, t.Fallback, []results.System{t.Reference}) {
		if s.Runner == "" || s.Mode == "" {
			return fmt.Errorf("table: a system needs runner and mode")
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
	return e.Parameters.Check(deadline)
}

func within(name string, d experiment.Duration) error {
	return experiment.CheckDuration(name, d, time.Duration(experiment.MaxDuration)+1)
}
