package figure

import (
	"fmt"
	"strings"

	"edgebench/bench/stat"
	"edgebench/report"
	"edgebench/results"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Measures of figures with lines in points: the plot to the left, the legend
// beside it.
const (
	chartHeight vg.Length = 352
	legendWidth vg.Length = 244
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

// add draws a line of steps with its entry in the legend.
func (c *chart) add(s report.System, dashes []vg.Length, note string, steps plotter.XYs) {
	line := &plotter.Line{XYs: steps, StepStyle: plotter.PostStep,
		LineStyle: draw.LineStyle{Color: colourOf(s), Width: 1.8, Dashes: dashes}}
	c.plot.Add(line)
	const most = legendWidth - thumbnail - 8
	c.names.Add("\u00a0"+fit(s.Name, boldFont, most), line)
	c.notes.Add("\u00a0" + fit(note, smallFont, most))
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

// curves draws the distributions of first_response.
func curves(m *report.Model) (Figure, bool) {
	if len(m.Curves) == 0 {
		return Figure{}, false
	}
	var values []float64
	var alts []string
	drawn := newChart("time to the first verified response", "share of starts")
	for _, c := range m.Curves {
		values = append(values, c.X...)
		steps := plotter.XYs{{X: c.X[0], Y: 0}}
		for i, x := range c.X {
			steps = append(steps, plotter.XY{X: x, Y: c.P[i]})
		}
		drawn.add(c.System, dashesOf(c.System, m.Systems), report.Plural(c.Trials, "trial")+", "+report.Plural(c.Values, "value"), steps)
		alts = append(alts, fmt.Sprintf("%s from %s to %s", c.System.Name,
			report.Quantity(c.X[0], c.Unit), report.Quantity(c.X[len(c.X)-1], c.Unit)))
	}
	first := m.Curves[0]
	setLog(&drawn.plot.X, first.Unit, values, chartWidth, across)
	setShares(&drawn.plot.Y, 25)
	return Figure{
		Name:       "distribution",
		Title:      fmt.Sprintf("How %s starts of %s in %s are distributed", first.Cell.Rung, first.Cell.Workload, first.Cell.Language),
		Conditions: "share of starts that took at most so long, each trial weighing the same; " + first.Conditions + ". " + m.Machine(),
		Reading:    "A point of a line says which share of a system's starts (upwards) had answered within which time (to the right, logarithmic). A steep line is a steady system; a foot to the right at the top is a tail of slow starts.",
		Alt:        "Distribution of first responses: " + strings.Join(alts, "; ") + ".",
		height:     drawn.height(),
		draw:       drawn.draw,
	}, true
}

// stairs draws how many instances lived, over time.
func stairs(m *report.Model, g report.DensityGroup) (Figure, bool) {
	var times, counts []float64
	var ends []plot.Plotter
	var alts []string
	drawn := newChart("time since the first instance was begun", "live instances")
	for _, r := range g.Rows {
		c, ok := longest(r.Density.Trials)
		if !ok {
			continue
		}
		for _, at := range c.steps {
			times, counts = append(times, at.X), append(counts, at.Y)
		}
		drawn.add(r.System, dashesOf(r.System, m.Systems), c.end(), c.steps)
		ends = append(ends, c.mark(colourOf(r.System)))
		alts = append(alts, r.System.Name+" "+c.end())
	}
	if len(times) == 0 {
		return Figure{}, false
	}
	drawn.plot.Add(ends...)
	setLog(&drawn.plot.X, results.Seconds, times, chartWidth, across)
	setLog(&drawn.plot.Y, results.Count, counts, chartHeight, upwards)
	return Figure{
		Name:       g.ID,
		Title:      fmt.Sprintf("How many instances live at once: %s in %s", g.Workload, g.Language),
		Conditions: "instances alive that have answered, over the time since the first was begun; of each system the trial that reached most; " + g.Conditions + ". " + m.Machine(),
		Reading:    "Each line climbs as instances are added. It ends in an open circle where the plan's budget ended it, so that the node might carry more, and in a cross where something ran out, which the legend names. Both axes are logarithmic.",
		Alt:        "Live instances: " + strings.Join(alts, "; ") + ".",
		height:     drawn.height(),
		draw:       drawn.draw,
	}, true
}

// course is a density trial with its steps above zero: live instances by time.
type course struct {
	stat.Stairs
	most  float64
	steps plotter.XYs
}

// longest picks the trial that reached most and tells its times.
func longest(trials []stat.Stairs) (best course, ok bool) {
	for _, t := range trials {
		if t.Elapsed == nil || t.Most() <= best.most {
			continue
		}
		best = course{Stairs: t, most: t.Most()}
		for i, n := range t.Live {
			if n > 0 && t.Elapsed[i] > 0 {
				best.steps = append(best.steps, plotter.XY{X: t.Elapsed[i], Y: n})
			}
		}
	}
	return best, len(best.steps) > 0
}

// end says what the trial reached and what stopped it.
func (c course) end() string {
	text := report.LowerBound(report.Quantity(c.most, results.Count), c.AtBudget)
	if c.StoppedBy != "" {
		text += ", " + c.StoppedBy
	}
	return text
}

// mark is drawn at the end of the line.
func (c course) mark(colour rgb) plot.Plotter {
	s := draw.GlyphStyle{Color: colour, Radius: 4, Shape: cross{}}
	if c.AtBudget {
		s.Shape = ring{}
	}
	return &plotter.Scatter{XYs: c.steps[len(c.steps)-1:], GlyphStyle: s}
}

// cross is a bold draw.CrossGlyph, whose lines have half a point.
type cross struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (cross) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	style, r := draw.LineStyle{Color: s.Color, Width: 2}, s.Radius
	c.StrokeLine2(style, at.X-r, at.Y-r, at.X+r, at.Y+r)
	c.StrokeLine2(style, at.X-r, at.Y+r, at.X+r, at.Y-r)
}
