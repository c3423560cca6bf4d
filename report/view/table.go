package view

import (
	"cmp"
	"slices"

	"edgebench/report/model"
	"edgebench/results"
)

// Reference is the plan's system that ratios are taken to. Its name is "" if there
// is none.
func (v *View) Reference() model.System {
	want := v.Plan.Table.Reference
	if want.Runner == "" {
		return model.System{}
	}
	return v.System(want)
}

// MaxClasses bounds the classes that are shown, and MaxClassCells the cells of one.
const (
	MaxClasses    = 100
	MaxClassCells = 50
)

// Classes are those of the plan.
func (v *View) Classes() []results.Class {
	return v.Plan.Table.Classes[:min(len(v.Plan.Table.Classes), MaxClasses)]
}

// ClassCells gives the cells of a class in an experiment: for each system and
// artefact the one with the fixed parameters that the plan or the records have.
// Missing has those that the run does not have because the system or the artefact
// could not be had.
func (v *View) ClassCells(c results.Class, e results.Experiment, fixed results.Params) (planned, missing []results.Cell) {
	for _, a := range c.Artefacts {
		for _, s := range c.Systems {
			if len(planned)+len(missing) == MaxClassCells {
				return planned, missing
			}
			cell := results.Cell{System: s, Artefact: a, Experiment: e, Params: fixed}
			if p, ok := v.paramsOf(cell); ok {
				cell.Params = p
				planned = append(planned, cell)
			} else if v.Unavailable(cell) != "" {
				missing = append(missing, cell)
			}
		}
	}
	return planned, missing
}

// Unavailable says why a cell could not be had, because of its system, runner or
// artefact; "" if it could.
func (v *View) Unavailable(c results.Cell) string {
	if state, known := v.states[c.System]; known {
		if state.Unavailable != "" {
			return state.Unavailable
		}
	} else if why := v.runnerUnavailable(c.Runner); why != "" {
		return why
	}
	for _, x := range v.Env.Artefacts {
		if x.Artefact == c.Artefact && x.Unavailable != "" {
			return x.Unavailable
		}
	}
	return ""
}

// runnerUnavailable is the reason why no mode of a runner could be had. The plan may
// name a mode that only a runner at hand would resolve.
func (v *View) runnerUnavailable(runner string) (why string) {
	for s, state := range v.states {
		switch {
		case s.Runner != runner:
		case state.Unavailable == "":
			return ""
		case why == "" || state.Unavailable < why: // the map has no order
			why = state.Unavailable
		}
	}
	return why
}

// paramsOf are those of a cell's experiment that the plan or the records have for
// its system and artefact, with its own parameters: with the page cache warm, as
// little at a time as there is, and one worker held on one core.
func (v *View) paramsOf(c results.Cell) (results.Params, bool) {
	fixed := c.Params
	c.Params = ""
	return v.choose(v.params[c], fixed)
}

// TableParams are those of the table's artefact in an experiment, whatever the
// system.
func (v *View) TableParams(e results.Experiment, fixed results.Params) (results.Params, bool) {
	var all []results.Params
	for _, c := range v.cells {
		if c.Experiment == e && c.Artefact == v.Plan.Table.Artefact {
			all = append(all, c.Params)
		}
	}
	return v.choose(all, fixed)
}

func (v *View) choose(all []results.Params, fixed results.Params) (results.Params, bool) {
	all = slices.DeleteFunc(slices.Clone(all), func(p results.Params) bool { return !holds(p, fixed) })
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
