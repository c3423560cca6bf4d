package format_test

import (
	"math"
	"testing"

	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/results"
)

// A ratio is written in one way, whatever its direction.
func TestFactor(t *testing.T) {
	for _, c := range []struct {
		v, low, high float64
		unit, want   string
	}{
		{13.2, 12.1, 14.4, results.Count, "13 × more [12, 14]"},
		{1 / 13.2, 1 / 14.4, 1 / 12.1, results.Count, "13 × fewer [12, 14]"},
		{1 / 356.7, 1 / 382.0, 1 / 301.0, results.Seconds, "357 × shorter [301, 382]"},
		{2.04, 1.96, 2.5, results.Bytes, "2.0 × more [2.0, 2.5]"},
		{1.02, 0.97, 1.06, results.Seconds, "1.020 × longer [0.970, 1.060]"},
		{0.5, 0.4, 1.25, results.RequestsPerSecond, "2.0 × lower [0.8, 2.5]"},
		{3, 2.5, 3.5, "starts/sec", "3.0 × higher [2.5, 3.5]"},
		{2024, 1990, 2057, "furlong", "2,020 × more [1,990, 2,060]"},
	} {
		e := estimate.Estimate{Value: c.v, Unit: "ratio", Interval: &estimate.Interval{Low: c.low, High: c.high}}
		if got := format.Factor(e, c.unit); got != c.want {
			t.Errorf("%v of %s is written as %q, want %q", c.v, c.unit, got, c.want)
		}
		e.Interval = nil
		if got := format.Factor(e, c.unit); len(got) >= len(c.want) {
			t.Errorf("%q has an interval that is not known", got)
		}
	}
}

func TestNoRatio(t *testing.T) {
	for _, v := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if got := format.Factor(estimate.Estimate{Value: v}, results.Seconds); got != format.NoRatio {
			t.Errorf("%v is written as %q", v, got)
		}
	}
}

func TestFactorRange(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      string
	}{
		{1 / 357.0, 1 / 154.0, "154 to 357 × shorter"}, {3, 3, "3.0 × longer"}, {0.5, 2, "2.0 × shorter to 2.0 × longer"},
	} {
		if got := format.FactorRange(c.low, c.high, results.Seconds); got != c.want {
			t.Errorf("%v to %v is written as %q, want %q", c.low, c.high, got, c.want)
		}
	}
}
