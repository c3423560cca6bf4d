package figure

import (
	"cmp"
	"fmt"
	"strings"

	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const dotRadius vg.Length = 3.6

// dots makes panels of a grid: a row for each system, a panel for each column, a
// dot for each median with its interval. All panels share one logarithmic axis. It
// returns nil if nothing was measured.
func dots(g *model.Grid) *panels {
	var systems []model.System
	var titles []string
	var values []float64
	for _, c := range g.Columns {
		titles = append(titles, c.Label)
	}
	for _, r := range g.Rows {
		systems = append(systems, r.System)
		for _, e := range r.Entries {
			if e.State == model.Measured {
				low, high := reach(e.Estimate)
				values = append(values, low, e.Estimate.Value, high)
			}
		}
	}
	if len(values) == 0 {
		return nil
	}
	p := newPanels(systems, titles)
	for i, panel := range p.plots {
		addDots(panel, p.y, g.Rows, i)
		setLog(&panel.X, model.Axis{Unit: g.Columns[0].Unit}, values, p.panel, across)
	}
	return p
}

// reach is the interval of an estimate, or its value twice if it has no interval.
func reach(e estimate.Estimate) (low, high float64) {
	if e.Interval == nil || e.Interval.Method == estimate.Exact {
		return e.Value, e.Value
	}
	return e.Interval.Low, e.Interval.High
}

// addDots draws a column of a grid.
func addDots(p *plot.Plot, y []float64, rows []model.Row, column int) {
	p.Add(&plotter.Grid{Vertical: gridLine})
	var texts quantities
	for i, r := range rows {
		e := r.Entries[column]
		texts = append(texts, quantity{e, y[i]})
		if e.State != model.Measured || !(e.Estimate.Value > 0) {
			continue
		}
		if low, high := reach(e.Estimate); low < high {
			p.Add(&plotter.Line{XYs: plotter.XYs{{X: low, Y: y[i]}, {X: high, Y: y[i]}},
				LineStyle: draw.LineStyle{Color: colourOf(r.System), Width: 1.5}})
		}
		dot := draw.GlyphStyle{Color: colourOf(r.System), Radius: dotRadius, Shape: draw.CircleGlyph{}}
		if e.Estimate.Interval == nil {
			dot.Shape = ring{}
		}
		p.Add(&plotter.Scatter{XYs: plotter.XYs{{X: e.Estimate.Value, Y: y[i]}}, GlyphStyle: dot})
	}
	p.Add(texts)
}

// quantities write the value of each dot beside it, to the right where there is
// room, and states in the middle. plotter.Labels have one side for all.
type quantities []quantity

type quantity struct {
	model.Entry
	y float64
}

// Plot implements plot.Plotter.
func (list quantities) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	for _, q := range list {
		text, style := q.State.Word(), styled(smallFont, muted, draw.XCenter, middle)
		at := vg.Point{X: c.Center().X, Y: trY(q.y)}
		switch q.State {
		case model.Unplanned: // there is nothing to say of it
			continue
		case model.Failed, model.GivenUp:
			style.Color = alarm
		case model.Measured:
			x, dot := q.Estimate.Value, trX(q.Estimate.Value)
			low, high := reach(q.Estimate)
			text = format.Quantity(x, q.Estimate.Unit)
			style.Color, style.XAlign, at.X = ink, draw.XLeft, max(dot+dotRadius, trX(high))+4
			if !(x > 0) { // it has no place on the axis
				at.X = c.Min.X
			} else if at.X+style.Width(text) > c.Max.X {
				style.XAlign, at.X = draw.XRight, min(dot-dotRadius, trX(low))-4
			}
		}
		c.FillText(style, at, text)
	}
}

// ring is a circle that hides what is below it. draw.RingGlyph has a line of
// half a point and no inside.
type ring struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (ring) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	draw.CircleGlyph{}.DrawGlyph(c, s, at)
	c.SetColor(paper)
	s.Radius -= 1.5
	draw.CircleGlyph{}.DrawGlyph(c, s, at)
}

// dotFigure is a figure of a grid: of the columns that are drawn and in the first
// one's unit, since all panels share an axis.
func dotFigure(m *model.Model, g *model.Grid) (Figure, bool) {
	g = only(g, g.Columns[0].Unit)
	p := dots(g)
	if p == nil {
		return Figure{}, false
	}
	return Figure{
		Name: g.ID, Title: cmp.Or(g.Picture.Title, g.Title), height: p.height(), draw: p.draw,
		Conditions: conditions(m, g.Picture.Shows+"; "+intervals(g)),
		Reading:    g.Picture.Reading + " If no line is visible, the interval is narrower than the dot. A ring marks a figure with too few trials for an interval. A dash means that the system has no such rung or measure; what was not part of the run is left empty. The axis is logarithmic and the same in all panels.",
		Alt:        alt(g),
	}, true
}

// only keeps the columns that are in a unit and are drawn.
func only(g *model.Grid, unit string) *model.Grid {
	kept := *g
	kept.Columns, kept.Rows = nil, nil
	for _, r := range g.Rows {
		kept.Rows = append(kept.Rows, model.Row{System: r.System})
	}
	for c, column := range g.Columns {
		if column.Unit != unit || column.Undrawn {
			continue
		}
		kept.Columns = append(kept.Columns, column)
		for i := range g.Rows {
			kept.Rows[i].Entries = append(kept.Rows[i].Entries, g.Rows[i].Entries[c])
		}
	}
	return &kept
}

// intervals says what the lines through the dots are and how many trials they
// rest on.
func intervals(g *model.Grid) string {
	fewest, greatest, exact := 0, 0, true
	for _, r := range g.Rows {
		for _, e := range r.Entries {
			if n := e.Estimate.Trials; n > 0 {
				greatest = max(greatest, n)
				exact = exact && e.Estimate.Interval != nil && e.Estimate.Interval.Method == estimate.Exact
				if fewest == 0 || n < fewest {
					fewest = n
				}
			}
		}
	}
	switch {
	case exact:
		return "values do not vary"
	case fewest < greatest:
		return fmt.Sprintf("95 %% intervals, n = %d to %d trials", fewest, greatest)
	}
	return fmt.Sprintf("95 %% intervals, trials n = %d", greatest)
}

// alt names the extremes of each column.
func alt(g *model.Grid) string {
	var parts []string
	for i, c := range g.Columns {
		var low, high *model.Row
		for j := range g.Rows {
			r := &g.Rows[j]
			if r.Entries[i].State != model.Measured {
				continue
			}
			if low == nil || r.Entries[i].Estimate.Value < low.Entries[i].Estimate.Value {
				low = r
			}
			if high == nil || r.Entries[i].Estimate.Value > high.Entries[i].Estimate.Value {
				high = r
			}
		}
		if low != nil {
			parts = append(parts, fmt.Sprintf("%s: from %s (%s) to %s (%s)", c.Label,
				format.Quantity(low.Entries[i].Estimate.Value, c.Unit), low.System.Name,
				format.Quantity(high.Entries[i].Estimate.Value, c.Unit), high.System.Name))
		}
	}
	return g.Title + ". " + strings.Join(parts, "; ") + "."
}
