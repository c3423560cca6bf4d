package format_test

import (
	"math"
	"testing"

	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/results"
)

func TestQuantity(t *testing.T) {
	for _, c := range []struct {
		v    float64
		unit string
		want string
	}{
		{0, results.Seconds, "0 ns"},
		{1.234e-8, results.Seconds, "12.3 ns"},
		{12.34e-6, results.Seconds, "12.3 µs"},
		{999.6e-6, results.Seconds, "1.00 ms"},
		{0.1, results.Seconds, "100 ms"},
		{3725, results.Seconds, "3,725 s"},
		{-0.5e-3, results.Seconds, "-500 µs"},
		{0.3e-12, results.Seconds, "0.000300 ns"},
		{100, results.Bytes, "100 B"},
		{1023, results.Bytes, "1,023 B"},
		{1023.4, results.Bytes, "1,020 B"},
		{1023.9, results.Bytes, "1.00 KiB"},
		{1024, results.Bytes, "1.00 KiB"},
		{1 << 20, results.Bytes, "1.00 MiB"},
		{1 << 30, results.Bytes, "1.00 GiB"},
		{999.4e-6, results.Seconds, "999 µs"},
		{999.9e-6, results.Seconds, "1.00 ms"},
		{999.9, results.RequestsPerSecond, "1.00 k/s"},
		{1536 * 1024, results.Bytes, "1.50 MiB"},
		{24400, results.Bytes, "23.8 KiB"},
		{1234567, results.Count, "1,234,567"},
		{45678.9, results.RequestsPerSecond, "45.7 k/s"},
		{7, "furlong", "7.00 furlong"},
		{math.Inf(1), results.Seconds, "+Inf s"},
		{1e18, results.Count, "1.00e+18"},
	} {
		if got := format.Quantity(c.v, c.unit); got != c.want {
			t.Errorf("%v %s is printed as %q, want %q", c.v, c.unit, got, c.want)
		}
	}
}

func TestEstimated(t *testing.T) {
	e := estimate.Estimate{Value: 12.34e-6, Unit: results.Seconds, Interval: &estimate.Interval{Low: 0.9e-6, High: 1.5e-3}}
	if got := format.Estimated(e); got != "12.3 µs [0.9, 1,500.0]" {
		t.Errorf("got %q", got)
	}
	e.Interval = nil
	if got := format.Estimated(e); got != "12.3 µs" {
		t.Errorf("got %q", got)
	}
}

func TestRatioOf(t *testing.T) {
	for _, c := range []struct {
		v, low, high float64
		want         string
	}{
		{3.2, 3.1, 3.3, "3.20× [3.10, 3.30]"},
		{1 / 1240.0, 1 / 1310.0, 1 / 1180.0, "1/1,240 [1/1,310, 1/1,180]"},
		{2520.4, 2230, 2840, "2,520× [2,230, 2,840]"},
		{0.5, 0.05, 0.6, "0.500× [1/20.0, 0.600]"},
		{0, 0, 0, "0 [0, 0]"},
		{-2, -3, -1, "-2.00 [-3.00, -1.00]"},
	} {
		e := estimate.Estimate{Value: c.v, Unit: "ratio", Interval: &estimate.Interval{Low: c.low, High: c.high}}
		if got := format.RatioOf(e); got != c.want {
			t.Errorf("%v is printed as %q, want %q", c.v, got, c.want)
		}
	}
}
