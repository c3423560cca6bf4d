package diagnose

import (
	"math/rand/v2"
	"slices"

	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/numeric"

	"github.com/montanaflynn/stats"
)

// Tail is the origin of the slow trials of a sample. String gives the evidence as
// text.
type Tail struct {
	Origin   Origin
	Evidence Evidence
	// Trials have a figure of disturbance, and Slow of these are far slower.
	Trials, Slow int
	// P is the probability with which trials without a connection follow their
	// disturbance so closely; 0 where not tested.
	P float64
}

// Origin is where the slow trials of a sample come from.
type Origin string

// The origins.
const (
	// FromMachine: more disturbed trials are slower.
	FromMachine Origin = "the machine"
	// FromRuntime: undisturbed trials are slow too, as far as was watched.
	FromRuntime Origin = "the runtime"
	// FromUnknown: the evidence supports neither.
	FromUnknown Origin = "unknown"
)

// Evidence is what an origin rests on.
type Evidence string

// The evidence.
const (
	FewWatched         Evidence = "few_watched"
	FollowsDisturbance Evidence = "follows_disturbance"
	NotPositive        Evidence = "not_positive"
	NoTail             Evidence = "no_tail"
	SomeDisturbed      Evidence = "some_disturbed"
	SlowUndisturbed    Evidence = "slow_undisturbed"
)

// originLevel is the probability with which slow trials are blamed on the
// machine where they have nothing to do with it.
const originLevel = 0.01

// TailOrigin tells a tail that comes from the machine apart from one of the
// runtime. disturbance gives for each trial, by its Seq, how much of something that
// disturbs there was beside it: the share of stolen time, of work of others, of
// pressure; trials without one are left out.
//
// The test is of Kendall's tau between the medians of trials and their
// disturbance, one-sided and by permutation, so that ties (most trials may have
// no disturbance at all) only cost power.
func TailOrigin(s *stat.Sample, disturbance map[int]float64) Tail {
	var medians, shares []float64
	for _, t := range s.Trials {
		if share, known := disturbance[t.Seq]; known {
			medians, shares = append(medians, stat.Median(t.Values)), append(shares, share)
		}
	}
	t := Tail{Origin: FromUnknown, Trials: len(shares)}
	if t.Trials < findingTrials {
		t.Evidence = FewWatched
		return t
	}
	if t.P = concordanceTest(medians, shares); t.P <= originLevel {
		t.Origin, t.Evidence = FromMachine, FollowsDisturbance
		return t
	}
	if slices.Min(medians) <= 0 {
		t.Evidence = NotPositive
		return t
	}
	values := numeric.Logs(medians)
	_, slow := outlying(values, stat.MedianAbsoluteDeviation(values))
	if t.Slow = len(slow); t.Slow == 0 {
		t.Evidence = NoTail
		return t
	}
	var calm []float64
	for i, share := range shares {
		if !slices.Contains(slow, i) {
			calm = append(calm, share)
		}
	}
	for _, i := range slow {
		if shares[i] > stat.Median(calm) {
			t.Evidence = SomeDisturbed
			return t
		}
	}
	t.Origin, t.Evidence = FromRuntime, SlowUndisturbed
	return t
}

// concordanceTest gives the probability with which two lists in random order
// agree as much as these do.
func concordanceTest(a, b []float64) float64 {
	const draws = 5000
	random := rand.New(rand.NewPCG(uint64(len(a)), draws))
	observed := kendall(a, b)
	permuted := slices.Clone(b)
	reached := 1
	for range draws {
		random.Shuffle(len(permuted), func(i, j int) { permuted[i], permuted[j] = permuted[j], permuted[i] })
		if kendall(a, permuted) >= observed {
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
