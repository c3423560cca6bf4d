package html_test

import (
	"io"
	"runtime"
	"testing"

	"edgebench/report"
	"edgebench/report/html"
	"edgebench/report/reporttest"
)

// maxPage bounds the bytes of a page.
const maxPage = 3 << 20

// A page of 1,000 cells with 20 trials each stays small.
func TestPageOfAThousandCellsIsSmall(t *testing.T) {
	m := many()
	page := render(t, m)
	if len(page) > maxPage {
		t.Errorf("the page has %d bytes, at most %d are wanted", len(page), maxPage)
	}
	t.Logf("%d figures, %d bytes", len(m.Figures), len(page))
}

// BenchmarkPage renders a run of 100,000 records: 1,000 cells with 100 trials each. The
// bounds are five seconds and 500 MB.
func BenchmarkPage(b *testing.B) {
	plan, env, records := reporttest.Many(1000, 100)
	b.ReportMetric(float64(len(records)), "records")
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		if err := html.Write(io.Discard, report.Build(plan, env, records)); err != nil {
			b.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapSys-before.HeapSys)/1e6, "MB-heap")
}
