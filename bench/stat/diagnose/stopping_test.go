package diagnose

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/bench/stat/internal/stattest"
	"edgebench/results"
)

func TestMeets(t *testing.T) {
	for s, want := range map[State]bool{
		{Width: 0.04, Trials: 10}:       true,
		{Width: 0.05, Trials: 12}:       true,
		{Width: 0.06, Trials: 40}:       false,
		{Width: 0.01, Trials: 9}:        false,
		{Width: math.Inf(1), Trials: 3}: false,
	} {
		if got := s.Meets(0.05); got != want {
			t.Errorf("%+v meets the target: %v", s, got)
		}
	}
}

func TestWidest(t *testing.T) {
	states := map[results.Cell]State{
		stattest.Cell("done"): {Width: 0.01, Trials: 10}, stattest.Cell("few"): {Width: 0.02, Trials: 6}, stattest.Cell("wide"): {Width: 0.3, Trials: 10},
		stattest.Cell("none"): {Width: math.Inf(1), Trials: 2}, stattest.Cell("also-wide"): {Width: 0.3, Trials: 20},
	}
	if got := Widest(states, 0.05); !slices.Equal(got, []results.Cell{stattest.Cell("none"), stattest.Cell("also-wide"), stattest.Cell("wide"), stattest.Cell("few")}) {
		t.Errorf("got %v", got)
	}
}

// A cell that stops as soon as it meets the target has an interval that covers
// nearly what it promises.
func TestCoverageAfterStopping(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 1))
	const runs = 600
	covered, trials := 0, 0
	for range runs {
		s := stattest.Sample("x", stattest.Noisy(random, TargetTrials, 1, 0.07, 0)...)
		for {
			e := estimate.Median(s)
			if (State{Width: e.Width(), Trials: len(s.Trials)}).Meets(0.05) {
				if e.Interval.Contains(1) {
					covered++
				}
				trials += len(s.Trials)
				break
			}
			s.Trials = append(s.Trials, stat.Values{Seq: len(s.Trials), Values: stattest.Noisy(random, 1, 1, 0.07, 0)[0]})
		}
	}
	if got := float64(covered) / runs; got < 0.90 || got > 0.97 {
		t.Errorf("the interval covers %.3f after %d trials on average", got, trials/runs)
	}
}
