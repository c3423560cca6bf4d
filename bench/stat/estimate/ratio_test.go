package estimate

import (
	"math"
	"math/rand/v2"
	"testing"

	"edgebench/bench/experiment/size"
	"edgebench/bench/stat/internal/stattest"
	"edgebench/results"
)

func TestRatioFindsAKnownOne(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 1))
	covered := 0
	const runs = 1000
	for range runs {
		a := stattest.Sample("x", stattest.Scaled(stattest.Noisy(random, 8, 4, 0.2, 0.2), 3)...)
		b := stattest.Sample("x", stattest.Noisy(random, 10, 4, 0.2, 0.2)...)
		e, err := Ratio(a, b)
		if err != nil {
			t.Fatal(err)
		}
		if e.Trials != 8 || math.Abs(math.Log(e.Value/3)) > 0.8 {
			t.Fatalf("got %+v", e)
		}
		if e.Interval.Contains(3) {
			covered++
		}
	}
	if got := float64(covered) / runs; got < 0.94 || got > 0.98 {
		t.Errorf("the interval covers %.3f", got)
	}
}

// A ratio turned over has its interval turned over.
func TestRatioIsSymmetric(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 1))
	a, b := stattest.Sample("x", stattest.Noisy(random, 8, 4, 0.2, 0.2)...), stattest.Sample("x", stattest.Noisy(random, 12, 4, 0.3, 0.2)...)
	there, err := Ratio(a, b)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Ratio(b, a)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(there.Interval.Low*back.Interval.High-1) > 1e-9 || math.Abs(there.Interval.High*back.Interval.Low-1) > 1e-9 {
		t.Errorf("got %+v and %+v", there.Interval, back.Interval)
	}
}

// Both sides are uncertain, even where they hold the same values.
func TestRatioToItself(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 1))
	s := stattest.Sample("x", stattest.Noisy(random, 8, 4, 0.2, 0.2)...)
	e, err := Ratio(s, s)
	one := Summarise(s).Median
	if err != nil || e.Value != 1 || e.Interval.High-1 <= one.Interval.High/one.Value-1 {
		t.Errorf("got %+v over %+v, %v", e.Interval, one.Interval, err)
	}
}

func TestRatioLimits(t *testing.T) {
	two := stattest.Sample("x", []float64{2})
	if e, err := Ratio(two, stattest.Sample("x", []float64{4})); err != nil || e.Value != 0.5 || e.Interval != nil || len(e.Warnings) != 1 {
		t.Errorf("one trial each gave %+v, %v", e, err)
	}
	if _, err := Ratio(two, stattest.Sample("x", []float64{0})); err == nil {
		t.Error("a ratio to zero was taken")
	}
	bytes := stattest.Sample("x", []float64{4})
	bytes.Unit = results.Bytes
	if _, err := Ratio(two, bytes); err == nil {
		t.Error("seconds were divided by bytes")
	}
	e, err := Ratio(stattest.Sample(size.Artefact, []float64{10}), stattest.Sample(size.Artefact, []float64{5}))
	if err != nil || e.Value != 2 || e.Interval.Method != Exact {
		t.Errorf("sizes gave %+v, %v", e, err)
	}
	near := stattest.Sample("x", []float64{0}, []float64{0}, []float64{1}, []float64{1}, []float64{1}, []float64{1})
	if e, err := Ratio(near, near); err != nil || e.Interval != nil || len(e.Warnings) != 1 {
		t.Errorf("a reference near zero gave %+v, %v", e, err)
	}
}
