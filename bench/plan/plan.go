package plan

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
)

// Default is the mode that stands for a runner's default mode.
const Default = "default"

// Inventory is what this machine offers.
type Inventory struct {
	// Systems that are available.
	Systems []System
	// Workloads with their languages.
	Workloads []Workload
	// Build says whether there is an artefact of a kind that a system takes,
	// and what its instances are not good for.
	Build func(a results.Artefact, s System) (u Use, ok bool)
	// Cores is the number of workers that stands for all cores.
	Cores int
}

// Use says in which kind an artefact comes for a system, and what its instances can't
// do: see experiment.Target.
type Use struct {
	Kind                  runners.Kind
	SingleShot, Exclusive bool
}

// System is an available runner in a mode.
type System struct {
	results.System
	Takes []runners.Kind
	Mode  runners.Mode
}

// Workload is a workload with its builds.
type Workload struct {
	Name   string
	Builds []string
	// Hidden workloads are part of entries that name them alone.
	Hidden bool
}

// Takes says whether an entry is about a workload.
func (e Entry) Takes(name string, hidden bool) bool {
	if hidden {
		return slices.Contains(e.Workloads, name)
	}
	return allows(e.Workloads, name)
}

// Filter narrows a configuration down; an empty list keeps all. A filter for rungs
// keeps only cells that have one. Runners may name systems (see AllowsSystem); a mode that
// is named is kept where the configuration has other modes of its runner.
type Filter struct {
	Runners, Workloads, Builds []string
	Rungs                      []results.Rung
	Experiments                []results.Experiment
}

// Make gives the plan. It is an error when nothing is left to measure.
func Make(c Config, inv Inventory, f Filter, run string, seed uint64) (results.Plan, error) {
	p := results.Plan{
		Schema: results.Schema, Run: run, Profile: c.Profile, Seed: seed,
		Budget: time.Duration(c.Budget), Deadline: time.Duration(c.Deadline), Target: c.Target, Preparations: c.Preparations, Table: c.Table.Map(inv.resolve),
	}
	if len(f.Runners) == 0 {
		f.Runners = c.Runners
	}
	seen := map[results.Cell]bool{}
	total := 0
	for _, e := range c.Matrix {
		if !allows(f.Experiments, e.Experiment) {
			continue
		}
		specs, err := inv.expand(narrow(e, f), f)
		if err != nil {
			return p, err
		}
		for _, s := range specs {
			if seen[s.Cell] {
				continue // an earlier entry has it
			}
			seen[s.Cell] = true
			total += s.Trials + s.MaxAdaptive
			p.Specs = append(p.Specs, s)
		}
	}
	switch {
	case len(p.Specs) == 0:
		return p, ErrNothing
	case total > results.MaxRecords:
		return p, fmt.Errorf("the configuration asks for %d trials, at most %d are run", total, results.MaxRecords)
	}
	return p, nil
}

// narrow intersects an entry with a filter.
func narrow(e Entry, f Filter) Entry {
	e.Workloads = intersect(e.Workloads, f.Workloads)
	e.Builds = intersect(e.Builds, f.Builds)
	return e
}

// intersect treats an empty list as all; an intersection with nothing in it is
// a list with one impossible name.
func intersect[T ~string](a, b []T) []T {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	both := slices.DeleteFunc(slices.Clone(a), func(x T) bool { return !slices.Contains(b, x) })
	if len(both) == 0 {
		return []T{""}
	}
	return both
}

func allows[T ~string](list []T, x T) bool { return len(list) == 0 || slices.Contains(list, x) }

// resolve replaces the mode "default" of one of the table's systems.
func (inv Inventory) resolve(want results.System) results.System {
	for _, s := range inv.Systems {
		if s.Runner == want.Runner && want.Mode == Default && s.Mode.Default {
			want.Mode = s.Mode.Name
		}
	}
	return want
}

// expand gives the specifications of an entry.
func (inv Inventory) expand(e Entry, f Filter) ([]results.Spec, error) {
	var all []results.Spec
	for _, s := range inv.Systems {
		if !AllowsSystem(e.Runners, s) || !AllowsSystem(f.Runners, s) || !e.allowsMode(s.Mode) && (s.Mode.OnRequest || !namesMode(f.Runners, s)) {
			continue
		}
		for _, w := range inv.Workloads {
			for _, build := range w.Builds {
				a := results.Artefact{Workload: w.Name, Build: build}
				if !e.Takes(w.Name, w.Hidden) || !allows(e.Builds, build) {
					continue
				}
				use, ok := inv.Build(a, s)
				if !ok || !allows(e.Kinds, use.Kind) {
					continue
				}
				specs, err := inv.specs(e, f, s, a, use)
				if err != nil {
					return nil, err
				}
				all = append(all, specs...)
			}
		}
	}
	return all, nil
}

func (e Entry) allowsMode(m runners.Mode) bool {
	if m.OnRequest {
		return slices.Contains(e.Modes, m.Name)
	}
	return allows(e.Modes, m.Name) || m.Default && slices.Contains(e.Modes, Default)
}

// specs gives those of one system and one artefact.
func (inv Inventory) specs(e Entry, f Filter, s System, a results.Artefact, use Use) ([]results.Spec, error) {
	var all []results.Spec
	target := experiment.Target{
		Mode: s.Mode, Takes: s.Takes, SingleShot: use.SingleShot, Exclusive: use.Exclusive, Cores: inv.Cores,
	}
	for _, c := range e.Parameters.Expand(target) {
		if len(f.Rungs) > 0 && !slices.Contains(f.Rungs, c.Params.Rung()) {
			continue
		}
		spec := results.Spec{
			Cell:   results.Cell{System: s.System, Artefact: a, Experiment: e.Experiment, Params: c.Params},
			Trials: e.Blocks, MaxAdaptive: max(0, e.MaxBlocks-e.Blocks),
		}
		if c.Effort != nil {
			b, err := json.Marshal(c.Effort)
			if err != nil {
				return nil, fmt.Errorf("write down the effort of %s: %w", spec.Cell, err)
			}
			spec.Effort = b
		}
		all = append(all, spec)
	}
	return all, nil
}
