package stat

import (
	"fmt"
	"math"
	"slices"
)

// groupsOfTrials says whether the medians of trials fall into two groups, as
// they do where the place in memory or the processor's core is dealt out by
// chance to each process.
func groupsOfTrials(s *Sample) *Finding {
	medians := s.Medians()
	at := twoGroups(logs(medians), len(medians))
	if at == 0 {
		return nil
	}
	f := &Finding{Kind: Groups, Text: fmt.Sprintf("trials fall into two groups: %d around %.3g %s and %d around %.3g",
		at, Median(medians[:at]), s.Unit, len(medians)-at, Median(medians[at:]))}
	for _, t := range s.Trials {
		if Median(t.Values) >= medians[at] {
			f.Seqs = append(f.Seqs, t.Seq)
		}
	}
	return f
}

// groupsOfIterations says whether iterations do so, over logarithms without the
// warm-up.
func groupsOfIterations(s *Sample, trials [][]float64) *Finding {
	if !long(trials, 0) {
		return nil
	}
	values := slices.Sorted(slices.Values(slices.Concat(trials...)))
	at := twoGroups(values, independent(s))
	if at == 0 {
		return nil
	}
	share := 100 * float64(at) / float64(len(values))
	return &Finding{Kind: Groups, Text: fmt.Sprintf("iterations fall into two groups: %.0f %% around %.3g %s and %.0f %% around %.3g",
		share, math.Exp(Median(values[:at])), s.Unit, 100-share, math.Exp(Median(values[at:])))}
}

// leastGroup is the part of the values that a group holds at least. Less is a
// tail.
const leastGroup = 0.2

// twoGroups returns how many of the ascending values, which are worth n
// independent ones, belong to the lower of two groups; 0 where they form one.
//
// The best split in two explains 64 % of the variance of a normal distribution
// and 75 % of a uniform one, which is the hardest of those with one mode to
// tell from two (as in Hartigan's dip test, 1985). Two groups must explain more
// than n uniform values do in all but FalseFinding of cases: by simulation less
// than 0.75 + 0.78/√n from n = 12 on, and 0.995 for any n from 6.
func twoGroups(sorted []float64, n int) int {
	least := max(2, int(math.Ceil(leastGroup*float64(len(sorted)))))
	values := centred(sorted)
	total := 0.0
	for _, v := range values {
		total += v * v
	}
	sum, best, at := 0.0, 0.0, 0
	for i, v := range values[:max(0, len(values)-least)] {
		sum += v
		below := float64(i + 1)
		if between := sum*sum/below + sum*sum/(float64(len(values))-below); i+1 >= least && between > best {
			best, at = between, i+1
		}
	}
	if total < negligible || best/total <= min(0.995, 0.75+0.78/math.Sqrt(float64(n))) {
		return 0
	}
	return at
}

// farOut lists, by number of values, how many median absolute deviations from
// the median the farthest of normal values lies in FalseFinding of cases, by
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
	centre, reach := Median(values), limit*spread
	if reach < negligible || math.IsInf(reach, 0) { // most are equal: far is not defined
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

func outlyingTrials(s *Sample) *Finding {
	values := make([]float64, len(s.Trials))
	for i, t := range s.Trials {
		values[i] = math.Log(Median(t.Values))
	}
	low, high := outlying(values, MedianAbsoluteDeviation(values))
	if len(low)+len(high) == 0 {
		return nil
	}
	f := &Finding{Kind: Outliers, Text: fmt.Sprintf("%d of %d trials lie far from the others: %s", len(low)+len(high), len(values), farthest(values, low, high))}
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
		rest := centredAt(slices.Sorted(slices.Values(t)), Median(t))
		values = append(values, rest...)
		others = append(others, rest[:(len(rest)-1)/2]...)
		others = append(others, rest[len(rest)/2+1:]...)
	}
	low, high := outlying(values, MedianAbsoluteDeviation(others))
	if len(low)+len(high) == 0 {
		return nil
	}
	return &Finding{Kind: Outliers, Text: fmt.Sprintf("%d of %d iterations lie far from the others of their trial: %s",
		len(low)+len(high), len(values), farthest(values, low, high))}
}

// farthest says how far the outliers of logarithms lie from the median.
func farthest(values []float64, low, high []int) string {
	centre := Median(values)
	least, greatest := slices.Min(values), slices.Max(values)
	switch {
	case len(low) == 0:
		return fmt.Sprintf("up to %.3g times the median", math.Exp(greatest-centre))
	case len(high) == 0:
		return fmt.Sprintf("down to %.3g times the median", math.Exp(least-centre))
	}
	return fmt.Sprintf("%.3g to %.3g times the median", math.Exp(least-centre), math.Exp(greatest-centre))
}
