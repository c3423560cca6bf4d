package stat

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	gonum "gonum.org/v1/gonum/stat"
)

// What R's quantile(x, q), whose default is type 7, gives for x = c(1, 2, 4, 8, 16, 32).
func TestQuantileIsType7(t *testing.T) {
	x := []float64{32, 1, 16, 2, 8, 4}
	for q, want := range map[float64]float64{0: 1, 0.05: 1.25, 0.1: 1.5, 0.25: 2.5, 0.5: 6, 0.75: 14, 0.9: 24, 0.99: 31.2, 1: 32} {
		if got := Quantile(x, q); math.Abs(got-want) > 1e-12 {
			t.Errorf("quantile %v is %v, want %v", q, got, want)
		}
	}
	if x[0] != 32 {
		t.Error("the values were sorted in place")
	}
	if got := Median(x); got != 6 || Median(x[:5]) != 8 {
		t.Errorf("the medians are %v and %v", got, Median(x[:5]))
	}
	if got := MedianAbsoluteDeviation(x); got != 4.5 { // of distances 2, 2, 4, 5, 10 and 26
		t.Errorf("the median absolute deviation is %v", got)
	}
	if Quantile(nil, 0.5) != 0 || Median(nil) != 0 || MedianAbsoluteDeviation(nil) != 0 {
		t.Error("nothing has a quantile")
	}
}

// Why two methods of a library that is used for others are not: gonum interpolates
// by type 4, and takes ties for agreement when later values are not less.
func TestOtherDefinitions(t *testing.T) {
	x := []float64{1, 2, 4, 8, 16, 32}
	if got := gonum.Quantile(0.25, gonum.LinInterp, x, nil); got != 1.5 {
		t.Errorf("gonum's quantile is %v: if that is 2.5 now, use it", got)
	}
	ties := []float64{0, 0, 0, 0, 0, 1}
	if got := gonum.Kendall(x, ties, nil); got != 1 {
		t.Errorf("gonum's tau is %v", got)
	}
	// tau-b is (5 − 0) / √(15 · 5).
	if got := kendall(x, ties); math.Abs(got-1/math.Sqrt(3)) > 1e-12 || kendall(x, ties[:1]) != 0 {
		t.Errorf("tau-b is %v", got)
	}
}

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

// The table of Need is the least for which both ends are there.
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
	if Need(0.42) != 0 || Supports(1e6, 0.42) {
		t.Error("a quantile that is never printed is supported")
	}
}

func TestPercentilesOnlyWhereSupported(t *testing.T) {
	values := make([]float64, 101)
	for i := range values {
		values[i] = float64(i)
	}
	got, warnings := percentiles(singles(values...), values, 101)
	if len(got) != 3 || got[1].Value != 90 || got[2].Value != 95 || got[2].Name() != "p95" {
		t.Errorf("got %v", got)
	}
	if len(warnings) != 1 || warnings[0] != "need ≥ 441 independent values for p99, have 101" {
		t.Errorf("warnings are %q", warnings)
	}
	if got, _ := percentiles(singles(values...), values, 5); len(got) != 0 {
		t.Errorf("five values gave %v", got)
	}
	six := []float64{1, 2, 4, 8, 16, 32}
	// Type 7 interpolates between closest ranks: R's quantile(c(1, 2, 4, 8, 16, 32), 0.5).
	if got, _ := percentiles(singles(six...), six, 6); got[0].Value != 6 {
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
