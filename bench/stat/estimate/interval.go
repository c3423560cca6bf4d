package estimate

import (
	"math"
	"slices"

	"edgebench/bench/stat"

	"gonum.org/v1/gonum/stat/distuv"
)

// Confidence is the level of all intervals.
const Confidence = 0.95

// Method says how an interval was made.
type Method string

// The methods of intervals.
const (
	// Interpolated lies between order statistics of the trials' medians, at
	// the depth where its level is 95 % and not the next one that n allows.
	Interpolated Method = "interpolated order statistics"
	// OrderStatistics are two of the trials' medians, or two of the values.
	OrderStatistics Method = "order statistics"
	// Woodruff inverts an interval of the share of values below a percentile.
	Woodruff Method = "Woodruff's, over trials"
	// Recovered combines the intervals of two medians to one of their ratio.
	Recovered Method = "recovered from both sides' intervals"
	// Score holds what the bounded scores of cells don't contradict.
	Score Method = "scores of cells"
	// Exact is for what does not vary: all trials agree on a size.
	Exact Method = "exact"
	// TrialRange is no confidence interval: the minimum and the maximum that
	// any one trial gave.
	TrialRange Method = "range over trials"
)

// Interval is a two-sided 95 % interval, both ends included, unless its method
// says otherwise.
type Interval struct {
	Low, High float64
	Method    Method
}

// Contains says whether v lies in the interval.
func (i Interval) Contains(v float64) bool { return i.Low <= v && v <= i.High }

// MedianInterval is that of Hettmansperger and Sheather (1986) for the median
// of what the values were drawn from; nil below stat.MinTrials values.
//
// Between the d-th smallest and the d-th greatest of n values lies the median
// with a probability γ(d) that is binomial and jumps from d to d + 1, at n = 8
// from 99.2 % to 93.0 %. Both ends are interpolated between the two depths
// that enclose 95 %. The weights are those that are exact for a symmetric
// exponential distribution; for others they err by less than a percent
// (Nyblom, Note on interpolated order statistics, 1992).
func MedianInterval(values []float64) *Interval {
	n := len(values)
	if n < stat.MinTrials {
		return nil
	}
	sorted := slices.Sorted(slices.Values(values))
	half := distuv.Binomial{N: float64(n), P: 0.5}
	level := func(depth int) float64 { return 1 - 2*half.CDF(float64(depth-1)) }
	// The normal approximation, and from there to the exact depth.
	d := max(1, n/2-int(math.Sqrt(float64(n)))-2)
	for level(d+1) >= Confidence {
		d++
	}
	outer, inner := level(d), level(d+1)
	share := (outer - Confidence) / (outer - inner)
	inward := float64(n-d) * share / (float64(d) + float64(n-2*d)*share)
	between := func(outer, inner float64) float64 { return outer + inward*(inner-outer) }
	return &Interval{
		Low:    between(sorted[d-1], sorted[d]),
		High:   between(sorted[n-d], sorted[n-d-1]),
		Method: Interpolated,
	}
}
