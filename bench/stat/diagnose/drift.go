package diagnose

import (
	"cmp"
	"math"
	"slices"

	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/results"
)

// RunDrift looks for drift and steps of the run, which show changes of the
// machine. The trials of all cells form one time series in the order in which
// they ran. Its values are the distances of each trial's median from its cell's
// median. A single cell has too few trials to show most changes. Samples that are
// neither times nor rates are left out.
func RunDrift(samples []*stat.Sample) []Finding {
	series := residuals(samples)
	values := make([]float64, len(series))
	for i, d := range series {
		values[i] = d.value
	}
	n := len(values)
	if n < 2*runSegment {
		return nil
	}
	found, drifts := clearest(values, runLags(n), runLevel)
	switch {
	case found == nil:
		return nil
	case drifts:
		return []Finding{{Kind: Drift, Scope: Run, Ratio: lastToFirst(values)}}
	}
	var list []Finding
	ats := append(steps(values, 0), n)
	before := 0
	for i, at := range ats[:len(ats)-1] {
		change := stat.Median(values[at:ats[i+1]]) - stat.Median(values[before:at])
		list = append(list, Finding{Kind: Step, Scope: Run, Seqs: []int{series[at].seq}, Ratio: math.Exp(change)})
		before = at
	}
	return list
}

// driftOfTrials looks for a drift or a step over a cell's trials.
func driftOfTrials(s *stat.Sample) *Finding {
	series := make([]float64, len(s.Trials))
	for i, t := range s.Trials {
		series[i] = math.Log(stat.Median(t.Values))
	}
	found, drifts := clearest(series, 0, falseFinding)
	switch {
	case found == nil:
		return nil
	case drifts:
		return &Finding{Kind: Drift, Scope: Trials, Ratio: lastToFirst(series)}
	}
	change := stat.Median(series[found.at:]) - stat.Median(series[:found.at])
	return &Finding{Kind: Step, Scope: Trials, Seqs: []int{s.Trials[found.at].Seq}, Ratio: math.Exp(change)}
}

// lastToFirst is the ratio of the last to the first value of a series of
// logarithms, by the line through all.
func lastToFirst(series []float64) float64 {
	slope, _ := estimate.TheilSen(positions(len(series)), series)
	return math.Exp(slope * float64(len(series)-1))
}

// runLevel compensates for estimating the variance of a series from the series
// itself: by simulation, RunDrift finds something in five of a thousand runs
// where nothing happens.
const runLevel = falseFinding / 10

// runSegment is the minimum number of trials between two steps of a run.
const runSegment = 30

// runLags is how many trials in a row may share a moment of the machine.
func runLags(n int) int { return int(2 * math.Cbrt(float64(n))) }

// residual is how far a trial's median lies from its cell's, by logarithms,
// upwards for slower.
type residual struct {
	seq   int
	value float64
}

func residuals(samples []*stat.Sample) []residual {
	var series []residual
	for _, s := range samples {
		medians := s.Medians()
		sign := 1.0
		switch {
		case len(medians) < 3 || medians[0] <= 0: // of two the median lies between: they say nothing
			continue
		case s.Unit == results.RequestsPerSecond:
			sign = -1
		case s.Unit != results.Seconds:
			continue
		}
		centre := math.Log(stat.Median(medians))
		for _, t := range s.Trials {
			series = append(series, residual{t.Seq, sign * (math.Log(stat.Median(t.Values)) - centre)})
		}
	}
	slices.SortStableFunc(series, func(a, b residual) int { return cmp.Compare(a.seq, b.seq) })
	return series
}

// steps splits a series at its clearest step, and its parts again, as long as
// there is one and the parts are long enough (binary segmentation). It returns
// the first indices after each step, in ascending order, counted from offset.
func steps(values []float64, offset int) []int {
	if len(values) < 2*runSegment {
		return nil
	}
	found := stepTest(values, runLags(len(values)))
	at := found.at
	if found.p > runLevel || at < runSegment || len(values)-at < runSegment {
		return nil
	}
	return slices.Concat(steps(values[:at], offset), []int{offset + at}, steps(values[at:], offset+at))
}
