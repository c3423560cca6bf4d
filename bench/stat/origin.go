package stat

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/montanaflynn/stats"
)

// Origin says where the slow trials of a sample come from.
type Origin string

// The origins.
const (
	// FromMachine: trials are the slower the more they were disturbed.
	FromMachine Origin = "the machine"
	// FromRuntime: trials are slow that nothing disturbed, as far as was
	// watched.
	FromRuntime Origin = "the runtime"
	// FromUnknown: the evidence carries neither.
	FromUnknown Origin = "unknown"
)

// originLevel is the probability with which slow trials are blamed on the
// machine where they have nothing to do with it.
const originLevel = 0.01

// TailOrigin tells a tail that comes from the machine apart from one of the
// runtime, with the reason in one line. disturbance gives for each trial, by
// its Seq, how much of something that disturbs there was beside it: the share
// of stolen time, of work of others, of pressure; trials without one are left
// out.
//
// The test is of Kendall's tau between the medians of trials and their
// disturbance, one-sided and by permutation, so that ties (most trials may have
// no disturbance at all) cost power alone.
func TailOrigin(s *Sample, disturbance map[int]float64) (Origin, string) {
	var medians, shares []float64
	for _, t := range s.Trials {
		if share, known := disturbance[t.Seq]; known {
			medians, shares = append(medians, Median(t.Values)), append(shares, share)
		}
	}
	if len(shares) < findingTrials {
		return FromUnknown, fmt.Sprintf("need ≥ %d trials with a figure of disturbance, have %d", findingTrials, len(shares))
	}
	if p := concordanceTest(medians, shares); p <= originLevel {
		return FromMachine, fmt.Sprintf("trials are the slower the more they were disturbed (p = %.2g)", p)
	}
	if slices.Min(medians) <= 0 {
		return FromUnknown, "medians are not above zero"
	}
	values := logs(medians)
	_, slow := outlying(values, MedianAbsoluteDeviation(values))
	if len(slow) == 0 {
		return FromUnknown, "no trial is far slower than the others, and the slower ones are not the disturbed ones"
	}
	var calm []float64
	for i, share := range shares {
		if !slices.Contains(slow, i) {
			calm = append(calm, share)
		}
	}
	for _, i := range slow {
		if shares[i] > Median(calm) {
			return FromUnknown, "some of the slow trials were disturbed, but too few to tell"
		}
	}
	return FromRuntime, fmt.Sprintf("%d of %d trials are far slower though nothing disturbed them more than the others", len(slow), len(shares))
}

// concordanceTest gives the probability with which two lists in random order
// agree as much as these do.
func concordanceTest(a, b []float64) float64 {
	const draws = 5000
	random := rand.New(rand.NewPCG(uint64(len(a)), draws))
	observed := kendall(a, b)
	dealt := slices.Clone(b)
	reached := 1
	for range draws {
		random.Shuffle(len(dealt), func(i, j int) { dealt[i], dealt[j] = dealt[j], dealt[i] })
		if kendall(a, dealt) >= observed {
			reached++
		}
	}
	return float64(reached) / (draws + 1)
}

// kendall is Kendall's tau-b, which takes account of ties; gonum's does not. It is 0
// where one of the lists is constant.
func kendall(a, b []float64) float64 {
	tau, err := stats.KendallTau(a, b)
	if err != nil {
		return 0
	}
	return tau
}
