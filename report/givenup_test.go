package report_test

import (
	"bytes"
	"strings"
	"testing"

	"edgebench/report"
	"edgebench/report/html"
	"edgebench/report/model"
	"edgebench/report/reporttest"
	"edgebench/report/text"
	"edgebench/results"
)

// givenUp is a run in which trials of wasmer on pooled have failed twice and were
// not begun any more. With ok, the first of them has ended well.
func givenUp(ok bool) *model.Model {
	plan, env, records := reporttest.Run(1)
	var kept []results.Record
	n := 0
	for _, r := range records {
		if r.Workload == "rewrite" && r.Outcome == results.Failed {
			if n++; n > 3 {
				continue
			}
			if n == 1 && ok {
				r.Outcome, r.Error = results.OK, ""
				r.Metrics = []results.Metric{{Name: "first_response", Unit: results.Seconds, Values: []float64{1, 1}}}
			}
		}
		kept = append(kept, r)
	}
	return report.Build(plan, env, kept)
}

func TestGivenUpCells(t *testing.T) {
	m := givenUp(false)
	e := find(t, grids(m, "ladder-rewrite-c-page-cache-warm")[0], "wasmer/cranelift-aot", "pooled, later")
	if e.State != model.GivenUp || e.Why != "given up after 3 failures: instantiate: out of bounds memory access" {
		t.Errorf("%s (%s)", e.State, e.Why)
	}
	c := m.Counts
	if c.GivenUp != reporttest.Blocks-3 || c.GivenUpCells != 1 || c.Missing != 0 {
		t.Errorf("counts are %+v", c)
	}
	if c.Planned+c.Adaptive != c.OK+c.Failed+c.Unavailable+c.GivenUp {
		t.Errorf("counts don't add up: %+v", c)
	}
	for _, w := range m.Warnings {
		if strings.Contains(w, "resume") {
			t.Errorf("warns: %s", w)
		}
	}
	const said = "7 not begun as 1 cell was given up"
	var full, brief, page bytes.Buffer
	if err := text.Full(&full, m, 200, false); err != nil {
		t.Fatal(err)
	}
	if err := text.Table(&brief, m, 120, false); err != nil {
		t.Fatal(err)
	}
	if err := html.Write(&page, m); err != nil {
		t.Fatal(err)
	}
	for name, out := range map[string]string{"text": full.String(), "table": brief.String(), "page": page.String()} {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), said) {
			t.Errorf("the %s does not say %q", name, said)
		}
	}
	if !strings.Contains(page.String(), `n/a: given up <small>`) {
		t.Error("the page has no cell that is given up")
	}
}

// Figures of trials that ended well are shown with what became of the cell.
func TestGivenUpBesideSuccesses(t *testing.T) {
	e := find(t, grids(givenUp(true), "ladder-rewrite-c-page-cache-warm")[0], "wasmer/cranelift-aot", "pooled, later")
	if want := "2 of 3 trials failed; given up after 2 failures: instantiate: out of bounds memory access"; e.State != model.Measured || e.Why != want {
		t.Errorf("%s (%s), want %q", e.State, e.Why, want)
	}
}

// A cell of which all trials were begun was not given up, and neither was one whose
// run ended before.
func TestFailedCellsAreNotGivenUp(t *testing.T) {
	m := good()
	if e := find(t, grids(m, "ladder-rewrite-c-page-cache-warm")[0], "wasmer/cranelift-aot", "pooled, later"); e.State != model.Failed {
		t.Errorf("%s (%s)", e.State, e.Why)
	}
	if m.Counts.GivenUp != 0 || m.Counts.GivenUpCells != 0 {
		t.Errorf("counts are %+v", m.Counts)
	}
}
