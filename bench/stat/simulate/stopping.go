package main

import (
	"fmt"
	"math/rand/v2"

	"edgebench/bench/stat/diagnose"
	"edgebench/bench/stat/estimate"
)

// stopping is the effect of the stopping rule on coverage: a look after every
// trial from the rule's own number on, until the target or a budget is met.
func stopping(o options, _ []*cell) table {
	const target, budget = 0.05, 60
	t := table{
		title: fmt.Sprintf("Stopping when the interval is narrower than ± %.0f %% (%d to %d trials): coverage in %%, of all cells and of those that stopped.", 100*target, diagnose.TargetTrials, budget),
		head:  []string{"noise of trials' medians", "coverage", "of those that stopped", "stopped", "mean number of trials"},
	}
	runs := o.either(150, 2000)
	for _, spread := range []float64{0.03, 0.05, 0.07, 0.1, 0.15, 0.2} {
		for _, m := range []noise{
			{name: "log-normal", trial: func(r *rand.Rand, n int, _ float64) []float64 { return within(r, n, spread*r.NormFloat64(), 0) }},
			{name: "skewed", trial: func(r *rand.Rand, n int, _ float64) []float64 { return within(r, n, spread*r.ExpFloat64(), 0) }},
		} {
			r := rand.New(rand.NewPCG(o.seed, 5))
			want := m.truthOf(o, 1).median
			var covered, stopped, coveredStopped, trials int
			for range runs {
				s := m.sample(r, diagnose.TargetTrials, 1, 1)
				e := estimate.Summarise(s).Median
				for !meets(e, target) && len(s.Trials) < budget {
					s.Trials = append(s.Trials, m.sample(r, 1, 1, 1).Trials...)
					e = estimate.Summarise(s).Median
				}
				trials += len(s.Trials)
				right := e.Interval.Contains(want)
				if right {
					covered++
				}
				if meets(e, target) {
					stopped++
					if right {
						coveredStopped++
					}
				}
			}
			t.add(fmt.Sprintf("%s, %.0f %%", m.name, 100*spread), percent(covered, runs), percent(coveredStopped, stopped),
				percent(stopped, runs), fmt.Sprintf("%.1f", float64(trials)/float64(runs)))
		}
	}
	return t
}

func meets(e estimate.Estimate, target float64) bool {
	return diagnose.State{Width: e.Width(), Trials: e.Trials}.Meets(target)
}
