package bench

import (
	"fmt"
	"strings"

	"edgebench/results"
)

// announce says before the first trial what a plan takes: its trials, by experiment,
// and the time that they may take.
func announce(p results.Plan) string {
	var names []results.Experiment
	trials := map[results.Experiment]int{}
	planned, adaptive := 0, 0
	for _, s := range p.Specs {
		if trials[s.Experiment] == 0 {
			names = append(names, s.Experiment)
		}
		trials[s.Experiment] += s.Trials
		planned += s.Trials
		adaptive += s.MaxAdaptive
	}
	parts := make([]string, len(names))
	for i, name := range names {
		parts[i] = fmt.Sprintf("%s %d", name, trials[name])
	}
	within := p.Budget.String()
	if len(owed(&p, p.Trials())) > 0 {
		within += ", or until each program has answered in each system"
	}
	text := fmt.Sprintf("%d trials of %d cells in at most %s: %s", planned, len(p.Specs), within, strings.Join(parts, ", "))
	if adaptive > 0 && p.Target > 0 {
		text += fmt.Sprintf("; in what is left of the time up to %d more, where intervals are wider than ±%.3g %%", adaptive, p.Target*100)
	}
	return text
}
