package diagnose

import (
	"edgebench/bench/stat"
	"edgebench/results"
)

// Retained leaves out the disturbed trials of cells that have as many
// undisturbed ones as the plan has trials for them which are not adaptive. What
// is left out is chosen by what happened on the machine and never by a value,
// so that no estimate is drawn to where it would like to be; and a cell on a
// machine that is always disturbed keeps all it has.
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
