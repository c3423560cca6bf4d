package report

import (
	"cmp"
	"slices"

	"edgebench/bench/stat/diagnose"
	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
)

// maxCauses bounds the list of what disturbed trials.
const maxCauses = 4

// disturbances counts the trials that something disturbed, and by what.
func disturbances(q *model.Quality, v *view.View) {
	var all []model.Cause
	for _, cause := range diagnose.Causes() {
		all = append(all, model.Cause{Name: cause})
	}
	for _, r := range v.Trials {
		if r.Outcome != results.OK {
			continue
		}
		if len(r.Machine) > 0 {
			q.Watched++
		}
		if r.Disturbed() {
			q.Disturbed++
		}
		for _, d := range r.Disturbances {
			i := slices.IndexFunc(all, func(c model.Cause) bool { return c.Name == d.Cause })
			c := &all[i]
			if c.Maximum = max(c.Maximum, d.Share); c.Trials == 0 || d.Share < c.Minimum {
				c.Minimum = d.Share
			}
			c.Trials++
		}
	}
	q.Replaced = q.Disturbed
	for _, r := range v.Retained {
		if r.Outcome == results.OK && r.Disturbed() {
			q.Replaced--
		}
	}
	slices.SortStableFunc(all, func(a, b model.Cause) int { return cmp.Compare(b.Trials, a.Trials) })
	for _, c := range all[:min(len(all), maxCauses)] {
		if c.Trials > 0 {
			q.Causes = append(q.Causes, c)
		}
	}
	q.Contended, q.Probed = v.Grouped().Contention()
}

// watch counts the retained trials of a cell, and how many of them were disturbed
// and how many were watched.
type watch struct{ retained, disturbed, watched int }

func watches(v *view.View) map[results.Cell]watch {
	list := map[results.Cell]watch{}
	for _, r := range v.Retained {
		if r.Outcome != results.OK {
			continue
		}
		w := list[r.Cell]
		w.retained++
		if r.Disturbed() {
			w.disturbed++
		}
		if len(r.Machine) > 0 {
			w.watched++
		}
		list[r.Cell] = w
	}
	return list
}

// beside is the activity beside a trial, as shares of its time. One part can't be
// caused by the trial itself; the other may be caused by an engine.
type beside struct{ foreign, engine float64 }

func (b beside) share(engine bool) float64 {
	if engine {
		return b.foreign
	}
	return b.foreign + b.engine
}

// besides returns the activity beside the watched trials, by Seq. It leaves out
// processor pressure, because a trial's own tasks wait for each other too.
func besides(v *view.View) map[int]beside {
	list := map[int]beside{}
	for _, r := range v.Trials {
		if r.Outcome != results.OK || len(r.Machine) == 0 {
			continue
		}
		sum := func(names ...string) float64 {
			total := 0.0
			for _, name := range names {
				if v := r.Machine[name]; v > 0 && v <= 1 {
					total += v
				}
			}
			return total
		}
		list[r.Seq] = beside{
			foreign: sum(results.MachineSteal, results.MachineThrottled, results.MachineMemoryPressure),
			engine:  sum(results.MachineOthers, results.MachineIOPressure),
		}
	}
	return list
}
