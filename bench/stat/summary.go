package stat

import (
	"fmt"
	"math"
	"slices"

	"edgebench/results"
)

// Method says how an interval was made.
type Method string

// The methods of intervals.
const (
	// Bootstrap resamples trials, and iterations within them.
	Bootstrap Method = "hierarchical bootstrap"
	// OrderStatistics are two of the trials' medians.
	OrderStatistics Method = "order statistics"
	// Exact is for what does not vary: all trials agree on a size.
	Exact Method = "exact"
	// TrialRange is no confidence interval: the least and the greatest that
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

// Estimate is one figure with what is known about its uncertainty.
type Estimate struct {
	Value float64
	Unit  string
	// Interval is nil where there are too few trials for one; a warning then
	// says how many it needs.
	Interval *Interval
	// Check is an interval by another method, where there is one.
	Check *Interval
	// Trials and Values are the numbers that the estimate rests on. For a
	// comparison they are those of the smaller side.
	Trials, Values int
	// Warnings say what limits the figure and what to do about it.
	Warnings []string
}

// Summary describes a sample.
type Summary struct {
	Key
	Median Estimate
	// Least and Greatest of all values.
	Least, Greatest float64
	// Independent is the number of values after the design effect.
	Independent int
	// Percentiles are those that Independent supports.
	Percentiles []Percentile
	// Warnings are those of the percentiles; the median has its own.
	Warnings []string
}

// Summarise describes a sample that has at least one trial.
func Summarise(s *Sample, o Options) Summary {
	pooled := s.Pooled()
	sum := Summary{
		Key:         s.Key,
		Median:      estimateMedian(s, o),
		Least:       pooled[0],
		Greatest:    pooled[len(pooled)-1],
		Independent: independent(s),
	}
	sum.Percentiles, sum.Warnings = percentiles(pooled, sum.Independent)
	return sum
}

// estimateMedian gives the median of the trials' medians with its intervals.
func estimateMedian(s *Sample, o Options) Estimate {
	medians := s.Medians()
	e := Estimate{Value: middle(medians), Unit: s.Unit, Trials: len(s.Trials), Values: s.Count()}
	least, greatest := medians[0], medians[len(medians)-1]
	switch e.Check = quantileInterval(medians, len(medians), 0.5); {
	case isCount(s.Metric) && least == greatest:
		e.Interval = &Interval{Low: least, High: greatest, Method: Exact}
	case e.Check == nil:
		e.Warnings = append(e.Warnings, needTrials(e.Trials))
	case o.Resamples == 0 || e.Trials > maxBootstrapTrials:
		e.Interval, e.Check = e.Check, nil
	default:
		e.Interval = percentileInterval(replicates(s, o))
		e.Warnings = append(e.Warnings, disagreement(e)...)
	}
	return e
}

// isCount says that a metric is counted and not measured: it has no noise.
func isCount(metric string) bool { return slices.Contains(results.Sizes(), metric) }

func needTrials(have int) string {
	return fmt.Sprintf("need ≥ %d trials, have %d: no interval; run more blocks", Need(0.5), have)
}

// disagreement warns where the two intervals differ so much that the choice of
// method matters: one is more than twice as wide as the other.
func disagreement(e Estimate) []string {
	a, b := e.Interval.High-e.Interval.Low, e.Check.High-e.Check.Low
	if wide, narrow := max(a, b), min(a, b); narrow*2 >= wide {
		return nil
	}
	return []string{"bootstrap and order-statistic intervals differ more than twofold in width: the trials fall into groups or have outliers; look at the raw values"}
}

// independent is the number of independent values that the sample is worth:
// its values divided by the design effect. A single trial is worth one, since
// what it shares with its process can't be told from what it doesn't.
func independent(s *Sample) int {
	trials, n := len(s.Trials), s.Count()
	if trials == n || trials == 1 {
		return trials
	}
	squares := 0.0
	for _, t := range s.Trials {
		squares += float64(len(t.Values)) * float64(len(t.Values))
	}
	m := squares / float64(n) // the mean size of a trial, as met by a value
	worth := float64(n) / (1 + (m-1)*withinCorrelation(s))
	return max(trials, int(math.Floor(worth)))
}

// withinCorrelation is the intraclass correlation of the ranks of the values
// (one-way analysis of variance), between 0 and 1. Ranks, since one outlier
// would otherwise decide. Values that are all equal count as fully correlated.
func withinCorrelation(s *Sample) float64 {
	pooled := s.Pooled()
	n, trials := float64(len(pooled)), float64(len(s.Trials))
	mean := (n + 1) / 2
	var between, within, squares float64
	for _, t := range s.Trials {
		size, sum, sumSquares := float64(len(t.Values)), 0.0, 0.0
		for _, v := range t.Values {
			r := rank(pooled, v)
			sum += r
			sumSquares += r * r
		}
		between += size * (sum/size - mean) * (sum/size - mean)
		within += sumSquares - sum*sum/size
		squares += size * size
	}
	if between+within == 0 {
		return 1
	}
	msb, msw := between/(trials-1), within/(n-trials)
	size := (n - squares/n) / (trials - 1)
	return min(1, max(0, (msb-msw)/(msb+(size-1)*msw)))
}

// rank is the mean rank, from 1, of all values of the ascending list that
// equal v.
func rank(sorted []float64, v float64) float64 {
	first, _ := slices.BinarySearch(sorted, v)
	after, _ := slices.BinarySearchFunc(sorted, v, func(e, v float64) int {
		if e <= v {
			return -1
		}
		return 1
	})
	return float64(first+1+after) / 2
}
