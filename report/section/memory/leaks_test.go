package memory

import (
	"strings"
	"testing"

	"edgebench/bench/stat/estimate"
	"edgebench/results"
)

func TestLeak(t *testing.T) {
	of := func(value, low, high float64) estimate.Estimate {
		return estimate.Estimate{Value: value, Unit: results.Bytes, Trials: 6, Interval: &estimate.Interval{Low: low, High: high}}
	}
	for want, e := range map[string]estimate.Estimate{
		" leaks memory: PSS grew by 4.00 KiB [3.9": of(4096, 4000, 4200),
		": PSS grew by 4.00 KiB for each":          {Value: 4096, Unit: results.Bytes, Trials: 2},
	} {
		if got := leak(e); !strings.HasPrefix(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for _, e := range []estimate.Estimate{of(3, 2, 4), of(4096, -10, 8000), {Value: 3, Trials: 2}} {
		if got := leak(e); got != "" {
			t.Errorf("%v with %v is called %q", e.Value, e.Interval, got)
		}
	}
}
