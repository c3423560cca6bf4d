package figure

import (
	"slices"
	"strings"

	"edgebench/report/model"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Measures of figures with lines in points: the plot to the left, the legend
// beside it.
const (
	chartHeight vg.Length = 352
	legendWidth vg.Length = 200
	legendPitch vg.Length = 27
	thumbnail   vg.Length = 24
	chartWidth            = width - 2*margin - legendWidth - 20
)

// chart is a plot of lines with a legend. A legend has one style, so the notes
// below the names are a second one.
type chart struct {
	plot         *plot.Plot
	names, notes plot.Legend
}

func newChart(x, y string) *chart {
	c := &chart{
		plot:  plot.New(),
		names: newLegend(styled(boldFont, ink, draw.XLeft, draw.YBottom), thumbnail, legendPitch),
		notes: newLegend(styled(smallFont, muted, draw.XLeft, draw.YBottom), thumbnail, legendPitch),
	}
	c.notes.YOffs = -lineHeight
	c.plot.BackgroundColor = nil
	styleAxis(&c.plot.X)
	styleAxis(&c.plot.Y)
	c.plot.X.Label.Text, c.plot.Y.Label.Text = x, y
	c.plot.Add(&plotter.Grid{Vertical: gridLine, Horizontal: gridLine})
	return c
}

// newLegend has entries from the upper left corner, one each pitch.
func newLegend(s draw.TextStyle, thumbnail, pitch vg.Length) plot.Legend {
	l := plot.NewLegend()
	l.TextStyle, l.ThumbnailWidth = s, thumbnail
	l.Top, l.Left = true, true
	l.Padding = pitch - s.Rectangle(" ").Max.Y
	return l
}

// add draws a series with its entry in the legend. A legend's entry has one note.
func (c *chart) add(s model.Series, dashes []vg.Length, step plotter.StepKind) {
	colour := colourOf(s.System)
	line := &plotter.Line{StepStyle: step, LineStyle: draw.LineStyle{Color: colour, Width: 1.8, Dashes: dashes}}
	for _, p := range s.Points {
		line.XYs = append(line.XYs, plotter.XY{X: p.X, Y: p.Y})
		if i := p.Interval; i != nil {
			c.plot.Add(&plotter.Line{XYs: plotter.XYs{{X: p.X, Y: i.Low}, {X: p.X, Y: i.High}},
				LineStyle: draw.LineStyle{Color: colour, Width: 1.2}})
		}
	}
	c.plot.Add(line)
	const most = legendWidth - thumbnail - 8
	c.names.Add("\u00a0"+fit(s.System.Name, boldFont, most), line)
	c.notes.Add("\u00a0" + fit(strings.Join(s.Notes, "; "), smallFont, most))
}

// height makes room for the legend.
func (c *chart) height() vg.Length {
	return max(chartHeight, c.names.Rectangle(draw.Canvas{}).Size().Y+lineHeight) + bottom
}

// draw fills a canvas of that height.
func (c *chart) draw(page draw.Canvas) {
	lines, legend := page, page
	lines.Max.X = page.Min.X + chartWidth
	lines.Min.Y = page.Max.Y - chartHeight
	c.plot.Draw(lines)
	legend.Min.X = page.Max.X - legendWidth
	c.names.Draw(legend)
	c.notes.Draw(legend)
}

// lineFigure is a figure of a chart. Marks at the ends of lines lie on all of them.
func lineFigure(m *model.Model, c *model.Chart) (Figure, bool) {
	if len(c.Series) == 0 {
		return Figure{}, false
	}
	drawn := newChart(c.X.Title, c.Y.Title)
	var xs, ys []float64
	var ends []plot.Plotter
	for _, s := range c.Series {
		for _, p := range s.Points {
			xs, ys = append(xs, p.X), append(ys, p.Y)
			if p.Interval != nil {
				ys = append(ys, p.Interval.Low, p.Interval.High)
			}
		}
		step := plotter.NoStep
		if c.Steps {
			step = plotter.PostStep
		}
		if c.Steps && c.Y.Share { // it begins where no share is reached
			s.Points = slices.Concat([]model.Point{{X: s.Points[0].X}}, s.Points)
		}
		drawn.add(s, dashesOf(s.System, m.Systems), step)
		if s.End != model.EndPlain {
			ends = append(ends, mark(s))
		}
		ends = append(ends, points(s, c.X.Whole)...)
	}
	drawn.plot.Add(ends...)
	if c.X.Whole {
		setWhole(&drawn.plot.X, xs)
	} else {
		setLog(&drawn.plot.X, c.X, xs, chartWidth, across)
	}
	if c.Y.Share {
		setShares(&drawn.plot.Y, 25)
	} else {
		setLog(&drawn.plot.Y, c.Y, ys, chartHeight, upwards)
	}
	return Figure{
		Name: c.ID, Title: c.Title, Conditions: conditions(m, c.Shows), Reading: c.Reading, Alt: c.Alt,
		height: drawn.height(), draw: drawn.draw,
	}, true
}

// mark is drawn at the end of a line.
func mark(s model.Series) plot.Plotter {
	style := draw.GlyphStyle{Color: colourOf(s.System), Radius: 4, Shape: cross{}}
	if s.End == model.EndOpen {
		style.Shape = ring{}
	}
	last := s.Points[len(s.Points)-1]
	return &plotter.Scatter{XYs: plotter.XYs{{X: last.X, Y: last.Y}}, GlyphStyle: style}
}

// points marks what a line alone does not show: points that changed, and each point of
// an axis of whole numbers, where a line may have a single one.
func points(s model.Series, all bool) (list []plot.Plotter) {
	for _, p := range s.Points {
		style := draw.GlyphStyle{Color: colourOf(s.System), Radius: 2.4, Shape: draw.CircleGlyph{}}
		switch {
		case p.Change != model.ChangeNone:
			style.Radius, style.Shape = 6, triangle{down: p.Change == model.ChangeLess}
		case !all:
			continue
		}
		list = append(list, &plotter.Scatter{XYs: plotter.XYs{{X: p.X, Y: p.Y}}, GlyphStyle: style})
	}
	return list
}

// triangle is filled, and points up or down.
type triangle struct{ down bool }

// DrawGlyph implements draw.GlyphDrawer.
func (t triangle) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	tip := s.Radius
	if t.down {
		tip = -tip
	}
	var p vg.Path
	p.Move(vg.Point{X: at.X, Y: at.Y + tip})
	p.Line(vg.Point{X: at.X - s.Radius, Y: at.Y - tip*0.7})
	p.Line(vg.Point{X: at.X + s.Radius, Y: at.Y - tip*0.7})
	p.Close()
	c.SetColor(s.Color)
	c.Fill(p)
}

// cross is a bold draw.CrossGlyph, whose lines have half a point.
type cross struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (cross) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	style, r := draw.LineStyle{Color: s.Color, Width: 2}, s.Radius
	c.StrokeLine2(style, at.X-r, at.Y-r, at.X+r, at.Y+r)
	c.StrokeLine2(style, at.X-r, at.Y+r, at.X+r, at.Y-r)
}
