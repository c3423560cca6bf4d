package estimate

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"edgebench/bench/stat/internal/stattest"
)

// What QuantileCI of go-moremath gives for 95 %.
func TestOrderStatistics(t *testing.T) {
	for _, c := range []struct {
		n         int
		q         float64
		low, high int
	}{
		{6, 0.5, 1, 6}, {7, 0.5, 1, 7}, {10, 0.5, 2, 9}, {30, 0.5, 10, 21}, {31, 0.5, 10, 22}, {39, 0.5, 13, 26},
		{100, 0.5, 40, 60}, {441, 0.5, 200, 242}, {4394, 0.5, 2132, 2262}, {100000, 0.5, 49690, 50310},
		{6, 0.9, 4, 7}, {10, 0.9, 7, 11}, {30, 0.9, 24, 31}, {39, 0.9, 31, 39}, {100, 0.9, 84, 96}, {441, 0.9, 385, 410},
		{30, 0.95, 26, 31}, {39, 0.95, 34, 40}, {100, 0.95, 91, 100}, {10, 0.99, 9, 11}, {441, 0.99, 432, 441},
		{31, 0.999, 31, 32}, {4394, 0.999, 4385, 4394}, {100000, 0.999, 99880, 99920},
	} {
		if low, high := orderStatistics(c.n, c.q); low != c.low || high != c.high {
			t.Errorf("quantile %v of %d lies between %d and %d, want %d and %d", c.q, c.n, low, high, c.low, c.high)
		}
	}
}

// Need is the minimum for which both ends exist.
func TestNeedIsWhatItsSourceGives(t *testing.T) {
	for _, q := range Quantiles() {
		n := 2
		for low, high := orderStatistics(n, q); low < 1 || high > n; low, high = orderStatistics(n, q) {
			n++
		}
		if n != Need(q) {
			t.Errorf("quantile %v needs %d, the table says %d", q, n, Need(q))
		}
		// With equal tails the largest value must lie above the quantile with
		// probability 97.5 %: qⁿ ≤ 2.5 %.
		exact := int(math.Ceil(math.Log((1-Confidence)/2) / math.Log(q)))
		if exact > Need(q) {
			t.Errorf("quantile %v needs %d by the exact binomial, more than %d", q, exact, Need(q))
		}
	}
	if Need(0.42) != 0 || supports(1e6, 0.42) {
		t.Error("a quantile that is never printed is supported")
	}
}

func TestPercentilesOnlyWhereSupported(t *testing.T) {
	values := make([]float64, 101)
	for i := range values {
		values[i] = float64(i)
	}
	got, warnings := percentiles(stattest.Singles(values...), values, 101)
	if len(got) != 3 || got[1].Value != 90 || got[2].Value != 95 || got[2].Name() != "p95" {
		t.Errorf("got %v", got)
	}
	if len(warnings) != 1 || warnings[0].String() != "need ≥ 441 independent values for p99, have 101" {
		t.Errorf("warnings are %q", warnings)
	}
	if got, _ := percentiles(stattest.Singles(values...), values, 5); len(got) != 0 {
		t.Errorf("five values gave %v", got)
	}
	six := []float64{1, 2, 4, 8, 16, 32}
	// Type 7 interpolates between closest ranks: R's quantile(c(1, 2, 4, 8, 16, 32), 0.5).
	if got, _ := percentiles(stattest.Singles(six...), six, 6); got[0].Value != 6 {
		t.Errorf("the median of six is %v", got)
	}
	if got := (Percentile{Q: 0.999}).Name(); got != "p99.9" {
		t.Errorf("named %q", got)
	}
}

func TestQuantileInterval(t *testing.T) {
	orderInterval := func(sorted []float64) *Interval { return quantileInterval(sorted, len(sorted), 0.5) }
	if got := orderInterval([]float64{1, 2, 3, 4, 5}); got != nil {
		t.Errorf("five values gave %v", got)
	}
	if got := orderInterval([]float64{1, 2, 3, 4, 5, 6}); got == nil || got.Low != 1 || got.High != 6 {
		t.Errorf("six values gave %v", got)
	}
	// Tables give ranks 2 and 9 of ten at 97.9 %.
	ten := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	if got := orderInterval(ten); got == nil || got.Low != 2 || got.High != 9 {
		t.Errorf("ten values gave %v", got)
	}
	// A hundred values that are worth ten: what stands where the second and
	// the ninth of ten do.
	hundred := make([]float64, 100)
	for i := range hundred {
		hundred[i] = float64(i)
	}
	if got := quantileInterval(hundred, 10, 0.5); got == nil || got.Low != 11 || got.High != 88 {
		t.Errorf("a hundred values worth ten gave %v", got)
	}
}

// The interval of a high percentile of independent values covers it.
func TestPercentileCoverage(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 1))
	const runs, n = 400, 200
	covered := 0
	for range runs {
		values := make([]float64, n)
		for i := range values {
			values[i] = random.ExpFloat64()
		}
		slices.Sort(values)
		if quantileInterval(values, n, 0.9).Contains(math.Log(10)) {
			covered++
		}
	}
	if got := float64(covered) / runs; got < 0.92 {
		t.Errorf("the interval of p90 covers %.3f", got)
	}
}
