package figure

import (
	"math"
	"slices"
	"testing"

	"edgebench/report/model"
	"edgebench/results"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

func TestLogTicksHaveUnitsAndRoom(t *testing.T) {
	for _, test := range []struct {
		unit      string
		low, high float64
		length    vg.Length
		want      []string
		doubling  bool
	}{
		{results.Seconds, 5e-6, 0.5, 140, []string{"10 µs", "1 ms", "100 ms"}, false},
		{results.Seconds, 5e-6, 0.5, 300, []string{"10 µs", "100 µs", "1 ms", "10 ms", "100 ms"}, false},
		{results.Seconds, 0.09, 1.1, 300, []string{"100 ms", "200 ms", "500 ms", "1 s"}, false},
		{results.Seconds, 0.00014, 0.0076, 140, []string{"300 µs", "1 ms", "3 ms"}, false},
		{results.Bytes, 100, 40 << 20, 120, []string{"1 KiB", "1 MiB"}, false},
		{results.Bytes, 3 << 10, 3 << 20, 480, []string{"4 KiB", "8 KiB", "16 KiB", "32 KiB", "64 KiB", "128 KiB", "256 KiB", "512 KiB", "1 MiB", "2 MiB"}, false},
		{results.Count, 8, 3000, 140, []string{"10", "100", "1,000"}, false},
		{results.RequestsPerSecond, 200, 2e6, 120, []string{"10 k/s", "1 M/s"}, false},
		{results.Count, 0.9, 9, 300, []string{"1", "2", "4", "8"}, true},
		{results.Count, 0.8, 300, 120, []string{"1", "4", "16", "64", "256"}, true},
	} {
		ticks := logTicks{model.Axis{Unit: test.unit, Doubling: test.doubling}, test.length, across}.Ticks(test.low, test.high)
		var got []string
		for i, tick := range ticks {
			if tick.Value < test.low || tick.Value > test.high || i > 0 && tick.Value <= ticks[i-1].Value {
				t.Errorf("%v: tick %d is %g", test, i, tick.Value)
			}
			if !tick.IsMinor() {
				got = append(got, tick.Label)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("from %g to %g %s: labels %q, want %q", test.low, test.high, test.unit, got, test.want)
		}
	}
}

// Whatever a report holds, no axis has more ticks than it has points.
func TestAnyAxisHasTicks(t *testing.T) {
	for _, values := range [][]float64{
		nil, {0}, {-1, math.NaN()}, {math.Inf(1)}, {1}, {5e-324, math.MaxFloat64}, {1e-9, 1e9, math.Inf(1)},
	} {
		for _, unit := range []string{results.Seconds, results.Bytes, results.Count, "no unit"} {
			var a plot.Axis
			setLog(&a, model.Axis{Unit: unit}, values, 140, across)
			if !(a.Min > 0 && a.Max >= 10*a.Min && !math.IsInf(a.Max, 0)) {
				t.Errorf("%v: the axis is from %g to %g", values, a.Min, a.Max)
			}
			if n := len(a.Tick.Marker.Ticks(a.Min, a.Max)); n < 1 || n > 140 {
				t.Errorf("%v %s: %d ticks from %g to %g", values, unit, n, a.Min, a.Max)
			}
		}
	}
}

func TestLogScaleKeepsValuesOnTheAxis(t *testing.T) {
	for v, want := range map[float64]float64{-1: 0, 0: 0, 1: 0, 10: 0.5, 100: 1, 1e9: 1, math.Inf(1): 1, math.Inf(-1): 0} {
		if got := (logScale{}).Normalize(1, 100, v); math.Abs(got-want) > 1e-12 {
			t.Errorf("%g is at %g, want %g", v, got, want)
		}
	}
	if got := (logScale{}).Normalize(1, 100, math.NaN()); got != 0 {
		t.Errorf("no number is at %g", got)
	}
}
