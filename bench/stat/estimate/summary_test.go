package estimate

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"edgebench/bench/experiment/size"
	"edgebench/bench/stat/internal/stattest"
)

func TestSummaryOfConstants(t *testing.T) {
	s := Summarise(stattest.Sample("x", []float64{2, 2}, []float64{2}, []float64{2}, []float64{2}, []float64{2}, []float64{2, 2}))
	if s.Median.Value != 2 || *s.Median.Interval != (Interval{2, 2, Interpolated}) || *s.Median.Check != (Interval{2, 2, OrderStatistics}) {
		t.Errorf("got %+v", s.Median)
	}
	if len(s.Median.Warnings) > 0 || s.Minimum != 2 || s.Maximum != 2 {
		t.Errorf("got %+v", s)
	}
}

func TestSummaryOfOneTrial(t *testing.T) {
	s := Summarise(stattest.Sample("x", []float64{3, 1, 2}))
	if s.Median.Value != 2 || s.Median.Interval != nil || s.Independent != 1 || len(s.Percentiles) != 0 {
		t.Errorf("got %+v", s)
	}
	if len(s.Median.Warnings) != 1 || !strings.Contains(s.Median.Warnings[0].String(), "need ≥ 6 trials, have 1") {
		t.Errorf("warnings are %q", s.Median.Warnings)
	}
}

// A trial counts once, however many iterations it holds.
func TestMedianWeighsTrialsEqually(t *testing.T) {
	s := Summarise(stattest.Sample("x", []float64{1}, []float64{2}, slices.Repeat([]float64{9}, 100)))
	if s.Median.Value != 2 {
		t.Errorf("the median is %v, want that of 1, 2 and 9", s.Median.Value)
	}
}

func TestSizesAreExact(t *testing.T) {
	s := Summarise(stattest.Sample(size.Artefact, []float64{4096}))
	if i := s.Median.Interval; i == nil || i.Method != Exact || i.Low != 4096 || len(s.Median.Warnings) > 0 {
		t.Errorf("got %+v", s.Median)
	}
	if s := Summarise(stattest.Sample(size.Artefact, []float64{4096}, []float64{5000})); s.Median.Interval != nil {
		t.Errorf("sizes that differ gave %+v", s.Median)
	}
}

func TestIndependentValues(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 1))
	if n := Independent(stattest.Sample("x", stattest.Noisy(random, 20, 20, 0, 0.3)...)); n < 200 {
		t.Errorf("400 independent values count as %d", n)
	}
	if n := Independent(stattest.Sample("x", stattest.Noisy(random, 20, 20, 1, 0.001)...)); n < 20 || n > 22 {
		t.Errorf("20 trials of equal iterations count as %d", n)
	}
	if n := Independent(stattest.Sample("x", []float64{1, 2, 3})); n != 1 {
		t.Errorf("one trial counts as %d", n)
	}
	if n := Independent(stattest.Sample("x", []float64{5, 5}, []float64{5, 5})); n != 2 {
		t.Errorf("two trials of one value count as %d", n)
	}
}
