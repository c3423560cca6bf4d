package stat_test

import (
	"math"
	"testing"

	"edgebench/bench/stat"

	gonum "gonum.org/v1/gonum/stat"
)

// What R's quantile(x, q), whose default is type 7, gives for x = c(1, 2, 4, 8, 16, 32).
func TestQuantileIsType7(t *testing.T) {
	x := []float64{32, 1, 16, 2, 8, 4}
	for q, want := range map[float64]float64{0: 1, 0.05: 1.25, 0.1: 1.5, 0.25: 2.5, 0.5: 6, 0.75: 14, 0.9: 24, 0.99: 31.2, 1: 32} {
		if got := stat.Quantile(x, q); math.Abs(got-want) > 1e-12 {
			t.Errorf("quantile %v is %v, want %v", q, got, want)
		}
	}
	if x[0] != 32 {
		t.Error("the values were sorted in place")
	}
	if got := stat.Median(x); got != 6 || stat.Median(x[:5]) != 8 {
		t.Errorf("the medians are %v and %v", got, stat.Median(x[:5]))
	}
	if got := stat.MedianAbsoluteDeviation(x); got != 4.5 { // of distances 2, 2, 4, 5, 10 and 26
		t.Errorf("the median absolute deviation is %v", got)
	}
	if stat.Quantile(nil, 0.5) != 0 || stat.Median(nil) != 0 || stat.MedianAbsoluteDeviation(nil) != 0 {
		t.Error("nothing has a quantile")
	}
}

// Why gonum's method is not used: it interpolates by type 4.
func TestGonumHasAnotherQuantile(t *testing.T) {
	if got := gonum.Quantile(0.25, gonum.LinInterp, []float64{1, 2, 4, 8, 16, 32}, nil); got != 1.5 {
		t.Errorf("gonum's quantile is %v: if that is 2.5 now, use it", got)
	}
}
