package stat

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

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
		cell("done"): {Width: 0.01, Trials: 10}, cell("few"): {Width: 0.02, Trials: 6}, cell("wide"): {Width: 0.3, Trials: 10},
		cell("none"): {Width: math.Inf(1), Trials: 2}, cell("also-wide"): {Width: 0.3, Trials: 20},
	}
	if got := Widest(states, 0.05); !slices.Equal(got, []results.Cell{cell("none"), cell("also-wide"), cell("wide"), cell("few")}) {
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
		s := sampleOf("x", noisy(random, TargetTrials, 1, 0.07, 0)...)
		for {
			e := estimateMedian(s)
			if (State{Width: Width(e), Trials: len(s.Trials)}).Meets(0.05) {
				if e.Interval.Contains(1) {
					covered++
				}
				trials += len(s.Trials)
				break
			}
			s.Trials = append(s.Trials, Values{Seq: len(s.Trials), Values: noisy(random, 1, 1, 0.07, 0)[0]})
		}
	}
	if got := float64(covered) / runs; got < 0.90 || got > 0.97 {
		t.Errorf("the interval covers %.3f after %d trials on average", got, trials/runs)
	}
}
