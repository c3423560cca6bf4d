package estimate

import (
	"math"
	"slices"

	"edgebench/bench/experiment/registry"
	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/numeric"

	gonum "gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

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
	Warnings Warnings
}

// Width is how far the interval reaches to its wider side, as a part of the
// figure; infinite without an interval.
func (e Estimate) Width() float64 {
	if e.Interval == nil || !(e.Value > 0) {
		return math.Inf(1)
	}
	return max(e.Interval.High-e.Value, e.Value-e.Interval.Low) / e.Value
}

// Summary describes a sample.
type Summary struct {
	stat.Key
	Median Estimate
	// Minimum and Maximum of all values.
	Minimum, Maximum float64
	// Independent is the number of values after the design effect.
	Independent int
	// Percentiles are those that Independent supports.
	Percentiles []Percentile
	// Warnings are those of the percentiles; the median has its own.
	Warnings Warnings
}

// Summarise describes a sample that has at least one trial.
func Summarise(s *stat.Sample) Summary {
	pooled := s.Pooled()
	sum := Summary{
		Key:         s.Key,
		Median:      Median(s),
		Minimum:     pooled[0],
		Maximum:     pooled[len(pooled)-1],
		Independent: Independent(s),
	}
	sum.Percentiles, sum.Warnings = percentiles(s, pooled, sum.Independent)
	return sum
}

// Median gives the median of the trials' medians with its intervals. The sample has
// at least one trial.
func Median(s *stat.Sample) Estimate {
	medians := s.Medians()
	e := Estimate{Value: stat.Median(medians), Unit: s.Unit, Trials: len(s.Trials), Values: s.Count()}
	e.Check = quantileInterval(medians, len(medians), 0.5)
	switch {
	case counted(s.Metric) && constant(medians):
		e.Interval = &Interval{Low: e.Value, High: e.Value, Method: Exact}
	case e.Check == nil:
		e.Warnings = Warnings{fewTrials(e.Trials)}
	default:
		e.Interval = MedianInterval(medians)
	}
	return e
}

// counted says that a metric is counted and not measured: it has no noise.
func counted(metric string) bool {
	m, _ := registry.Metric(metric)
	return m.Counted
}

// constant says whether all values are equal.
func constant(values []float64) bool { return slices.Min(values) == slices.Max(values) }

// Independent is the number of independent values that the sample is worth at
// least, in nine cases of ten: its values divided by the design effect of the
// upper limit of their correlation. A single trial is worth one, since what it
// shares with its process can't be told from what it doesn't.
func Independent(s *stat.Sample) int {
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

// correlationLimit is the level of the upper limit of the correlation within
// trials. Its estimate itself is low by luck in some samples of few trials, and
// those would be the ones with percentiles: trials of two kinds show none of
// it when all of them happen to be of one.
const correlationLimit = 0.9

// withinCorrelation is the upper 90 % limit of the intraclass correlation of the
// ranks of the values (one-way analysis of variance), between 0 and 1. Ranks, since
// one outlier would otherwise decide. Values that are all equal count as fully
// correlated.
func withinCorrelation(s *stat.Sample) float64 {
	var all []float64
	for _, t := range s.Trials {
		all = append(all, t.Values...)
	}
	ranks := numeric.Ranks(all)
	n, trials := float64(len(ranks)), float64(len(s.Trials))
	var between, within, squares float64
	for _, t := range s.Trials {
		size := float64(len(t.Values))
		mean, variance := gonum.PopMeanVariance(ranks[:len(t.Values)], nil)
		ranks = ranks[len(t.Values):]
		between += size * (mean - (n+1)/2) * (mean - (n+1)/2)
		within += size * variance
		squares += size * size
	}
	if between+within == 0 {
		return 1
	}
	msb, msw := between/(trials-1), within/(n-trials)
	size := (n - squares/n) / (trials - 1)
	// The upper limit: as if the ratio of mean squares had come out low by luck.
	msw *= distuv.F{D1: trials - 1, D2: n - trials}.Quantile(1 - correlationLimit)
	return min(1, max(0, (msb-msw)/(msb+(size-1)*msw)))
}
