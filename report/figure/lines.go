package figure

import (
	"fmt"
	"strings"

	"edgebench/report"
	"edgebench/results"

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
	system report.System
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

// curves draws the distributions of first_response.
func curves(m *report.Model) (Figure, bool) {
	if len(m.Curves) == 0 {
		return Figure{}, false
	}
	var values []float64
	var keys []key
	var alts []string
	for _, c := range m.Curves {
		values = append(values, c.X...)
		keys = append(keys, key{c.System, dashesOf(c.System, m.Systems),
			[]string{report.Plural(c.Trials, "trial") + ", " + report.Plural(c.Values, "value")}})
		alts = append(alts, fmt.Sprintf("%s from %s to %s", c.System.Name,
			report.Quantity(c.X[0], c.Unit), report.Quantity(c.X[len(c.X)-1], c.Unit)))
	}
	first := m.Curves[0]
	axis := newAxis(first.Unit, values).over(plotLeft, plotRight)
	return Figure{
		Name:       "distribution",
		Title:      fmt.Sprintf("How %s starts of %s in %s are distributed", first.Cell.Rung, first.Cell.Workload, first.Cell.Language),
		Conditions: "share of starts that took at most so long, each trial weighing the same; " + first.Conditions + ". " + m.Machine(),
		Reading:    "A point of a line says which share of a system's starts (upwards) had answered within which time (to the right, logarithmic). A steep line is a steady system; a foot to the right at the top is a tail of slow starts.",
		Alt:        "Distribution of first responses: " + strings.Join(alts, "; ") + ".",
		height:     linesHeight(keys),
		paint: func(p *page) {
			paintBottom(p, axis, "time to the first verified response")
			for share := 0; share <= 100; share += 25 {
				y := plotBottom - float64(share)/100*plotHeight
				p.line(grid, 0.75, nil, plotLeft, y, plotRight, y)
				p.text(plotLeft-6, y+3, fmt.Sprintf("%d %%", share), smallFont, muted, right)
			}
			for i, c := range m.Curves {
				paintCurve(p, axis, c, keys[i].dashes)
			}
			paintKeys(p, keys)
		},
	}, true
}

func paintCurve(p *page, a logAxis, c report.Curve, dashes []vg.Length) {
	y := plotBottom
	xy := []float64{a.place(c.X[0]), y}
	for i, v := range c.X {
		x := a.place(v)
		xy = append(xy, x, y)
		y = plotBottom - c.P[i]*plotHeight
		xy = append(xy, x, y)
	}
	p.line(colourOf(c.System), 1.8, dashes, xy...)
}

// stairs draws how many instances lived, over time.
func stairs(m *report.Model, g report.DensityGroup) (Figure, bool) {
	var courses []course
	var times, counts []float64
	for _, r := range g.Rows {
		if c, ok := longest(r); ok {
			c.dashes = dashesOf(r.System, m.Systems)
			courses = append(courses, c)
			times, counts = append(times, c.times...), append(counts, c.live...)
		}
	}
	if len(courses) == 0 {
		return Figure{}, false
	}
	var keys []key
	var alts []string
	for _, c := range courses {
		keys = append(keys, key{c.system, c.dashes, []string{c.end()}})
		alts = append(alts, c.system.Name+" "+c.end())
	}
	across := newAxis(results.Seconds, times).over(plotLeft, plotRight)
	up := newAxis(results.Count, counts).over(plotBottom, plotTop)
	return Figure{
		Name:       g.ID,
		Title:      fmt.Sprintf("How many instances live at once: %s in %s", g.Workload, g.Language),
		Conditions: "instances alive that have answered, over the time since the first was begun; of each system the trial that reached most; " + g.Conditions + ". " + m.Machine(),
		Reading:    "Each line climbs as instances are added. It ends in an open circle where the plan's budget ended it, so that the node might carry more, and in a cross where something ran out, which the legend names. Both axes are logarithmic.",
		Alt:        "Live instances: " + strings.Join(alts, "; ") + ".",
		height:     linesHeight(keys),
		paint: func(p *page) {
			paintBottom(p, across, "time since the first instance was begun")
			for _, t := range up.ticks(8) {
				y := up.place(t.value)
				p.line(grid, 0.75, nil, plotLeft, y, plotRight, y)
				if t.label != "" {
					p.text(plotLeft-6, y+3, t.label, smallFont, muted, right)
				}
			}
			for _, c := range courses {
				c.paint(p, across, up)
			}
			paintKeys(p, keys)
		},
	}, true
}

// course is a density trial with its steps above zero.
type course struct {
	system      report.System
	dashes      []vg.Length
	times, live []float64
	most        float64
	bound       bool
	stopped     string
}

// longest picks the trial of a row that reached most and tells its times.
func longest(r report.DensityRow) (course, bool) {
	best := course{system: r.System}
	for _, t := range r.Density.Trials {
		if t.Elapsed == nil || t.Most() <= best.most {
			continue
		}
		best.times, best.live = nil, nil
		for i, n := range t.Live {
			if n > 0 && t.Elapsed[i] > 0 {
				best.times, best.live = append(best.times, t.Elapsed[i]), append(best.live, n)
			}
		}
		best.most, best.bound, best.stopped = t.Most(), t.AtBudget, t.StoppedBy
	}
	return best, len(best.live) > 0
}

// end says what the trial reached and what stopped it.
func (c course) end() string {
	text := report.LowerBound(report.Quantity(c.most, results.Count), c.bound)
	if c.stopped != "" {
		text += ", " + c.stopped
	}
	return text
}

func (c course) paint(p *page, across, up logAxis) {
	colour := colourOf(c.system)
	var xy []float64
	for i := range c.live {
		x, y := across.place(c.times[i]), up.place(c.live[i])
		if i > 0 {
			xy = append(xy, x, up.place(c.live[i-1]))
		}
		xy = append(xy, x, y)
	}
	p.line(colour, 1.8, c.dashes, xy...)
	x, y := xy[len(xy)-2], xy[len(xy)-1]
	if c.bound {
		p.disc(x, y, 4, colour)
		p.disc(x, y, 2.4, paper)
		return
	}
	p.line(colour, 2, nil, x-4, y-4, x+4, y+4)
	p.line(colour, 2, nil, x-4, y+4, x+4, y-4)
}
