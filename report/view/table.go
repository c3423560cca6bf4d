package view

import (
	"cmp"
	"slices"

	"edgebench/report/model"
	"edgebench/results"
)

// Reference is the plan's system that ratios are taken to. Its name is "" if there
// is none. If it is a container of the table that is unavailable, its fallback is
// the reference.
func (v *View) Reference() model.System {
	want := v.Plan.Table.Reference
	if v.FallsBack() && slices.Contains(v.Plan.Table.Containers, want) {
		want = v.Plan.Table.Fallback[0]
	}
	if want.Runner == "" {
		return model.System{}
	}
	return v.System(want)
}

// Containers are the systems that stand for containers: the plan's, or its
// fallback.
func (v *View) Containers() []results.System {
	if v.FallsBack() {
		return v.Plan.Table.Fallback
	}
	return v.Plan.Table.Containers
}

// Wasm are the systems that stand for WebAssembly.
func (v *View) Wasm() []results.System { return v.Plan.Table.Wasm }

// FallsBack says that none of the systems that were to stand for containers
// could be tried here. One that was tried and failed does not fall back.
func (v *View) FallsBack() bool {
	if len(v.Plan.Table.Fallback) == 0 {
		return false
	}
	return !slices.ContainsFunc(v.Plan.Table.Containers, v.available)
}

func (v *View) available(s results.System) bool {
	if state, known := v.states[s]; !known || state.Unavailable != "" {
		return false
	}
	only := false // has it nothing but trials that could not be tried?
	for c, t := range v.tallies {
		if c.System != s {
			continue
		}
		if t.OK+t.Failed > 0 {
			return true
		}
		only = only || t.Unavailable > 0
	}
	return !only
}

// TableParams are those of the table's cells in an experiment, among those that
// the plan or the records have for the table's artefact with the fixed ones: with
// the page cache warm, as little at a time as there is, and one worker held on one
// core.
func (v *View) TableParams(e results.Experiment, fixed results.Params) (results.Params, bool) {
	var all []results.Params
	for _, c := range v.cells {
		if c.Experiment == e && c.Artefact == v.Plan.Table.Artefact && holds(c.Params, fixed) && !slices.Contains(all, c.Params) {
			all = append(all, c.Params)
		}
	}
	if len(all) == 0 {
		return "", false
	}
	cold := func(p results.Params) int {
		if c := p.Get(results.PageCacheParam); c != "" && c != results.PageCacheWarm {
			return 1
		}
		return 0
	}
	return slices.MinFunc(all, func(x, y results.Params) int {
		return cmp.Or(
			cmp.Compare(cold(x), cold(y)),
			cmp.Compare(x.Int(results.ConcurrencyParam), y.Int(results.ConcurrencyParam)),
			cmp.Compare(slices.Index(placements, x.Get(results.PlacementParam)), slices.Index(placements, y.Get(results.PlacementParam))),
			cmp.Compare(x, y),
		)
	}), true
}

// placements are in the order in which the table prefers them: an instance within the
// harness has a core of its own in none.
var placements = []string{results.PlacementSameCore, "", results.PlacementOtherCore}

// holds says whether parameters have all of the fixed ones.
func holds(p, fixed results.Params) bool {
	for name, value := range fixed.Map() {
		if p.Get(name) != value {
			return false
		}
	}
	return true
}

// Without removes parameters by name.
func Without(p results.Params, names ...string) results.Params {
	for _, name := range names {
		p = p.With(name, "")
	}
	return p
}
