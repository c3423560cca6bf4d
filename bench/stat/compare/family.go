package compare

import (
	"math"

	"edgebench/bench/stat/estimate"
)

// Family is a set of comparisons that are made together.
type Family struct {
	// Comparisons stand in the order of their pairs.
	Comparisons []Comparison
	// CommonMode is the ratio of new to old that all timings but the minima of trials
	// share; without an interval where there are too few to tell.
	CommonMode estimate.Estimate

	common commonModes
}

// Compare compares pairs as one family.
//
// The test is of the logarithms of trials' medians, by permutation of Welch's
// statistic: chance assigns trials, and not iterations, to the two sides. It is
// corrected for the family in Holm's steps (see adjusted), which controls the
// chance of any false alarm at Level without any assumption on the distribution
// of noise. A pair is called slower when the test, its ratio's own 95 % interval
// and the band all say so; it is the same when that interval lies within the
// band.
//
// Trials of one run share its conditions, which more trials do not average out.
// If most timings of the family moved together, a pair must therefore differ both
// with and without that common-mode ratio (see commonModes).
func Compare(pairs []Pair, c Criteria) Family {
	f := Family{Comparisons: make([]Comparison, len(pairs))}
	var tested []*Comparison
	for i, p := range pairs {
		x := &f.Comparisons[i]
		*x = Comparison{Pair: p, P: 1, Verdict: Undecided, Superiority: superiority(p.Old.Medians(), p.New.Medians())}
		ratio, err := estimate.Ratio(p.New, p.Old)
		if x.Ratio = ratio; err != nil {
			x.Reason = Reason{Code: NoRatio, Detail: err.Error()}
			continue
		}
		switch {
		case ratio.Interval == nil:
			x.Reason = Reason{Code: NoInterval, Warning: ratio.Warnings[0]}
		case ratio.Interval.Method == estimate.Exact:
			x.judge(c, 1)
		default:
			tested = append(tested, x)
		}
	}
	f.common = newCommonModes(tested)
	f.CommonMode = f.common.timings
	f.judge(tested, c)
	return f
}

// judge tests and decides comparisons that have an interval.
func (f Family) judge(tested []*Comparison, c Criteria) {
	test := func(common func(*Comparison) float64) []float64 {
		all := make([]sides, len(tested))
		for i, x := range tested {
			all[i] = newSides(x.Pair, math.Log(x.expected(common(x))))
			x.Detectable = all[i].detectable(c.Level / float64(len(tested)))
		}
		return adjusted(all, c.Seed)
	}
	for i, p := range test(func(*Comparison) float64 { return 1 }) {
		tested[i].P = p
		tested[i].judge(c, 1)
	}
	if c.OneRun || !f.common.anyMoved() {
		return
	}
	for i, p := range test(f.common.of) {
		if common := f.common.of(tested[i]); common != 1 {
			tested[i].judgeAgain(c, common, p)
		}
	}
}
