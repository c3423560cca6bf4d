// Package view gives all sections of a report one view of a run: its samples, their
// summaries, how trials ended, and the systems in the order in which they are
// shown. It derives and looks up; sections decide what is shown.
package view

import (
	"fmt"
	"runtime"
	"slices"
	"sync"

	"edgebench/bench/stat"
	"edgebench/bench/stat/diagnose"
	"edgebench/bench/stat/estimate"
	"edgebench/report/model"
	"edgebench/results"
)

// Bounds on what outside records could make arbitrarily long: lists, the elements
// of a kind, and the rows of an element.
const (
	MaxListed   = 50
	MaxVariants = 200
	MaxRows     = 150
)

// View is a run as sections see it. Sections must not change it, but may call Warn.
type View struct {
	Plan results.Plan
	Env  results.Environment
	// Trials are all recorded trials. Retained are those whose values enter figures
	// (see diagnose.Retained).
	Trials, Retained []stat.Trial
	// Systems are in the order in which they are shown.
	Systems []model.System
	// Grades are those of headline figures, once they have been given.
	Grades map[stat.Key]model.Grade
	// Warnings are about the whole run.
	Warnings []string

	samples   *stat.Samples
	latencies []estimate.Latency
	latencyAt map[stat.Key]int
	// rejected has the keys of samples with rejected values.
	rejected map[stat.Key]bool
	// derived samples replace the recorded samples of their experiments.
	derive    map[results.Experiment]Derive
	derived   map[stat.Key]*stat.Sample
	summaries map[stat.Key]estimate.Summary
	tallies   map[results.Cell]*Tally
	cells     []results.Cell
	// params has the parameters of all cells, by the cell without them.
	params map[results.Cell][]results.Params
	states map[results.System]results.SystemState
}

// Derive makes the samples that the report uses for an experiment, if they differ
// from the recorded ones, e.g. slopes instead of values by step. It also returns
// what it rejected of the records.
type Derive func(retained []stat.Trial, samples *stat.Samples) ([]*stat.Sample, []stat.Rejection)

// New groups the records of a run, whose texts must be clean. The plan, the
// environment and the records may each be empty.
func New(plan results.Plan, env results.Environment, records []results.Record, derive map[results.Experiment]Derive) *View {
	v := &View{
		Plan: plan, Env: env, Trials: diagnose.Judge(env, records),
		latencyAt: map[stat.Key]int{}, rejected: map[stat.Key]bool{},
		derive: derive, derived: map[stat.Key]*stat.Sample{}, summaries: map[stat.Key]estimate.Summary{},
		params:  map[results.Cell][]results.Params{},
		tallies: map[results.Cell]*Tally{}, states: map[results.System]results.SystemState{},
	}
	v.Retained = diagnose.Retained(plan, v.Trials)
	var rejected, more []stat.Rejection
	v.samples, rejected = stat.Group(v.Retained)
	v.latencies, more = estimate.Latencies(v.Retained)
	v.reject(append(rejected, more...))
	for i, l := range v.latencies {
		v.latencyAt[l.Key] = i
	}
	v.tally()
	v.listSystems()
	v.deriveAll()
	return v
}

func (v *View) deriveAll() {
	seen := map[results.Experiment]bool{}
	for _, s := range v.samples.All() {
		derive := v.derive[s.Experiment]
		if derive == nil || seen[s.Experiment] {
			continue
		}
		seen[s.Experiment] = true
		list, rejected := derive(v.Retained, v.samples)
		v.reject(rejected)
		for _, d := range list {
			v.derived[d.Key] = d
		}
	}
}

// Warn adds a warning about the whole run.
func (v *View) Warn(format string, args ...any) {
	v.Warnings = append(v.Warnings, fmt.Sprintf(format, args...))
}

// reject warns of values that did not enter a sample, and remembers whose.
func (v *View) reject(rejected []stat.Rejection) {
	for i, r := range rejected {
		v.rejected[r.Key] = true
		switch {
		case i < MaxListed:
			v.Warn("rejected values of %s", r)
		case i == MaxListed:
			v.Warn("%d more lists of values were rejected", len(rejected)-i)
		}
	}
}

// Samples returns the samples that the report uses for each experiment, in the
// order of their keys.
func (v *View) Samples() []*stat.Sample {
	var list []*stat.Sample
	for _, s := range v.samples.All() {
		if v.derive[s.Experiment] == nil {
			list = append(list, s)
		}
	}
	for _, s := range v.derived {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b *stat.Sample) int { return a.Key.Compare(b.Key) })
	return list
}

// Derived reports whether the report uses derived samples for an experiment.
func (v *View) Derived(e results.Experiment) bool { return v.derive[e] != nil }

// Grouped gives the samples as they are recorded.
func (v *View) Grouped() *stat.Samples { return v.samples }

// Sample finds a sample that the report uses, or nil.
func (v *View) Sample(k stat.Key) *stat.Sample {
	if v.derive[k.Experiment] != nil {
		return v.derived[k]
	}
	return v.samples.Get(k)
}

// Summarise makes the summaries that all sections draw from.
func (v *View) Summarise() {
	samples := v.Samples()
	done := make([]estimate.Summary, len(samples))
	Parallel(len(samples), func(i int) { done[i] = estimate.Summarise(samples[i]) })
	for _, s := range done {
		v.summaries[s.Key] = s
	}
}

// Summary finds the summary of a sample.
func (v *View) Summary(k stat.Key) (estimate.Summary, bool) {
	s, ok := v.summaries[k]
	return s, ok
}

// Summaries lists all of them in the order of their keys.
func (v *View) Summaries() []estimate.Summary {
	list := make([]estimate.Summary, 0, len(v.summaries))
	for _, s := range v.summaries {
		list = append(list, s)
	}
	slices.SortFunc(list, func(x, y estimate.Summary) int { return x.Key.Compare(y.Key) })
	return list
}

// Latency finds the distribution of a histogram over the trials of a cell.
func (v *View) Latency(k stat.Key) (estimate.Latency, bool) {
	i, ok := v.latencyAt[k]
	if !ok {
		return estimate.Latency{}, false
	}
	return v.latencies[i], true
}

// Latencies lists all of them.
func (v *View) Latencies() []estimate.Latency { return v.latencies }

// Ratio relates two samples. It returns nil if there is no ratio, e.g. of a sample
// to itself.
func Ratio(a, reference *stat.Sample) *estimate.Estimate {
	if a == nil || reference == nil || a == reference {
		return nil
	}
	ratio, err := estimate.Ratio(a, reference)
	if err != nil {
		return nil
	}
	return &ratio
}

// Parallel calls f for 0 to n−1, several at a time. The calls must not depend on
// each other, so that the outcome does not depend on their order.
func Parallel(n int, f func(i int)) {
	var wait sync.WaitGroup
	next := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wait.Wait()
}
