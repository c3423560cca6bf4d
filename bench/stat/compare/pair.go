package compare

import (
	"slices"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/bench/stat/internal/numeric"
	"edgebench/results"

	"gonum.org/v1/gonum/floats"
)

// Pair is what is compared: two samples of one unit, each with a trial at least.
type Pair struct{ Old, New *stat.Sample }

// mostlyDisturbed says whether more than half of the trials of a side were.
func (p Pair) mostlyDisturbed() bool {
	return 2*p.Old.Disturbed() > len(p.Old.Trials) || 2*p.New.Disturbed() > len(p.New.Trials)
}

// isTiming says whether a slower or faster machine moves the pair.
func (p Pair) isTiming() bool {
	return p.New.Unit == results.Seconds || p.New.Unit == results.RequestsPerSecond
}

// isMinimum says whether a pair is of the minima of trials.
func (p Pair) isMinimum() bool { return p.New.Metric == coldstart.Minimum }

// isUncontended says whether a pair is of the minima of trials that waited for an
// uncontended core and met it, on both sides.
func (p Pair) isUncontended() bool { return p.isMinimum() && p.Old.Uncontended && p.New.Uncontended }

// Comparison is the answer to whether a pair differs.
type Comparison struct {
	Pair
	// Ratio of new to old, with its own 95 % interval.
	Ratio estimate.Estimate
	// Superiority of new over old: the probability that a trial of it gives a
	// greater median, ties counting half.
	Superiority float64
	// P is the chance that a difference as clear as this one, or a clearer one,
	// shows anywhere in the family where nothing differs. It is 1 for a pair
	// that can't be tested.
	P float64
	// Detectable is the ratio above 1 that would be found in 95 % of cases with
	// this number of trials, their noise and this family; 0 where not tested.
	Detectable float64
	Verdict    Verdict
	Reason     Reason
}

// judge decides by P and by what is left of the ratio when a common-mode ratio is
// taken out.
func (x *Comparison) judge(c Criteria, common float64) {
	j := judged{p: x.P, detectable: x.Detectable, exact: x.Ratio.Interval.Method == estimate.Exact, disturbed: x.mostlyDisturbed()}
	j.low, j.value, j.high = x.slowness(common)
	x.Verdict, x.Reason = c.judge(j)
}

// judgeAgain withdraws a verdict that does not hold after the run's common-mode
// ratio is taken out; p is the p-value of that test.
func (x *Comparison) judgeAgain(c Criteria, common, p float64) {
	first, reason := x.Verdict, x.Reason
	x.P = max(x.P, p)
	if x.judge(c, common); x.Verdict == first {
		x.Reason = reason
		return
	}
	x.Verdict, x.Reason = Undecided, Reason{Code: AllMoved, Moved: common}
}

// slowness gives the ratio's interval and value, divided by the expected ratio
// and turned so that above 1 is worse.
func (x *Comparison) slowness(common float64) (low, value, high float64) {
	expected := x.expected(common)
	low, value, high = x.Ratio.Interval.Low/expected, x.Ratio.Value/expected, x.Ratio.Interval.High/expected
	if x.New.Unit == results.RequestsPerSecond {
		return 1 / high, 1 / value, 1 / low
	}
	return low, value, high
}

// expected is the ratio that a common-mode ratio of all timings makes one expect:
// of a time itself, of a rate its inverse, of anything else 1.
func (x *Comparison) expected(common float64) float64 {
	switch x.New.Unit {
	case results.Seconds:
		return common
	case results.RequestsPerSecond:
		return 1 / common
	}
	return 1
}

// superiority of b over a, neither of which is empty: the statistic of Mann and
// Whitney as a share of all pairs. It looks at ranks alone, so that no outlier moves
// it.
func superiority(a, b []float64) float64 {
	m, n := float64(len(a)), float64(len(b))
	// The sum of ranks of b less what it would be among its own alone.
	wins := floats.Sum(numeric.Ranks(slices.Concat(a, b))[len(a):]) - n*(n+1)/2
	return wins / (m * n)
}
