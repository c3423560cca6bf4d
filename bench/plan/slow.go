package plan

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"edgebench/bench/experiment/registry"
	"edgebench/results"
)

// ErrNotTimed: the plan times no operation of a runner that is to be slowed.
var ErrNotTimed = errors.New("nothing of it is timed in this run, so nothing can be slowed")

// Slow lets a plan slow runners on purpose, each by its share. A runner without a
// timed operation is an error, since it could show no difference.
func Slow(p *results.Plan, shares map[string]float64) error {
	for _, runner := range slices.Sorted(maps.Keys(shares)) {
		if !results.Slowable(shares[runner]) {
			return fmt.Errorf("%s is to be slowed by %v, want a share up to %d", runner, shares[runner], results.MaxSlowed)
		}
		timed := slices.ContainsFunc(p.Specs, func(s results.Spec) bool {
			d, _ := registry.Describe(s.Experiment)
			return s.Runner == runner && d.Slowable
		})
		if !timed {
			return fmt.Errorf("slow %s: %w", runner, ErrNotTimed)
		}
	}
	p.Slowed = maps.Clone(shares)
	return nil
}
