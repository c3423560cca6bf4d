package html

import (
	"cmp"
	"strings"

	"edgebench/bench/experiment/registry"
	"edgebench/bench/stat/estimate"
	"edgebench/report/figure"
	"edgebench/report/format"
	"edgebench/report/model"
)

// Kinds of views.
const (
	kindDots  = "dots"
	kindLines = "lines"
	kindBars  = "bars"
	kindTable = "table"
	kindMarks = "marks"
)

// view adds a view for an element, none for an element without any figure.
func (c *collector) view(s model.Section, e model.Element) {
	v := dataView{Section: s.Title}
	switch {
	case e.Grid != nil:
		c.grid(&v, e.Grid)
	case e.Chart != nil:
		c.chart(&v, e.Chart)
	case e.Stack != nil:
		c.stack(&v, e.Stack)
	case e.List != nil:
		c.list(&v, e.List)
	case e.Pairs != nil:
		c.pairs(&v, e.Pairs)
	case e.Matrix != nil:
		matrix(&v, e.Matrix)
	}
	if v.Filled > 0 {
		c.Views = append(c.Views, v)
	}
}

// named fills in what an element is of. What stands for itself is named by its title.
func (v *dataView) named(kind, id, title string, of *model.Subject) {
	v.Kind, v.ID, v.Title, v.What = kind, id, title, title
	if of != nil {
		v.What, v.Work, v.Build, v.Params = of.What, of.Artefact.Workload, of.Artefact.Build, of.Params.String()
	}
}

func (v *dataView) captioned(p *model.Caption) {
	if p != nil {
		v.Shows, v.Reading = p.Shows, p.Reading
	}
}

func (c *collector) grid(v *dataView, g *model.Grid) {
	v.named(kindDots, g.ID, g.Title, g.Of)
	v.captioned(g.Picture)
	v.Notes = g.Notes
	for _, col := range g.Columns {
		v.Columns = append(v.Columns, dataColumn{Label: col.Label, Why: col.Explanation, Unit: col.Unit})
	}
	for _, r := range g.Rows {
		row := dataRow{System: -1, Name: r.System.Name}
		if !g.Artefacts {
			row.System, row.Name = c.system(r.System), ""
		}
		for _, e := range r.Entries {
			if e.State == model.Measured {
				v.Filled++
			}
			row.Entries = append(row.Entries, c.entry(e))
		}
		v.Rows = append(v.Rows, row)
	}
}

// entry is the index of a figure, a figure that no sample has, or nil for one that was
// not planned.
func (c *collector) entry(e model.Entry) any {
	if e.State == model.Unplanned {
		return nil
	}
	if e.State != model.Measured || e.Key.Metric == "" {
		return figureOf(e, false, false)
	}
	if i, known := c.figures[e.Key]; known {
		return i
	}
	metric, _ := registry.Metric(estimate.Recorded(e.Key.Metric))
	return c.listed(model.CellFigure{
		Cell: e.Key.Cell, System: c.systemOf(e.Key.Cell.System.String()), Metric: e.Key.Metric,
		Label: strings.ReplaceAll(e.Key.Metric, "_", " "), Meaning: metric.Meaning, Entry: e,
	})
}

func (c *collector) systemOf(name string) model.System {
	for _, s := range c.m.Systems {
		if s.Name == name {
			return s
		}
	}
	return model.System{Name: name}
}

func (c *collector) chart(v *dataView, chart *model.Chart) {
	v.named(kindLines, chart.ID, chart.Title, chart.Of)
	v.captioned(&chart.Caption)
	v.Alt, v.Steps = chart.Alt, chart.Steps
	v.X, v.Y = axisOf(chart.X), axisOf(chart.Y)
	for _, s := range chart.Series {
		line := dataSeries{System: c.system(s.System), Notes: s.Notes, End: string(s.End)}
		for _, p := range s.Points {
			line.X, line.Y = append(line.X, number(p.X)), append(line.Y, number(p.Y))
			if p.Interval != nil {
				line.Low, line.High = append(line.Low, number(p.Interval.Low)), append(line.High, number(p.Interval.High))
			}
		}
		if len(line.Low) != len(line.X) { // some points have none
			line.Low, line.High = nil, nil
		}
		v.Filled += len(s.Points)
		v.Series = append(v.Series, line)
	}
}

