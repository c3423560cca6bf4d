package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"edgebench/results"
)

func scaled(trials [][]float64, by float64) [][]float64 {
	for _, t := range trials {
		for i := range t {
			t[i] *= by
		}
	}
	return trials
}

func TestRatioFindsAKnownOne(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 1))
	covered := 0
	const runs = 200
	for i := range runs {
		a := sampleOf("x", scaled(noisy(random, 8, 4, 0.2, 0.2), 3)...)
		b := sampleOf("x", noisy(random, 10, 4, 0.2, 0.2)...)
		b.Cell.Runner = "b"
		e, err := Ratio(a, b, Options{Seed: uint64(i), Resamples: 300})
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
	if got := float64(covered) / runs; got < 0.92 {
		t.Errorf("the interval covers %.3f", got)
	}
}

// Two samples of one cell's name are not resampled in step: a ratio of a
// system to itself under another name has an interval around 1.
func TestRatioResamplesBothSides(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 1))
	trials := noisy(random, 8, 4, 0.2, 0.2)
	a, b := sampleOf("x", trials...), sampleOf("x", trials...)
	b.Cell.Runner = "b"
	e, err := Ratio(a, b, DefaultOptions(1))
	if err != nil || e.Value != 1 || e.Interval.Low >= 1 || e.Interval.High <= 1 {
		t.Errorf("got %+v, %v", e, err)
	}
}

func TestRatioLimits(t *testing.T) {
	two := sampleOf("x", []float64{2})
	if e, err := Ratio(two, sampleOf("x", []float64{4}), DefaultOptions(1)); err != nil || e.Value != 0.5 || e.Interval != nil || len(e.Warnings) != 1 {
		t.Errorf("one trial each gave %+v, %v", e, err)
	}
	if _, err := Ratio(two, sampleOf("x", []float64{0}), DefaultOptions(1)); err == nil {
		t.Error("a ratio to zero was taken")
	}
	bytes := sampleOf("x", []float64{4})
	bytes.Unit = results.Bytes
	if _, err := Ratio(two, bytes, DefaultOptions(1)); err == nil {
		t.Error("seconds were divided by bytes")
	}
	e, err := Ratio(sampleOf(results.ArtefactSize, []float64{10}), sampleOf(results.ArtefactSize, []float64{5}), DefaultOptions(1))
	if err != nil || e.Value != 2 || e.Interval.Method != Exact {
		t.Errorf("sizes gave %+v, %v", e, err)
	}
	near := sampleOf("x", []float64{0}, []float64{0}, []float64{1}, []float64{1}, []float64{1}, []float64{1})
	if e, err := Ratio(near, near, DefaultOptions(1)); err != nil || e.Interval != nil || len(e.Warnings) != 1 {
		t.Errorf("a reference near zero gave %+v, %v", e, err)
	}
}
