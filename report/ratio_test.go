package report_test

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"edgebench/report"
	"edgebench/report/html"
	"edgebench/report/text"
	"edgebench/results"
	"edgebench/runners"
)

// otherRatio matches ratios that are not written as format.Factor does: "3.2×",
// "× 1.05", "1/12" and "12 times less". A number of workers, as in "reused ×2", is none.
var otherRatio = regexp.MustCompile(`.{0,30}(\d×|× ?\d+\.\d|× \d|[ >\[]1/\d|\d times (more|less|fewer|longer|shorter|faster|slower)).{0,20}`)

// factorForm matches the one form.
var factorForm = regexp.MustCompile(`\d × (longer|shorter|more|less|fewer|higher|lower)`)

// A ratio is written in one way, whatever shows it.
func TestRatiosAreWrittenInOneWay(t *testing.T) {
	folders := runs(2, 1)
	folder := folders[0]
	m := report.Build(folder.Plan, folder.Environment, folder.Records)
	c := report.Compare(folders[1], folders[0], false)
	h, err := report.BuildHistory(folders, everything(t, "experiment=coldstart"))
	if err != nil {
		t.Fatal(err)
	}
	folder.Plan.Own = &results.Own{Programs: []results.Program{
		{Name: "module", Build: "c", Kind: string(runners.Wasm)}, {Name: "image", Build: "c", Kind: string(runners.Image)},
	}}
	own := report.Build(folder.Plan, folder.Environment, folder.Records)
	for name, write := range map[string]func(io.Writer) error{
		"text": func(w io.Writer) error { return text.Full(w, m, 120, false) }, "table": func(w io.Writer) error { return text.Table(w, m, 80, false) },
		"page": func(w io.Writer) error { return html.Write(w, m) }, "markdown": func(w io.Writer) error { return text.Markdown(w, m) },
		"programs":   func(w io.Writer) error { return text.Full(w, own, 120, false) },
		"comparison": func(w io.Writer) error { return text.Compare(w, c, true, 120, false) }, "comparison page": func(w io.Writer) error { return html.WriteComparison(w, c) },
		"comparison in Markdown": func(w io.Writer) error { return text.CompareMarkdown(w, c, true) },
		"history":                func(w io.Writer) error { return html.WriteHistory(w, h) }, "lines of a history": func(w io.Writer) error { return writeNotes(w, h) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if found := otherRatio.FindAllString(b.String(), 3); found != nil {
			t.Errorf("%s writes a ratio in another way: %q", name, found)
		}
		if name != "table" && name != "markdown" && !factorForm.MatchString(b.String()) {
			t.Errorf("%s has no ratio", name)
		}
	}
}

func writeNotes(w io.Writer, h *report.History) error {
	for _, f := range h.Figures() {
		for _, s := range f.Chart.Series {
			if _, err := io.WriteString(w, strings.Join(s.Notes, "\n")); err != nil {
				return err
			}
		}
	}
	return nil
}
