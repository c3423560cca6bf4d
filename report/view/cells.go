package view

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"edgebench/bench/stat"
	"edgebench/bench/stat/diagnose"
	"edgebench/report/model"
	"edgebench/results"
	"edgebench/runners"
)

// Tally counts the outcomes of a cell. Adaptive trials are not planned ones.
type Tally struct {
	Planned, OK, Failed, Unavailable int
	// Reasons of the first that failed, and of the first that could not be tried.
	Failure, UnavailableReason string
	// GivenUp says why planned trials of the cell were not begun; "" if all were, or
	// if the run ended before.
	GivenUp string

	records []*results.Record
}

// Trials is the number of trials that have a record.
func (t *Tally) Trials() int { return t.OK + t.Failed + t.Unavailable }

// tally counts plan and records by cell, and orders the cells.
func (v *View) tally() {
	at := func(c results.Cell) *Tally {
		if v.tallies[c] == nil {
			v.tallies[c] = &Tally{}
			v.cells = append(v.cells, c)
			bare := c
			bare.Params = ""
			v.params[bare] = append(v.params[bare], c.Params)
		}
		return v.tallies[c]
	}
	for _, s := range v.Plan.Specs {
		at(s.Cell).Planned += s.Trials
	}
	var failures diagnose.Failures
	for _, r := range v.Trials {
		failures.Add(r.Record)
		t := at(r.Cell)
		switch r.Outcome {
		case results.OK:
			t.OK++
			t.records = append(t.records, r.Record)
		case results.Unavailable:
			t.Unavailable++
			t.UnavailableReason = cmp.Or(t.UnavailableReason, r.Error)
		default: // what is neither is no success either
			t.Failed++
			t.Failure = cmp.Or(t.Failure, r.Error)
		}
	}
	for c, t := range v.tallies {
		if why, up := failures.GivenUp(c); up && t.Trials() < t.Planned {
			t.GivenUp = why.String()
		}
	}
	slices.SortFunc(v.cells, func(x, y results.Cell) int { return stat.Key{Cell: x}.Compare(stat.Key{Cell: y}) })
}

// Cells lists all that the plan or the records have, in the order of their keys.
func (v *View) Cells() []results.Cell { return v.cells }

// Tally gives the outcomes of a cell, and whether the plan or the records have it.
func (v *View) Tally(c results.Cell) (Tally, bool) {
	if t := v.tallies[c]; t != nil {
		return *t, true
	}
	return Tally{}, false
}

// Records returns the OK records of a cell, in the order of the plan.
func (v *View) Records(c results.Cell) []*results.Record {
	t, _ := v.Tally(c)
	return t.records
}

// Entry is what there is to show of one metric of one cell.
func (v *View) Entry(c results.Cell, metric string) model.Entry {
	key := stat.Key{Cell: c, Metric: metric}
	if s, ok := v.summaries[key]; ok {
		e := model.Entry{State: model.Measured, Key: key, Estimate: s.Median, Percentiles: s.Percentiles, Why: v.Besides(c)}
		if g, graded := v.Grades[key]; graded {
			e.Grade = &g
		}
		return e
	}
	state, why := v.State(c)
	switch { // the trials may have ended well without this metric
	case state == model.Measured && v.rejected[key]:
		return model.Entry{State: model.Failed, Why: "its values were rejected, see the warnings"}
	case state == model.Measured:
		return model.Entry{State: model.Absent, Why: "this system has no such measure"}
	}
	return model.Entry{State: state, Why: why}
}

// Besides tells of trials that failed beside those that did not.
func (v *View) Besides(c results.Cell) string {
	t := v.tallies[c]
	if t == nil || t.Failed == 0 {
		return ""
	}
	failed := fmt.Sprintf("%d of %d trials failed", t.Failed, t.OK+t.Failed)
	if t.GivenUp != "" {
		return failed + "; " + t.GivenUp
	}
	return failed + ": " + t.Failure
}

// State says how a cell ended, with the reason. Measured means that at least
// one trial ended well.
func (v *View) State(c results.Cell) (model.State, string) {
	t, _ := v.Tally(c)
	system := v.states[c.System]
	hasRung := c.Rung() == "" || len(system.Rungs) == 0 || slices.Contains(system.Rungs, c.Rung())
	switch {
	case t.OK > 0:
		return model.Measured, ""
	case t.Failed > 0 && t.GivenUp != "":
		return model.GivenUp, t.GivenUp
	case t.Failed > 0:
		return model.Failed, t.Failure
	case t.Unavailable > 0:
		return model.Unavailable, t.UnavailableReason
	case system.Unavailable != "":
		return model.Unavailable, system.Unavailable
	case !hasRung:
		return model.Absent, "this system has no such rung"
	case t.Planned > 0:
		return model.Missing, "the run ended before"
	}
	return model.Unplanned, "not part of this run"
}

// listSystems puts the systems of the environment, and those that only the
// plan or the records know, in the order in which they are shown.
func (v *View) listSystems() {
	add := func(s results.SystemState) {
		if _, seen := v.states[s.System]; seen || s.Runner == "" && s.Mode == "" {
			return
		}
		v.states[s.System] = s
		shown := systemOf(s.System)
		shown.Version, shown.Unavailable = s.VersionText(), s.Unavailable
		shown.Released, shown.Old = s.Released, old(s.Released, v.Env.At)
		v.Systems = append(v.Systems, shown)
	}
	for _, s := range v.Env.Systems {
		add(s)
	}
	for _, c := range v.cells {
		add(results.SystemState{System: c.System})
	}
	slices.SortStableFunc(v.Systems, func(x, y model.System) int {
		return cmp.Or(
			cmp.Compare(slices.Index(model.Sides(), x.Side), slices.Index(model.Sides(), y.Side)),
			cmp.Compare(runnerIndex(x.Runner), runnerIndex(y.Runner)),
		)
	})
}

func systemOf(s results.System) model.System {
	return model.System{Name: s.String(), Runner: s.Runner, Mode: s.Mode, Side: SideOf(s.Runner)}
}

// oldAfter is the age in years beyond which a release is called old.
const oldAfter = 2

// old says whether a release was old when a run began. What is unknown is not.
func old(released string, began time.Time) bool {
	day, err := time.Parse(time.DateOnly, released)
	return err == nil && day.AddDate(oldAfter, 0, 0).Before(began)
}

// SideOf is what the table of runners says.
func SideOf(runner string) model.Side {
	if e, known := runners.Find(runner); known {
		return e.Side
	}
	return model.Other
}

// runnerIndex is the index of a runner in the table, or the table's length if it is
// not in it.
func runnerIndex(runner string) int {
	table := runners.Table()
	i := slices.IndexFunc(table, func(e runners.Entry) bool { return e.Name == runners.FamilyOf(runner) })
	if i < 0 {
		return len(table)
	}
	return i
}

// System finds a system by name; one that has no part in the run is made up.
func (v *View) System(s results.System) model.System {
	if i := v.SystemIndex(s); i >= 0 {
		return v.Systems[i]
	}
	return systemOf(s)
}

// SystemIndex is the index of a system in Systems, or -1 if it is not in the run.
func (v *View) SystemIndex(s results.System) int {
	return slices.IndexFunc(v.Systems, func(known model.System) bool { return known.Is(s) })
}

// Found is a system as the environment has it.
func (v *View) Found(s results.System) results.SystemState { return v.states[s] }
