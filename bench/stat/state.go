package stat

import (
	"math"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/registry"
	"edgebench/results"
)

// State is how far a cell has come with what was measured of it so far.
type State struct {
	// Width is that of the interval of the median of first_response, to its
	// wider side and as a part of the median; infinite without an interval.
	Width float64
	// Trials are those that are OK, Undisturbed those of them that nothing
	// disturbed, Failed the others.
	Trials, Undisturbed, Failed int
	// Paced of those that count have waited for a full pace, Full ones met it.
	Paced, Full int
}

// States gives the state of every cell with adaptive trials that has a record.
func States(p results.Plan, trials []Trial) map[results.Cell]State {
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
	samples, _ := Group(Counted(p, trials))
	for _, sample := range samples.All() {
		s, ok := states[sample.Cell]
		if !ok {
			continue
		}
		d, _ := registry.Describe(sample.Experiment)
		switch {
		case sample.Metric == d.Headline:
			s.Width = Width(estimateMedian(sample))
		case sample.Metric == coldstart.ContentionProbe && sample.Rung().Loaded():
			s.Paced, s.Full = len(sample.Trials), samples.full(sample)
		}
		states[sample.Cell] = s
	}
	return states
}

// Width is how far an estimate's interval reaches to its wider side, as a part
// of the estimate; infinite without an interval.
func Width(e Estimate) float64 {
	if e.Interval == nil || !(e.Value > 0) {
		return math.Inf(1)
	}
	return max(e.Interval.High-e.Value, e.Value-e.Interval.Low) / e.Value
}

// Counted leaves out the disturbed trials of cells that have as many
// undisturbed ones as the plan has trials for them which are not spare. What
// is left out is chosen by what happened on the machine and never by a value,
// so that no estimate is drawn to where it would like to be; and a cell on a
// machine that is always disturbed keeps all it has.
func Counted(p results.Plan, trials []Trial) []Trial {
	planned, undisturbed := p.Planned(), map[results.Cell]int{}
	for _, t := range trials {
		if t.Outcome == results.OK && !t.Disturbed() {
			undisturbed[t.Cell]++
		}
	}
	counted := make([]Trial, 0, len(trials))
	for _, t := range trials {
		if !t.Disturbed() || undisturbed[t.Cell] < planned[t.Cell] || planned[t.Cell] == 0 {
			counted = append(counted, t)
		}
	}
	return counted
}
