package compare

import (
	"strings"
	"testing"
)

// Each branch of the decision, for pairs and for groups, with a word of its reason.
func TestVerdictsAndReasons(t *testing.T) {
	slower, faster := &Comparison{Verdict: Slower}, &Comparison{Verdict: Faster}
	for name, c := range map[string]struct {
		j      judged
		oneRun bool
		want   Verdict
		code   Code
		words  string
	}{
		"within the band":         {judged{low: 0.99, value: 1, high: 1.01, p: 1}, false, Same, WithinBand, "within the band of ± 2 %"},
		"slower":                  {judged{low: 1.03, value: 1.05, high: 1.07, p: 0.001}, false, Slower, Significant, "agree (p = 0.001)"},
		"faster":                  {judged{low: 0.93, value: 0.95, high: 0.97, p: 0.001}, false, Faster, Significant, "agree (p = 0.001)"},
		"exact":                   {judged{low: 1.1, value: 1.1, high: 1.1, p: 1, exact: true}, false, Slower, AllAgree, "all trials agree"},
		"disturbed":               {judged{low: 1.03, value: 1.05, high: 1.07, p: 0.001, disturbed: true}, false, Undecided, MostlyDisturbed, "measure again"},
		"disturbed, of one run":   {judged{low: 1.03, value: 1.05, high: 1.07, p: 0.001, disturbed: true}, true, Slower, Significant, "agree"},
		"perhaps within the band": {judged{low: 1.005, value: 1.015, high: 1.03, p: 0.001}, false, Undecided, PerhapsWithinBand, "perhaps by less than ± 2 %"},
		"perhaps chance":          {judged{low: 1.01, value: 1.05, high: 1.1, p: 0.2}, false, Undecided, PerhapsChance, "with probability 0.2"},
		"too wide":                {judged{low: 0.9, value: 1.05, high: 1.2, p: 0.2, detectable: 1.3}, false, Undecided, TooWide, "these trials find ± 30 %"},

		"a group whose cells show it": {judged{low: 0.995, value: 1.01, high: 1.03, p: 0.001, cells: 20, shown: []*Comparison{slower, slower}}, false, Slower, SignificantInCells, "it shows in 2 of 20 cells"},
		"and within the band":         {judged{low: 1.001, value: 1.005, high: 1.01, p: 0.001, cells: 20, shown: []*Comparison{slower, slower}}, false, Slower, SignificantInCells, "(p = 0.001)"},
		"and disturbed":               {judged{low: 0.995, value: 1.01, high: 1.03, p: 0.001, disturbed: true, cells: 20, shown: []*Comparison{slower, slower}}, false, Undecided, MostlyDisturbed, "it shows in 2 of 20 cells"},
		"one cell alone":              {judged{low: 0.995, value: 1.01, high: 1.015, p: 0.001, cells: 20, shown: []*Comparison{slower}}, false, Undecided, WithinBandButShown, "it shows in 1 of 20 cells"},
		"without a test":              {judged{low: 0.995, value: 1.01, high: 1.015, p: 0.1, cells: 20, shown: []*Comparison{slower, slower}}, false, Undecided, WithinBandButShown, "differ by themselves"},
		"on both sides":               {judged{low: 0.995, value: 1.01, high: 1.03, p: 0.001, cells: 20, shown: []*Comparison{slower, slower, faster}}, false, Undecided, TooWide, "it shows in 3 of 20 cells"},
		"on the other side":           {judged{low: 0.995, value: 1.01, high: 1.03, p: 0.001, cells: 20, shown: []*Comparison{faster, faster}}, false, Undecided, TooWide, "it shows in 2 of 20 cells"},
		"cells that are faster":       {judged{low: 0.97, value: 0.99, high: 1.01, p: 0.001, cells: 20, shown: []*Comparison{faster, faster}}, false, Faster, SignificantInCells, "it shows in 2 of 20 cells"},
	} {
		criteria := DefaultCriteria(1)
		criteria.OneRun = c.oneRun
		got, reason := criteria.judge(c.j)
		if got != c.want || reason.Code != c.code || !strings.Contains(reason.String(), c.words) {
			t.Errorf("%s: %s (%s) because %s, want %s (%s)", name, got, reason.Code, reason, c.want, c.code)
		}
	}
}
