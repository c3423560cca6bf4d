package estimate

import (
	"fmt"
	"math"
	"slices"

	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/numeric"
)

// Quantiles are those that a summary gives where n supports them.
func Quantiles() []float64 { return []float64{0.5, 0.9, 0.95, 0.99, 0.999} }

// Need is the smallest number of independent values for which both ends of the
// two-sided 95 % order-statistic interval of quantile q lie within the sample:
// 6 for the median, 39 for p90, 76 for p95, 441 for p99, 4394 for p99.9. The
// interval is that of benchstat (see orderStatistics): of the binomial
// distribution up to n = 30, and of its normal approximation with continuity
// correction above. The exact binomial would ask for a few less
// (36, 72, 368, 3688): what is printed here is supported by both.
// It is 0 for a quantile that is not one of Quantiles.
func Need(q float64) int {
	i := slices.Index(Quantiles(), q)
	if i < 0 {
		return 0
	}
	return []int{stat.MinTrials, 39, 76, 441, 4394}[i]
}

// supports says whether n independent values carry quantile q.
func supports(n int, q float64) bool { return n >= Need(q) && Need(q) > 0 }

// Percentile is a quantile of a sample.
type Percentile struct {
	Q     float64
	Value float64
	// Interval is nil where none is known.
	Interval *Interval
}

// Name gives the usual name, e.g. "p99.9".
func (p Percentile) Name() string { return fmt.Sprintf("p%.4g", p.Q*100) }

// percentiles returns those quantiles of a sample that its n independent values
// support, and a warning that says what the next one needs. The ascending
// values of all trials are given.
func percentiles(s *stat.Sample, sorted []float64, n int) ([]Percentile, Warnings) {
	var list []Percentile
	for _, q := range Quantiles() {
		if !supports(n, q) {
			return list, Warnings{{Code: FewIndependent, Need: Need(q), Have: n, Q: q}}
		}
		p := Percentile{Q: q, Value: stat.Quantile(sorted, q)}
		if trials := len(s.Trials); trials >= woodruffTrials && trials < len(sorted) {
			p.Interval = woodruff(s, sorted, q)
		} else {
			p.Interval = quantileInterval(sorted, n, q)
		}
		list = append(list, p)
	}
	return list, nil
}

// woodruffTrials is the number of trials from which on Woodruff's interval
// covers what it promises; with fewer the order statistics of the independent
// values stand, which err on the wide side.
const woodruffTrials = 10

// woodruff is the interval of Woodruff (Confidence intervals for medians and
// other position measures, 1952) for values in clusters: that of the share of
// values below the quantile, with trials as units and with Student's
// distribution, read back from the values. The share is never taken for more
// certain than that of independent values, since counts of few iterations can
// agree by chance.
func woodruff(s *stat.Sample, sorted []float64, q float64) *Interval {
	value, n, trials := stat.Quantile(sorted, q), float64(len(sorted)), float64(len(s.Trials))
	squares := 0.0
	for _, t := range s.Trials {
		below := 0.0
		for _, v := range t.Values {
			if v <= value {
				below++
			}
		}
		d := below - q*float64(len(t.Values))
		squares += d * d
	}
	variance := max(trials/(trials-1)*squares/(n*n), q*(1-q)/n)
	reach := numeric.StudentT(trials-1, 1-(1-Confidence)/2) * math.Sqrt(variance)
	return &Interval{Low: stat.Quantile(sorted, max(0, q-reach)), High: stat.Quantile(sorted, min(1, q+reach)), Method: Woodruff}
}
