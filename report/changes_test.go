package report

import (
	"math"
	"slices"
	"strings"
	"testing"

	"edgebench/bench/stat"
	"edgebench/bench/stat/compare"
	"edgebench/results"
)

// What changed comes first by the size of its effect, whichever its direction.
func TestChangedByEffect(t *testing.T) {
	old, new := runOf(1, "", 1), runOf(2, "m3", 1.5)
	for i := range new.Records {
		if r := &new.Records[i]; r.Mode == "m7" {
			r.Metrics[0].Values[0] /= 3
		}
	}
	c := Compare(old, new, false)
	changed := c.Changed()
	if len(changed) != 2 || changed[0].New.Mode != "m7" || changed[1].New.Mode != "m3" {
		t.Fatalf("%d rows changed: %+v", len(changed), changed)
	}
	for i, want := range []string{"3.0 × shorter [", "1.50 × longer ["} {
		if got := changed[i].Change(); !strings.HasPrefix(got, want) {
			t.Errorf("the change is %q, want %q", got, want)
		}
	}
	if len(changed)+len(c.Unchanged()) != len(c.Rows) {
		t.Errorf("%d and %d rows of %d", len(changed), len(c.Unchanged()), len(c.Rows))
	}
	if slices.ContainsFunc(c.Unchanged(), func(r ComparisonRow) bool { return r.Verdict == compare.Slower || r.Verdict == compare.Faster }) {
		t.Error("what changed is among what did not")
	}
	if want := "1 slower, 1 faster, "; !strings.HasPrefix(c.Summary(), want) {
		t.Errorf("the summary is %q", c.Summary())
	}
}

func TestNoChange(t *testing.T) {
	r := ComparisonRow{Comparison: compare.Comparison{Pair: compare.Pair{New: &stat.Sample{Unit: results.Seconds}}}}
	for _, v := range []float64{0, -1, math.Inf(1), math.NaN()} {
		if r.Ratio.Value = v; r.Change() != "no ratio" {
			t.Errorf("a ratio of %g is %q", v, r.Change())
		}
	}
	if c := (&Comparison{}); c.Summary() != "nothing could be compared" {
		t.Errorf("the summary is %q", c.Summary())
	}
}
