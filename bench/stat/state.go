package stat

import (
	"fmt"
	"math"

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

// CellKey names a cell in an experiment under conditions.
func CellKey(e results.Experiment, c results.Cell, conditions map[string]string) string {
	return cellKey(e, c, NewConditions(conditions))
}

func cellKey(e results.Experiment, c results.Cell, conditions Conditions) string {
	return fmt.Sprintf("%s %s %s", e, c, conditions)
}

// States gives the state of every cold start that has a record.
func States(p results.Plan, records []results.Record) map[string]State {
	states := map[string]State{}
	for _, r := range records {
		if r.Experiment != results.ColdStart {
			continue
		}
		key := CellKey(r.Experiment, r.Cell, r.Conditions)
		s := states[key]
		s.Width = math.Inf(1)
		switch {
		case r.Outcome != results.OK:
			s.Failed++
		case len(r.Disturbed) == 0:
			s.Undisturbed++
			fallthrough
		default:
			s.Trials++
		}
		states[key] = s
	}
	samples, _ := Group(Counted(p, records))
	for _, sample := range samples.All() {
		if sample.Key.Experiment != results.ColdStart {
			continue
		}
		key := cellKey(sample.Experiment, sample.Cell, sample.Conditions)
		s := states[key]
		switch {
		case sample.Metric == results.FirstResponse:
			s.Width = Width(estimateMedian(sample))
		case sample.Metric == results.Pace && sample.Cell.Rung.Ready():
			s.Paced, s.Full = len(sample.Trials), samples.full(sample)
		}
		states[key] = s
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
func Counted(p results.Plan, records []results.Record) []results.Record {
	planned, undisturbed := map[string]int{}, map[string]int{}
	for _, t := range p.Trials {
		if !t.Spare {
			planned[CellKey(t.Experiment, t.Cell, t.Conditions)]++
		}
	}
	for _, r := range records {
		if r.Outcome == results.OK && len(r.Disturbed) == 0 {
			undisturbed[CellKey(r.Experiment, r.Cell, r.Conditions)]++
		}
	}
	counted := make([]results.Record, 0, len(records))
	for _, r := range records {
		key := CellKey(r.Experiment, r.Cell, r.Conditions)
		if len(r.Disturbed) == 0 || undisturbed[key] < planned[key] || planned[key] == 0 {
			counted = append(counted, r)
		}
	}
	return counted
}
