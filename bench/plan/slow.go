package plan

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"edgebench/results"
)

// ErrNotTimed: a runner is to be slowed of which the plan times nothing.
var ErrNotTimed = errors.New("nothing of it is timed in this run, so nothing can be slowed")

// Slow lets a plan slow runners on purpose, each by its share. A runner without
// a cold start or a throughput trial is refused: who asked for it would look for
// a difference that can't be there.
func Slow(p *results.Plan, shares map[string]float64) error {
	for _, runner := range slices.Sorted(maps.Keys(shares)) {
		if !results.Slowable(shares[runner]) {
			return fmt.Errorf("%s is to be slowed by %v, want a share up to %d", runner, shares[runner], results.MaxSlowed)
		}
		timed := slices.ContainsFunc(p.Trials, func(t results.Trial) bool {
			return t.Cell.Runner == runner && (t.Experiment == results.ColdStart || t.Experiment == results.Throughput)
		})
		if !timed {
			return fmt.Errorf("slow %s: %w", runner, ErrNotTimed)
		}
	}
	p.Slowed = maps.Clone(shares)
	return nil
}