func axisOf(a model.Axis) *dataAxis { return &dataAxis{a.Title, a.Unit, a.Share, a.Doubling, a.Whole} }

func (c *collector) stack(v *dataView, s *model.Stack) {
	v.named(kindBars, s.ID, s.Title, s.Of)
	v.captioned(s.Picture)
	for _, p := range s.Panels {
		panel := dataPanel{Label: p.Label, Title: p.Title, Bars: []dataBar{}}
		for _, b := range p.Bars {
			panel.Bars = append(panel.Bars, c.bar(b))
		}
		v.Filled += len(p.Bars)
		v.Panels = append(v.Panels, panel)
	}
}

// rest is what no phase covers.
const rest = "other"

func (c *collector) bar(b model.Bar) dataBar {
	bar := dataBar{System: c.system(b.System), Total: number(b.Total.Value), Text: format.Quantity(b.Total.Value, b.Total.Unit), Parts: []dataPart{}}
	parts := b.Parts
	if b.Rest > 0 {
		parts = append(parts[:len(parts):len(parts)], model.Part{Name: rest, Value: b.Rest})
	}
	for _, p := range parts {
		bar.Parts = append(bar.Parts, dataPart{p.Name, number(p.Value), format.Quantity(p.Value, b.Total.Unit), figure.PhaseColourName(p.Name)})
	}
	return bar
}

func (c *collector) list(v *dataView, l *model.List) {
	v.named(kindTable, l.ID, l.Title, l.Of)
	v.Shows = l.Legend
	for _, col := range l.Columns {
		v.Columns = append(v.Columns, dataColumn{Label: col.Label, Why: col.Explanation, Unit: col.Unit})
	}
	for _, i := range l.Items {
		row := dataRow{System: c.system(i.System), Texts: i.Cells, Why: i.Why}
		if i.State != model.Measured {
			row.State, row.Texts = i.State.Word(), nil
		} else {
			v.Filled++
		}
		v.Rows = append(v.Rows, row)
	}
}

func (c *collector) pairs(v *dataView, p *model.Pairs) {
	v.named(kindTable, p.ID, p.Title, &model.Subject{What: "Builds side by side"})
	v.Work, v.Build = p.Workload, p.Apart
	v.Shows = "medians with their 95 % intervals; the factor is that of " + p.Apart + " to " + p.Base
	v.Columns = []dataColumn{{Label: "measure"}, {Label: p.Base}, {Label: p.Apart}, {Label: "factor"}}
	for _, r := range p.Rows {
		v.Rows = append(v.Rows, dataRow{System: c.system(r.System),
			Texts: []string{cmp.Or(r.What, "–"), format.Estimated(r.Base), format.Estimated(r.Apart), r.Factor()}})
	}
	v.Filled = len(p.Rows)
}

func matrix(v *dataView, m *model.Matrix) {
	v.named(kindMarks, m.ID, m.Title, nil)
	v.captioned(m.Picture)
	v.Notes = m.Notes
	for _, col := range m.Columns {
		v.Columns = append(v.Columns, dataColumn{Label: col.Label(), System: col.System.Name})
	}
	for _, mark := range m.Legend {
		v.Legend = append(v.Legend, markOf(mark))
	}
	for _, g := range m.Groups {
		group := dataGroup{Title: g.Title, Rows: []dataCheck{}}
		for _, r := range g.Rows {
			check := dataCheck{Name: r.Name, Why: r.Explanation, Marks: []dataMark{}}
			for _, mark := range r.Marks {
				check.Marks = append(check.Marks, markOf(mark))
				if mark.Asked() {
					v.Filled++
				}
			}
			group.Rows = append(group.Rows, check)
		}
		v.Groups = append(v.Groups, group)
	}
}

func markOf(m model.Mark) dataMark {
	return dataMark{Sign: m.Drawn(), Word: m.Word, Tone: tone(m.Tone), Evidence: m.Evidence}
}
