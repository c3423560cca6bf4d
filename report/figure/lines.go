package figure

import (
	"fmt"

	"edgebench/report/model"

	"gonum.org/v1/plot/vg"
)

// Measures of figures with lines: the plot to the left, the legend beside it.
const (
	plotLeft   = margin + 46
	plotTop    = 12.0
	plotHeight = 300.0
	legendLeft = 640.0
	plotRight  = legendLeft - 24
	plotBottom = plotTop + plotHeight
)

// key is an entry of the legend.
type key struct {
	system model.System
	dashes []vg.Length
	lines  []string
}

// keyHeight is what an entry takes.
func keyHeight(k key) float64 { return 16 + 11*float64(len(k.lines)) }

// linesHeight makes room for the plot and for its legend.
func linesHeight(keys []key) float64 {
	legend := plotTop
	for _, k := range keys {
		legend += keyHeight(k)
	}
	return max(plotBottom+46, legend+10)
}

func paintKeys(p *page, keys []key) {
	y := plotTop + 6
	for _, k := range keys {
		p.line(colourOf(k.system), 2, k.dashes, legendLeft, y-3, legendLeft+24, y-3)
		p.text(legendLeft+30, y, fit(k.system.Name, boldFont, width-margin-legendLeft-30), boldFont, ink, left)
		for i, l := range k.lines {
			p.text(legendLeft+30, y+11*float64(i+1), fit(l, smallFont, width-margin-legendLeft-30), smallFont, muted, left)
		}
		y += keyHeight(k)
	}
}

// paintBottom draws a logarithmic axis below the plot, with its title.
func paintBottom(p *page, a logAxis, title string) {
	for _, t := range a.ticks(8) {
		x := a.place(t.value)
		p.line(grid, 0.75, nil, x, plotTop, x, plotBottom)
		if t.label != "" {
			p.text(x, plotBottom+14, t.label, smallFont, muted, centre)
		}
	}
	p.line(muted, 0.75, nil, plotLeft, plotBottom, plotRight, plotBottom)
	p.text((plotLeft+plotRight)/2, plotBottom+32, title, plainFont, ink, centre)
}

// lines draws a chart.
func lines(m *model.Model, c *model.Chart) (Figure, bool) {
	if len(c.Series) == 0 {
		return Figure{}, false
	}
	var xs, ys []float64
	var keys []key
	for _, s := range c.Series {
		keys = append(keys, key{s.System, dashesOf(s.System, m.Systems), s.Notes})
		for _, p := range s.Points {
			xs, ys = append(xs, p.X), append(ys, p.Y)
		}
	}
	across := newAxis(c.X.Unit, xs).over(plotLeft, plotRight)
	up := newUpright(c.Y, ys)
	return Figure{
		Name: c.ID, Title: c.Title, Conditions: conditions(m, c.Shows), Reading: c.Reading, Alt: c.Alt,
		height: linesHeight(keys),
		paint: func(p *page) {
			paintBottom(p, across, c.X.Title)
			up.paint(p)
			for i, s := range c.Series {
				paintSeries(p, across, up, c, s, keys[i].dashes)
			}
			paintKeys(p, keys)
		},
	}, true
}

// upright is the axis to the left of a plot: of shares, or logarithmic.
type upright struct {
	share bool
	logAxis
}

func newUpright(a model.Axis, values []float64) upright {
	return upright{a.Share, newAxis(a.Unit, values).over(plotBottom, plotTop)}
}

func (u upright) place(v float64) float64 {
	if u.share {
		return plotBottom - v*plotHeight
	}
	return u.logAxis.place(v)
}

func (u upright) paint(p *page) {
	var list []tick
	for percent := 0; percent <= 100; percent += 25 {
		list = append(list, tick{float64(percent) / 100, fmt.Sprintf("%d %%", percent)})
	}
	if !u.share {
		list = u.ticks(8)
	}
	for _, t := range list {
		y := u.place(t.value)
		p.line(grid, 0.75, nil, plotLeft, y, plotRight, y)
		if t.label != "" {
			p.text(plotLeft-6, y+3, t.label, smallFont, muted, right)
		}
	}
}

// paintSeries draws a line, the intervals of its points, and its end. One that
// climbs in steps over shares begins at none.
func paintSeries(p *page, across logAxis, up upright, c *model.Chart, s model.Series, dashes []vg.Length) {
	colour := colourOf(s.System)
	var xy []float64
	if c.Steps && c.Y.Share {
		xy = append(xy, across.place(s.Points[0].X), up.place(0))
	}
	for _, point := range s.Points {
		x, y := across.place(point.X), up.place(point.Y)
		if c.Steps && len(xy) > 0 {
			xy = append(xy, x, xy[len(xy)-1])
		}
		xy = append(xy, x, y)
		if i := point.Interval; i != nil {
			p.line(colour, 1.2, nil, x, up.place(i.Low), x, up.place(i.High))
		}
	}
	p.line(colour, 1.8, dashes, xy...)
	x, y := xy[len(xy)-2], xy[len(xy)-1]
	switch s.End {
	case model.EndOpen:
		p.disc(x, y, 4, colour)
		p.disc(x, y, 2.4, paper)
	case model.EndStopped:
		p.line(colour, 2, nil, x-4, y-4, x+4, y+4)
		p.line(colour, 2, nil, x-4, y+4, x+4, y-4)
	}
}
