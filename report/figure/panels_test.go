package figure

import (
	"strings"
	"testing"

	"edgebench/bench/stat/estimate"
	"edgebench/report/model"
	"edgebench/results"
)

// A grid with more columns than a page has room for is drawn all the same.
func TestManyColumns(t *testing.T) {
	g := &model.Grid{ID: "wide", Title: "wide", Picture: &model.Caption{Shows: "what", Reading: "reading"}}
	row := model.Row{System: model.System{Name: strings.Repeat("long", 50)}}
	for range 100 {
		g.Columns = append(g.Columns, model.Column{Label: "column", Unit: results.Seconds})
		row.Entries = append(row.Entries, model.Entry{State: model.Measured, Estimate: estimate.Estimate{Value: 1, Unit: results.Seconds}})
	}
	g.Rows = []model.Row{row}
	f, ok := dotFigure(&model.Model{}, g)
	if !ok {
		t.Fatal("there is no figure")
	}
	for _, format := range []string{PNG, SVG} {
		if _, err := f.Render(format); err != nil {
			t.Error(err)
		}
	}
}
