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
