package estimate

import (
	"slices"

	"edgebench/bench/experiment/instances"
	"edgebench/bench/stat"
)

// PerInstance names the slope of a memory metric over live instances: what
// each further instance costs.
func PerInstance(metric string) string { return metric + "_per_instance" }

// Fixed names the intercept: the cost before the first instance.
func Fixed(metric string) string { return metric + "_fixed" }

// MemoryMetrics are those that have a slope, in the order in which they are
// shown. AvailableDrop is the total cost to the node and comes first.
func MemoryMetrics() []string {
	return []string{instances.AvailableDrop, instances.PSS, instances.PageTables, instances.KernelMemory, instances.CgroupCharge}
}

// maxSteps bounds the pairs of points. Of more of them evenly spaced ones are
// used, first and last included.
const maxSteps = 256

// Slopes relates a metric to the number of live instances, both with one value
// a step, and returns two derived samples of one value for each trial: the
// slope (bytes an instance) and the intercept (bytes). A trial that has fewer
// than two different numbers of instances besides 0, or whose lists differ in length,
// is left out and named in a rejection. Without any trial both samples are nil.
//
// The slope is Theil's (1950) and Sen's (1968): the median over all pairs of
// steps, which one odd step does not move. The intercept is the median of what
// remains, as proposed by Conover.
func Slopes(live, metric *stat.Sample) (slope, fixed *stat.Sample, rejected []stat.Rejection) {
	slope = &stat.Sample{Key: metric.Key, Unit: metric.Unit}
	slope.Metric = PerInstance(metric.Metric)
	fixed = &stat.Sample{Key: metric.Key, Unit: metric.Unit}
	fixed.Metric = Fixed(metric.Metric)
	for _, t := range metric.Trials {
		m, b, reason := Slope(live.Of(t.Seq), t.Values)
		if reason != "" {
			rejected = append(rejected, stat.Rejection{Key: metric.Key, Seq: t.Seq, Reason: reason})
			continue
		}
		slope.Trials = append(slope.Trials, stat.Values{Seq: t.Seq, Values: []float64{m}})
		fixed.Trials = append(fixed.Trials, stat.Values{Seq: t.Seq, Values: []float64{b}})
	}
	if len(slope.Trials) == 0 {
		return nil, nil, rejected
	}
	return slope, fixed, rejected
}

// MemAvailable varies by megabytes without any load. Its fall is a fair measure of one
// instance from this many live instances on, or from this many bytes.
const (
	ManyInstances = 100
	manyBytes     = 64 << 20
)

// AvailableSlope is what each further instance takes of MemAvailable, in bytes, of the
// trials that had enough instances for it or took enough; nil where none did.
func AvailableSlope(live, drop *stat.Sample) *stat.Sample {
	if live == nil || drop == nil {
		return nil
	}
	enough := &stat.Sample{Key: drop.Key, Unit: drop.Unit}
	for _, t := range drop.Trials {
		n := live.Of(t.Seq)
		if len(n) > 0 && len(t.Values) > 0 && (slices.Max(n) >= ManyInstances || slices.Max(t.Values) >= manyBytes) {
			enough.Trials = append(enough.Trials, t)
		}
	}
	slope, _, _ := Slopes(live, enough)
	return slope
}

// Slope is what each further instance adds to a quantity of one trial, and the
// intercept, from one value a step. The step without instances is left out: the first
// instance pays what is paid once. reason says why there is no slope, "" for none.
func Slope(live, values []float64) (slope, intercept float64, reason string) {
	if len(live) != len(values) {
		return 0, 0, "its steps and its instances differ in number"
	}
	var xs, ys []float64
	for i, x := range live {
		if x > 0 {
			xs, ys = append(xs, x), append(ys, values[i])
		}
	}
	if len(xs) == 0 || slices.Min(xs) == slices.Max(xs) {
		return 0, 0, "need ≥ 2 different numbers of instances for a slope"
	}
	slope, intercept = TheilSen(xs, ys)
	return slope, intercept, ""
}

func thin(values []float64) []float64 {
	if len(values) <= maxSteps {
		return values
	}
	kept := make([]float64, maxSteps)
	for i := range kept {
		kept[i] = values[i*(len(values)-1)/(maxSteps-1)]
	}
	return kept
}

// TheilSen is the line of Theil (1950) and Sen (1968) through points: the median of
// the slopes between all pairs, and the median of what remains. It wants at least
// two different xs, and returns 0 for the slope where thinning has left only one.
func TheilSen(xs, ys []float64) (slope, intercept float64) {
	xs, ys = thin(xs), thin(ys)
	var slopes []float64
	for i := range xs {
		for j := range i {
			if xs[i] != xs[j] {
				slopes = append(slopes, (ys[i]-ys[j])/(xs[i]-xs[j]))
			}
		}
	}
	slope = stat.Median(slopes)
	rest := make([]float64, len(xs))
	for i := range xs {
		rest[i] = ys[i] - slope*xs[i]
	}
	return slope, stat.Median(rest)
}
