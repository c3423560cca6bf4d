package section

import (
	"testing"

	"edgebench/bench/stat/compare"
	"edgebench/report/model"
)

// A claim about both sides holds only where both have a figure, and fails where one does.
func TestRowVerdict(t *testing.T) {
	of := func(s model.Side, v compare.Verdict) model.ClassResult {
		return model.ClassResult{Side: s, Verdict: v}
	}
	const c, w = model.Containers, model.Wasm
	for _, x := range []struct {
		classes []model.ClassResult
		want    compare.Verdict
	}{
		{[]model.ClassResult{of(c, compare.Holds), of(c, compare.Unmeasured), of(w, compare.Holds)}, compare.Holds},
		{[]model.ClassResult{of(c, compare.Unmeasured), of(c, compare.Unmeasured), of(w, compare.Holds)}, compare.Undecided},
		{[]model.ClassResult{of(c, compare.Unmeasured), of(w, compare.Fails)}, compare.Fails},
		{[]model.ClassResult{of(c, compare.Unmeasured), of(w, compare.Fails), of(w, compare.Holds)}, compare.Depends},
		{[]model.ClassResult{of(c, compare.Undecided), of(w, compare.Holds)}, compare.Undecided},
		{[]model.ClassResult{of(w, compare.Holds)}, compare.Holds}, // the plan has one side alone
		{[]model.ClassResult{of(c, compare.Unmeasured), of(w, compare.Unmeasured)}, compare.Unmeasured},
		{[]model.ClassResult{of(c, compare.NoClaim), of(w, compare.Unmeasured)}, compare.NoClaim},
	} {
		if got := rowVerdict(x.classes); got != x.want {
			t.Errorf("%+v: %s, want %s", x.classes, got, x.want)
		}
	}
}
