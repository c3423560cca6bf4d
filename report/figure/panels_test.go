package figure

import (
	"strings"
	"testing"

	"edgebench/bench/stat"
	"edgebench/report"
	"edgebench/results"
)

// A grid with more columns than a page has room for is drawn all the same.
func TestManyColumns(t *testing.T) {
	g := report.Grid{ID: "wide", Title: "wide"}
	row := report.Row{System: report.System{Name: strings.Repeat("long", 50)}}
	for range 100 {
		g.Columns = append(g.Columns, report.Column{Label: "column", Unit: results.Seconds})
		row.Entries = append(row.Entries, report.Entry{State: report.Measured, Estimate: stat.Estimate{Value: 1, Unit: results.Seconds}})
	}
	g.Rows = []report.Row{row}
	f, ok := dotFigure(&report.Model{}, g, "what", "reading")
	if !ok {
		t.Fatal("there is no figure")
	}
	for _, format := range []string{PNG, SVG} {
		if _, err := f.Render(format); err != nil {
			t.Error(err)
		}
	}
}
