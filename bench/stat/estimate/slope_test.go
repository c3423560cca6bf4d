package estimate

import (
	"math"
	"testing"

	"edgebench/bench/experiment/instances"
	"edgebench/bench/stat/internal/stattest"
)

func TestSlopesFindWhatWasPutIn(t *testing.T) {
	xs := []float64{0, 8, 16, 32, 64}
	live := stattest.Sample(instances.Live, xs, xs, xs[:2])
	ys := func(slope, fixed float64) []float64 {
		var list []float64
		for _, x := range xs {
			list = append(list, fixed+slope*x)
		}
		return list
	}
	odd := ys(4096, 1e6)
	odd[2] += 1e9 // one step at which something else took memory
	pss := stattest.Sample(instances.PSS, ys(4096, 1e6), odd, ys(4096, 1e6))
	slope, fixed, rejected := Slopes(live, pss)
	if len(slope.Trials) != 2 || len(rejected) != 1 || rejected[0].Seq != 2 {
		t.Fatalf("slopes %+v, rejected %v", slope, rejected)
	}
	if slope.Metric != "pss_per_instance" || fixed.Metric != "pss_fixed" {
		t.Errorf("named %q and %q", slope.Metric, fixed.Metric)
	}
	for i := range slope.Trials {
		if m, b := slope.Trials[i].Values[0], fixed.Trials[i].Values[0]; math.Abs(m-4096) > 1 || math.Abs(b-1e6) > 100 {
			t.Errorf("trial %d: slope %v, intercept %v", i, m, b)
		}
	}
}

// What the first instance pays for all is in the intercept.
func TestTheStepWithoutInstancesIsLeftOut(t *testing.T) {
	m, b, reason := Slope([]float64{0, 10, 20}, []float64{0, 1100, 1200})
	if m != 10 || b != 1000 || reason != "" {
		t.Errorf("slope %v, intercept %v, %q", m, b, reason)
	}
	if _, _, reason := Slope([]float64{0, 10}, []float64{0, 1100}); reason == "" {
		t.Error("two steps, of which one has no instances, give a slope")
	}
}

func TestSlopesNeedTwoSteps(t *testing.T) {
	slope, fixed, rejected := Slopes(stattest.Sample(instances.Live, []float64{8, 8}), stattest.Sample(instances.PSS, []float64{1, 2}))
	if slope != nil || fixed != nil || len(rejected) != 1 {
		t.Errorf("got %v, %v, %v", slope, fixed, rejected)
	}
}

func TestSlopesOfALongTrialStayBounded(t *testing.T) {
	n := 100_000
	xs, ys := make([]float64, n), make([]float64, n)
	for i := range xs {
		xs[i], ys[i] = float64(i), 3*float64(i)+7
	}
	slope, _, _ := Slopes(stattest.Sample(instances.Live, xs), stattest.Sample(instances.PSS, ys))
	if got := slope.Trials[0].Values[0]; math.Abs(got-3) > 1e-9 {
		t.Errorf("the slope is %v", got)
	}
}

// MemAvailable says nothing of a few small instances.
func TestAvailableSlopeNeedsManyInstancesOrBytes(t *testing.T) {
	live := stattest.Sample(instances.Live, []float64{0, 10, 50}, []float64{0, 50, 100}, []float64{0, 1, 4})
	drop := stattest.Sample(instances.AvailableDrop, []float64{0, 1e4, 5e4}, []float64{0, 5e4, 1e5}, []float64{0, 20 << 20, 80 << 20})
	got := AvailableSlope(live, drop)
	if got == nil || got.Metric != "available_drop_per_instance" || len(got.Trials) != 2 {
		t.Fatalf("got %+v", got)
	}
	if got.Trials[0].Seq != 1 || got.Trials[0].Values[0] != 1000 || got.Trials[1].Seq != 2 || got.Trials[1].Values[0] != 20<<20 {
		t.Errorf("got %+v", got.Trials)
	}
	if AvailableSlope(live, nil) != nil || AvailableSlope(nil, drop) != nil {
		t.Error("there is a slope without instances or without memory")
	}
}
