package diagnose

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/registry"
	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/results"
)

// State is the progress of a cell: its trials so far and the width of its
// interval.
type State struct {
	// Width is that of the interval of the headline metric, to its wider side and as a
	// part of the median; infinite without an interval.
	Width float64
	// Trials are those that are OK, Undisturbed those of them that nothing
	// disturbed, Failed the others.
	Trials, Undisturbed, Failed int
	// Probed of those that are retained have waited for an uncontended core,
	// Uncontended ones met it.
	Probed, Uncontended int
}

// States gives the state of every cell with adaptive trials that has a record.
func States(p results.Plan, trials []stat.Trial) map[results.Cell]State {
	states := map[results.Cell]State{}
	for _, t := range trials {
		if d, _ := registry.Describe(t.Experiment); !d.Adaptive {
			continue
		}
		s := states[t.Cell]
		s.Width = math.Inf(1)
		switch {
		case t.Outcome != results.OK:
			s.Failed++
		case !t.Disturbed():
			s.Undisturbed++
			fallthrough
		default:
			s.Trials++
		}
		states[t.Cell] = s
	}
	samples, _ := stat.Group(Retained(p, trials))
	for _, sample := range samples.All() {
		s, ok := states[sample.Cell]
		if !ok {
			continue
		}
		d, _ := registry.Describe(sample.Experiment)
		switch {
		case sample.Metric == d.Headline:
			s.Width = estimate.Median(sample).Width()
		case sample.Metric == coldstart.ContentionProbe && sample.Rung().Loaded():
			s.Probed, s.Uncontended = len(sample.Trials), samples.Uncontended(sample)
		}
		states[sample.Cell] = s
	}
	return states
}

// TargetTrials is the minimum number of trials for judging a width. The interval
// of six trials is nearly their range and is too often narrow by chance.
const TargetTrials = 10

// Meets reports whether a cell needs no further trials: the wider side of its
// median's interval is at most target, as a part of the median.
//
// The cells that stop are those whose interval happens to be narrow, so that it
// covers less than what it would with a number of trials fixed before. By
// simulation of a look after every trial from TargetTrials to 60, the intervals
// of all cells together cover 95 % where 10 to 12 trials are enough and 91 to
// 95 % where more are; those of the cells that stop cover 91 to 95 % where nearly
// all do, and 82 to 90 % where most reach the budget first and luck alone makes
// the others narrow. Fewer looks, a second look that must agree and a stricter
// width were tried, and changed this by about a percent. The rule looks at the
// width alone and at no comparison, so that it favours no answer.
func (s State) Meets(target float64) bool { return s.Trials >= TargetTrials && s.Width <= target }

// Widest lists the cells that don't meet the target, the widest first. A cell
// without an interval comes before all others, and equals go by their names.
func Widest(states map[results.Cell]State, target float64) []results.Cell {
	open := slices.DeleteFunc(slices.Collect(maps.Keys(states)), func(c results.Cell) bool { return states[c].Meets(target) })
	slices.SortFunc(open, func(a, b results.Cell) int {
		return cmp.Or(cmp.Compare(states[b].Width, states[a].Width), cmp.Compare(a.String(), b.String()))
	})
	return open
}
