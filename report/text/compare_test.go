package text

import (
	"bytes"
	"strings"
	"testing"

	"edgebench/bench/stat"
	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/estimate"
	"edgebench/report"
	"edgebench/results"
)

// Runners come before cells, all of them and whatever their verdict.
func TestCompareNamesAllRunners(t *testing.T) {
	ratio := estimate.Estimate{Value: 1.048, Interval: &estimate.Interval{Low: 1.031, High: 1.066}}
	sample := &stat.Sample{Unit: "sec", Trials: []stat.Values{{Values: []float64{1}}}}
	c := &report.Comparison{
		Old: "a", New: "b", Band: 0.02, Level: 0.01, ContentionProbe: 1.5,
		Runners: []compare.GroupComparison{
			{Name: "docker", Cells: 4, Verdict: compare.Undecided, P: 1, Reason: compare.Reason{Code: compare.TooFewCells, Need: 6, Have: 4}},
			{Name: "wazero", Cells: 43, Ratio: ratio, P: 0.0002, Verdict: compare.Slower, Reason: compare.Reason{Code: compare.AllAgree}},
		},
		Rows: []report.ComparisonRow{{Name: "cell", Comparison: compare.Comparison{
			Pair: compare.Pair{Old: sample, New: sample}, Ratio: ratio, Verdict: compare.Slower, Reason: compare.Reason{Code: compare.AllAgree},
		}}},
	}
	var out bytes.Buffer
	if err := Compare(&out, c, false, 120, false); err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, want := range []string{
		"  undecided  docker as a whole, 4 cells: need ≥ 6 ",
		"  slower  wazero as a whole, 43 cells: 1.048 × longer [1.031, 1.066], p = 0.0002; all trials agree on both sides\n",
		"  slower  cell\n", "1 slower, 0 faster", "beware the contention probe of an uncontended core took 1.50 × longer", "half for cells and half for runners",
	} {
		i := strings.Index(out.String()[at:], want)
		if i < 0 {
			t.Fatalf("%q is not where it should be in\n%s", want, out.String())
		}
		at += i
	}
}

// Markdown has the verdict first, and no cell of a record is read as Markdown.
func TestCompareMarkdown(t *testing.T) {
	sample := &stat.Sample{Unit: "sec", Trials: []stat.Values{{Values: []float64{1}}}}
	row := report.ComparisonRow{Name: "a|b *cell*", Comparison: compare.Comparison{
		Pair: compare.Pair{Old: sample, New: sample}, Ratio: estimate.Estimate{Value: 1.5, Interval: &estimate.Interval{Low: 1.4, High: 1.6}}, Verdict: compare.Slower,
	}}
	same := row
	same.Verdict, same.Name = compare.Same, "other"
	c := &report.Comparison{Old: "a", New: "b", Rows: []report.ComparisonRow{same, row}, Gone: []string{"gone"},
		Differences: []results.Difference{{Field: "host.cpu", Old: "x", New: "y", Refused: true}}}
	var out bytes.Buffer
	if err := CompareMarkdown(&out, c, false); err != nil {
		t.Fatal(err)
	}
	got := out.String()
	if !strings.HasPrefix(got, "**1 slower, 0 faster, 1 the same, 0 undecided**: ") {
		t.Errorf("the verdict is not first in\n%s", got)
	}
	for _, want := range []string{"- **forbids a comparison**: host.cpu, x, now y\n", `| slower | a\|b \*cell\* | 1.00 s | 1.00 s | 1.50 × longer \[1.40, 1.60\] |`, "- the new run has no figures of gone\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "other") {
		t.Error("what is the same is shown")
	}
}
