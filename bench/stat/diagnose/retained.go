package diagnose

import (
	"edgebench/bench/stat"
	"edgebench/results"
)

// Retained excludes the disturbed trials of a cell if it has at least as many
// undisturbed trials as the plan has non-adaptive ones. The choice depends on the
// activity of the machine and never on a value, so that it biases no estimate. A
// cell on a machine that is always disturbed keeps all its trials.
func Retained(p results.Plan, trials []stat.Trial) []stat.Trial {
	planned, undisturbed := p.Planned(), map[results.Cell]int{}
	for _, t := range trials {
		if t.Outcome == results.OK && !t.Disturbed() {
			undisturbed[t.Cell]++
		}
	}
	retained := make([]stat.Trial, 0, len(trials))
	for _, t := range trials {
		if !t.Disturbed() || undisturbed[t.Cell] < planned[t.Cell] || planned[t.Cell] == 0 {
			retained = append(retained, t)
		}
	}
	return retained
}
