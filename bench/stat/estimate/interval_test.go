package estimate

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"edgebench/bench/stat/internal/stattest"
)

// The example of Hettmansperger and Sheather for n = 10: the depths 2 and 3
// have 97.85 % and 89.06 %.
func TestMedianInterval(t *testing.T) {
	values := make([]float64, 10)
	for i := range values {
		values[i] = float64(i + 1)
	}
	got := MedianInterval(values)
	if math.Abs(got.Low-2.6570) > 0.001 || math.Abs(got.High-8.3430) > 0.001 {
		t.Errorf("got %+v", got)
	}
	if got := MedianInterval(values[:5]); got != nil {
		t.Errorf("five values gave %+v", got)
	}
}

// The ends lie between the depths that enclose 95 %, found by adding up the
// binomial distribution, and for many values where the normal distribution has
// them.
func TestMedianIntervalLiesBetweenTwoDepths(t *testing.T) {
	for _, n := range []int{6, 7, 8, 9, 10, 15, 16, 29, 30, 200} {
		values := make([]float64, n)
		for i := range values {
			values[i] = float64(i + 1)
		}
		depth, outside, next := 0, 0.0, math.Pow(0.5, float64(n))
		for outside+2*next <= 1-Confidence {
			outside += 2 * next
			depth++
			next *= float64(n-depth+1) / float64(depth)
		}
		got := MedianInterval(values)
		if low := got.Low; low < float64(depth) || low > float64(depth+1) || math.Abs(got.High-float64(n+1)+low) > 1e-9 {
			t.Errorf("%d values: %+v, the depth is %d", n, got, depth)
		}
	}
	many := make([]float64, 100001)
	for i := range many {
		many[i] = float64(i)
	}
	if got := MedianInterval(many); math.Abs(got.Low-(50000-309.9)) > 2 || math.Abs(got.High-(50000+309.9)) > 2 {
		t.Errorf("of many values: %+v", got)
	}
}

// Coverage of the 95 % interval in the forms that noise takes. Three standard
// errors of 1500 runs are 1.7 %; the whole table is that of bench/stat/simulate.
func TestMedianIntervalCovers(t *testing.T) {
	for name, draw := range map[string]func(*rand.Rand) float64{
		"normal":     func(r *rand.Rand) float64 { return r.NormFloat64() },
		"skewed":     func(r *rand.Rand) float64 { return r.ExpFloat64() - math.Ln2 },
		"heavy tail": func(r *rand.Rand) float64 { return r.NormFloat64() / math.Sqrt(r.ExpFloat64()) },
		"bimodal": func(r *rand.Rand) float64 {
			// Half of the upper group's weight lies above: the median is where
			// the lower group has 5/7 of its own below, Φ(0.566).
			if r.Float64() < 0.3 {
				return 5 + r.NormFloat64()/10
			}
			return r.NormFloat64() - 0.5659
		},
	} {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(7, 1))
			for _, n := range []int{6, 8, 10, 20} {
				const runs = 1500
				covered := 0
				for range runs {
					values := make([]float64, n)
					for i := range values {
						values[i] = draw(random)
					}
					slices.Sort(values)
					if MedianInterval(values).Contains(0) {
						covered++
					}
				}
				if got := float64(covered) / runs; got < 0.933 || got > 0.967 {
					t.Errorf("%d values: the interval covers %.3f", n, got)
				}
			}
		})
	}
}

// Coverage of Woodruff's interval for p90 of trials that differ.
func TestWoodruffCovers(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 1))
	truth := math.Exp(1.2815515655446004 * math.Hypot(0.1, 0.4))
	const runs = 600
	covered := 0
	for range runs {
		s := stattest.Sample("x", stattest.Noisy(random, 20, 12, 0.1, 0.4)...)
		if woodruff(s, s.Pooled(), 0.9).Contains(truth) {
			covered++
		}
	}
	if got := float64(covered) / runs; got < 0.925 || got > 0.985 {
		t.Errorf("the interval covers %.3f", got)
	}
}
