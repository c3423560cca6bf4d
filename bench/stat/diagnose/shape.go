package diagnose

import (
	"math"
	"slices"

	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/bench/stat/internal/numeric"

	"gonum.org/v1/gonum/floats"
)

// bimodalTrials says whether the medians of trials fall into two groups, as
// they do where the place in memory or the processor's core falls to each process
// by chance.
func bimodalTrials(s *stat.Sample) *Finding {
	medians := s.Medians()
	at := twoGroups(numeric.Logs(medians), len(medians))
	if at == 0 {
		return nil
	}
	f := &Finding{Kind: Bimodal, Scope: Trials, Count: at, Total: len(medians),
		Low: stat.Median(medians[:at]), High: stat.Median(medians[at:]), Unit: s.Unit}
	for _, t := range s.Trials {
		if stat.Median(t.Values) >= medians[at] {
			f.Seqs = append(f.Seqs, t.Seq)
		}
	}
	return f
}

// bimodalIterations says whether iterations do so, over logarithms without the
// warm-up.
func bimodalIterations(s *stat.Sample, trials [][]float64) *Finding {
	if !long(trials, 0) {
		return nil
	}
	values := slices.Sorted(slices.Values(slices.Concat(trials...)))
	at := twoGroups(values, estimate.Independent(s))
	if at == 0 {
		return nil
	}
	return &Finding{Kind: Bimodal, Scope: Iterations, Count: at, Total: len(values),
		Low: math.Exp(stat.Median(values[:at])), High: math.Exp(stat.Median(values[at:])), Unit: s.Unit}
}

// minGroup is the part of the values that a group holds at least. Less is a
// tail.
const minGroup = 0.2

// twoGroups returns how many of the ascending values, which are worth n
// independent ones, belong to the lower of two groups; 0 where they form one.
//
// The best split in two explains 64 % of the variance of a normal distribution
// and 75 % of a uniform one, which is the hardest of those with one mode to
// tell from two (as in Hartigan's dip test, 1985). Two groups must explain more
// than n uniform values do in all but falseFinding of cases: by simulation less
// than 0.75 + 0.78/√n from n = 12 on, and 0.995 for any n from 6.
func twoGroups(sorted []float64, n int) int {
	size := max(2, int(math.Ceil(minGroup*float64(len(sorted)))))
	values := centred(sorted)
	total := floats.Dot(values, values)
	sum, best, at := 0.0, 0.0, 0
	for i, v := range values[:max(0, len(values)-size)] {
		sum += v
		below := float64(i + 1)
		if between := sum*sum/below + sum*sum/(float64(len(values))-below); i+1 >= size && between > best {
			best, at = between, i+1
		}
	}
	if total < numeric.Negligible || best/total <= min(0.995, 0.75+0.78/math.Sqrt(float64(n))) {
		return 0
	}
	return at
}

// farOut lists, by number of values, how many median absolute deviations from
// the median the farthest of normal values lies in falseFinding of cases, by
// simulation. The few that the deviation of few values rests on make it large.
var farOut = []struct {
	n     int
	times float64
}{{6, 33}, {8, 23}, {10, 18}, {12, 15}, {15, 14}, {20, 11}, {30, 9.5}, {60, 8}, {100, 7.6}, {10000, 8.3}, {1000000, 9.3}}

// outlying returns the indices of values that lie too far from the median,
// downwards and upwards, where spread is their median absolute deviation.
func outlying(values []float64, spread float64) (low, high []int) {
	limit := math.Inf(1)
	for _, f := range farOut {
		if len(values) >= f.n {
			limit = f.times
		}
	}
	centre, reach := stat.Median(values), limit*spread
	if reach < numeric.Negligible || math.IsInf(reach, 0) { // most are equal: far is not defined
		return nil, nil
	}
	for i, v := range values {
		switch {
		case v < centre-reach:
			low = append(low, i)
		case v > centre+reach:
			high = append(high, i)
		}
	}
	return low, high
}

func outlyingTrials(s *stat.Sample) *Finding {
	values := make([]float64, len(s.Trials))
	for i, t := range s.Trials {
		values[i] = math.Log(stat.Median(t.Values))
	}
	low, high := outlying(values, stat.MedianAbsoluteDeviation(values))
	f := outliers(Trials, values, low, high)
	if f == nil {
		return nil
	}
	for _, i := range slices.Sorted(slices.Values(slices.Concat(low, high))) {
		f.Seqs = append(f.Seqs, s.Trials[i].Seq)
	}
	return f
}

// outlyingIterations looks at iterations by how far they lie from the median of
// their own trial, over logarithms without the warm-up. The one or two in the
// middle of a trial lie close to it by construction, so the spread is that of
// the others.
func outlyingIterations(trials [][]float64) *Finding {
	if !long(trials, 0) {
		return nil
	}
	var values, others []float64
	for _, t := range trials {
		rest := centredAt(slices.Sorted(slices.Values(t)), stat.Median(t))
		values = append(values, rest...)
		others = append(others, rest[:(len(rest)-1)/2]...)
		others = append(others, rest[len(rest)/2+1:]...)
	}
	low, high := outlying(values, stat.MedianAbsoluteDeviation(others))
	return outliers(Iterations, values, low, high)
}

// outliers says how far those of logarithms lie from the median; nil where there
// are none.
func outliers(scope Scope, values []float64, low, high []int) *Finding {
	if len(low)+len(high) == 0 {
		return nil
	}
	f := &Finding{Kind: Outliers, Scope: scope, Count: len(low) + len(high), Total: len(values)}
	centre := stat.Median(values)
	if len(low) > 0 {
		f.Low = math.Exp(slices.Min(values) - centre)
	}
	if len(high) > 0 {
		f.High = math.Exp(slices.Max(values) - centre)
	}
	return f
}
