package stat

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"edgebench/results"
)

// Course looks for drift and steps of the whole run: what happened to the
// machine while it went on. All trials of all cells form one series in the
// order in which they ran, each by how far its median lies from that of its
// own cell; a cell alone has too few trials to show most of it. Samples that
// are neither times nor rates are left out.
func Course(samples []*Sample) []Finding {
	series := course(samples)
	values := make([]float64, len(series))
	for i, d := range series {
		values[i] = d.value
	}
	n := len(values)
	if n < 2*courseSegment {
		return nil
	}
	found, drifts := clearest(values, courseLags(n), courseLevel)
	switch {
	case found == nil:
		return nil
	case drifts:
		slope, _ := theilSen(thin(positions(n)), thin(values))
		return []Finding{{Kind: Drift, Text: fmt.Sprintf("timings of all cells change by %+.1f %% from the first to the last trial of the run",
			100*math.Expm1(slope*float64(n-1)))}}
	}
	var list []Finding
	ats := append(steps(values, 0), n)
	before := 0
	for i, at := range ats[:len(ats)-1] {
		seq, change := series[at].seq, Median(values[at:ats[i+1]])-Median(values[before:at])
		list = append(list, Finding{Kind: Step, Seqs: []int{seq},
			Text: fmt.Sprintf("from trial %d on, timings of all cells are %.3g times what they were before", seq, math.Exp(change))})
		before = at
	}
	return list
}

// courseLevel makes up for the variance of a series being estimated from the
// series: by simulation, Course finds something in five of a thousand runs where
// nothing happens.
const courseLevel = FalseFinding / 10

// courseSegment is the least number of trials between two steps of a run.
const courseSegment = 30

// courseLags is how many trials in a row may share a moment of the machine.
func courseLags(n int) int { return int(2 * math.Cbrt(float64(n))) }

// residual is how far a trial's median lies from its cell's, by logarithms,
// upwards for slower.
type residual struct {
	seq   int
	value float64
}

func course(samples []*Sample) []residual {
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
		centre := math.Log(Median(medians))
		for _, t := range s.Trials {
			series = append(series, residual{t.Seq, sign * (math.Log(Median(t.Values)) - centre)})
		}
	}
	slices.SortStableFunc(series, func(a, b residual) int { return cmp.Compare(a.seq, b.seq) })
	return series
}

// steps splits a series at its clearest step, and its parts again, as long as
// there is one and the parts are long enough (binary segmentation). It returns
// the first indices after each step, in ascending order, counted from offset.
func steps(values []float64, offset int) []int {
	if len(values) < 2*courseSegment {
		return nil
	}
	found := stepTest(values, courseLags(len(values)))
	at := found.at
	if found.p > courseLevel || at < courseSegment || len(values)-at < courseSegment {
		return nil
	}
	return slices.Concat(steps(values[:at], offset), []int{offset + at}, steps(values[at:], offset+at))
}
