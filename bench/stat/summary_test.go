package stat

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"edgebench/results"
)

func TestSummaryOfConstants(t *testing.T) {
	s := Summarise(sampleOf("x", []float64{2, 2}, []float64{2}, []float64{2}, []float64{2}, []float64{2}, []float64{2, 2}), DefaultOptions(1))
	if s.Median.Value != 2 || *s.Median.Interval != (Interval{2, 2, Bootstrap}) || *s.Median.Check != (Interval{2, 2, OrderStatistics}) {
		t.Errorf("got %+v", s.Median)
	}
	if len(s.Median.Warnings) > 0 || s.Least != 2 || s.Greatest != 2 {
		t.Errorf("got %+v", s)
	}
}

func TestSummaryOfOneTrial(t *testing.T) {
	s := Summarise(sampleOf("x", []float64{3, 1, 2}), DefaultOptions(1))
	if s.Median.Value != 2 || s.Median.Interval != nil || s.Independent != 1 || len(s.Percentiles) != 0 {
		t.Errorf("got %+v", s)
	}
	if len(s.Median.Warnings) != 1 || !strings.Contains(s.Median.Warnings[0], "need ≥ 6 trials, have 1") {
		t.Errorf("warnings are %q", s.Median.Warnings)
	}
}

// A trial counts once, however many iterations it holds.
func TestMedianWeighsTrialsEqually(t *testing.T) {
	s := Summarise(sampleOf("x", []float64{1}, []float64{2}, slices.Repeat([]float64{9}, 100)), DefaultOptions(1))
	if s.Median.Value != 2 {
		t.Errorf("the median is %v, want that of 1, 2 and 9", s.Median.Value)
	}
}

func TestSizesAreExact(t *testing.T) {
	s := Summarise(sampleOf(results.ArtefactSize, []float64{4096}), DefaultOptions(1))
	if i := s.Median.Interval; i == nil || i.Method != Exact || i.Low != 4096 || len(s.Median.Warnings) > 0 {
		t.Errorf("got %+v", s.Median)
	}
	if s := Summarise(sampleOf(results.ArtefactSize, []float64{4096}, []float64{5000}), DefaultOptions(1)); s.Median.Interval != nil {
		t.Errorf("sizes that differ gave %+v", s.Median)
	}
}

func TestSummaryIsDeterministic(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	s := sampleOf("x", noisy(random, 10, 5, 0.3, 0.1)...)
	a, b := Summarise(s, DefaultOptions(7)), Summarise(s, DefaultOptions(7))
	if *a.Median.Interval != *b.Median.Interval {
		t.Errorf("%v and %v", a.Median.Interval, b.Median.Interval)
	}
	if c := Summarise(s, DefaultOptions(8)); *a.Median.Interval == *c.Median.Interval {
		t.Error("the seed has no effect")
	}
}

func TestGroupsOfTrialsAreWarnedOf(t *testing.T) {
	// Four trials at 1 and four around 10: the two methods part.
	s := sampleOf("x", []float64{1}, []float64{1.01}, []float64{1.02}, []float64{1.03}, []float64{1.04}, []float64{1.05},
		[]float64{1.06}, []float64{1000})
	e := estimateMedian(s, DefaultOptions(1))
	e.Check = &Interval{Low: 1, High: 1000}
	if got := disagreement(e); len(got) != 1 {
		t.Errorf("warnings are %q", got)
	}
}

func TestManyTrialsStayBounded(t *testing.T) {
	trials := make([][]float64, maxBootstrapTrials+1)
	for i := range trials {
		trials[i] = []float64{float64(i)}
	}
	if e := Summarise(sampleOf("x", trials...), DefaultOptions(1)).Median; e.Interval == nil || e.Interval.Method != OrderStatistics {
		t.Errorf("got %+v", e)
	}
}

// noisy makes trials with log-normal noise between and within them; the true
// median is 1.
func noisy(random *rand.Rand, trials, iterations int, between, within float64) [][]float64 {
	all := make([][]float64, trials)
	for i := range all {
		centre := random.NormFloat64() * between
		all[i] = make([]float64, iterations)
		for j := range all[i] {
			all[i][j] = math.Exp(centre + random.NormFloat64()*within)
		}
	}
	return all
}

func TestIndependentValues(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 1))
	if n := independent(sampleOf("x", noisy(random, 20, 20, 0, 0.3)...)); n < 200 {
		t.Errorf("400 independent values count as %d", n)
	}
	if n := independent(sampleOf("x", noisy(random, 20, 20, 1, 0.001)...)); n < 20 || n > 22 {
		t.Errorf("20 trials of equal iterations count as %d", n)
	}
	if n := independent(sampleOf("x", []float64{1, 2, 3})); n != 1 {
		t.Errorf("one trial counts as %d", n)
	}
	if n := independent(sampleOf("x", []float64{5, 5}, []float64{5, 5})); n != 2 {
		t.Errorf("two trials of one value count as %d", n)
	}
}

// The shortcut draws from the same distribution as resampling does.
func TestResampledMedianIsThatOfAResample(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 1))
	for _, m := range []int{2, 3, 6, 7} {
		values := make([]float64, m)
		for i := range values {
			values[i] = float64(i * i)
		}
		const n = 40000
		var direct, short float64
		var directLow, shortLow int
		resample := make([]float64, m)
		for range n {
			for i := range resample {
				resample[i] = values[random.IntN(m)]
			}
			slices.Sort(resample)
			d, s := middle(resample), resampledMedian(values, random)
			direct, short = direct+d/n, short+s/n
			if d <= values[0] {
				directLow++
			}
			if s <= values[0] {
				shortLow++
			}
		}
		if math.Abs(direct-short) > 0.02*direct+0.01 {
			t.Errorf("%d values: mean %v by resampling, %v by the shortcut", m, direct, short)
		}
		if math.Abs(float64(directLow-shortLow)) > 0.03*n {
			t.Errorf("%d values: %d and %d of %d at the smallest", m, directLow, shortLow, n)
		}
	}
}

// Coverage of the 95 % interval, by a small simulation. The bounds leave three
// standard errors of the simulation on the figures in the package comment.
func TestCoverage(t *testing.T) {
	for _, c := range []struct {
		name               string
		trials, iterations int
		between, within    float64
		low                float64
	}{
		{"few trials of one value", 6, 1, 0, 0.5, 0.90},
		{"trials that differ", 10, 10, 0.5, 0.2, 0.89},
		{"iterations that differ", 10, 5, 0, 0.5, 0.96},
		{"heavy tail", 12, 5, 0.3, 2, 0.92},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(11, 1))
			const runs = 200
			covered, exact := 0, 0
			for i := range runs {
				e := estimateMedian(sampleOf("x", noisy(random, c.trials, c.iterations, c.between, c.within)...), Options{Seed: uint64(i), Resamples: 300})
				if e.Interval.Contains(1) {
					covered++
				}
				if e.Check.Contains(1) {
					exact++
				}
			}
			if got := float64(covered) / runs; got < c.low {
				t.Errorf("the bootstrap covers %.3f, want ≥ %.2f", got, c.low)
			}
			if got := float64(exact) / runs; got < 0.92 {
				t.Errorf("order statistics cover %.3f, want ≥ 0.92", got)
			}
		})
	}
}
