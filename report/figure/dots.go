package figure

import (
	"cmp"
	"fmt"
	"strings"

	"edgebench/bench/stat"
	"edgebench/report/format"
	"edgebench/report/model"
)

// dots draws a grid: a dot for each median with its interval, rows by system,
// a panel for each column, all panels on one logarithmic axis.
func dots(g *model.Grid) (frame, func(*page), bool) {
	var systems []model.System
	var panels []string
	var values []float64
	for _, c := range g.Columns {
		panels = append(panels, c.Label)
	}
	for _, r := range g.Rows {
		systems = append(systems, r.System)
		for _, e := range r.Entries {
			if e.State == model.Measured {
				values = append(values, e.Estimate.Value)
			}
		}
	}
	if len(values) == 0 {
		return frame{}, nil, false
	}
	f := newFrame(systems, panels, 0)
	axis := newAxis(g.Columns[0].Unit, values)
	return f, func(p *page) {
		f.paint(p)
		for i := range panels {
			a := axis.over(f.x(i)+2, f.x(i)+f.panel-2)
			paintAxis(p, f, a)
			for j, r := range g.Rows {
				paintEntry(p, f, a, i, f.rows[j], r.System, r.Entries[i])
			}
		}
	}, true
}

// paintAxis draws grid lines and their labels below the rows.
func paintAxis(p *page, f frame, a logAxis) {
	most := max(2, int((a.to-a.from)/42))
	top := panelTop - 4
	for _, t := range a.ticks(most) {
		x := a.place(t.value)
		p.line(grid, 0.75, nil, x, top, x, f.bottom)
		if t.label == "" {
			continue
		}
		half := widthOf(t.label, smallFont) / 2
		p.text(min(max(x, a.from+half), a.to-half), f.bottom+12, t.label, smallFont, muted, centre)
	}
	p.line(muted, 0.75, nil, a.from-2, f.bottom, a.to+2, f.bottom)
}

func paintEntry(p *page, f frame, a logAxis, panel int, y float64, s model.System, e model.Entry) {
	if e.State != model.Measured {
		colour := muted
		if e.State == model.Failed {
			colour = alarm
		}
		p.text(f.x(panel)+f.panel/2, y+3.5, e.State.Word(), smallFont, colour, centre)
		return
	}
	x := e.Estimate
	text := format.Quantity(x.Value, x.Unit)
	colour := colourOf(s)
	if x.Value <= 0 {
		p.text(a.from, y+3.5, text, smallFont, ink, left)
		return
	}
	centreX := a.place(x.Value)
	reachLeft, reachRight := centreX-5, centreX+5
	if i := x.Interval; i != nil && i.Method != stat.Exact {
		low, high := a.place(i.Low), a.place(i.High)
		p.line(colour, 1.5, nil, low, y, high, y)
		reachLeft, reachRight = min(reachLeft, low-2), max(reachRight, high+2)
		p.disc(centreX, y, 3.6, colour)
	} else {
		p.disc(centreX, y, 3.6, colour)
		if x.Interval == nil { // a ring: there is no interval
			p.disc(centreX, y, 2.1, paper)
		}
	}
	if reachRight+2+widthOf(text, smallFont) <= f.x(panel)+f.panel {
		p.text(reachRight+2, y+3, text, smallFont, ink, left)
	} else {
		p.text(reachLeft-2, y+3, text, smallFont, ink, right)
	}
}

// dotFigure is a figure of a grid: of the columns in the first one's unit, since
// all panels share an axis.
func dotFigure(m *model.Model, g *model.Grid) (Figure, bool) {
	g = only(g, g.Columns[0].Unit)
	f, paint, ok := dots(g)
	if !ok {
		return Figure{}, false
	}
	return Figure{
		Name: g.ID, Title: cmp.Or(g.Picture.Title, g.Title), height: f.height(), paint: paint,
		Conditions: conditions(m, g.Picture.Shows+"; "+intervals(g)),
		Reading:    g.Picture.Reading + " Where no line shows, the interval is narrower than the dot. A ring has too few trials for an interval; a dash says that the system has no such rung or measure. The axis is logarithmic and the same in all panels.",
		Alt:        alt(g),
	}, true
}

// only keeps the columns that are in a unit.
func only(g *model.Grid, unit string) *model.Grid {
	kept := *g
	kept.Columns, kept.Rows = nil, nil
	for _, r := range g.Rows {
		kept.Rows = append(kept.Rows, model.Row{System: r.System})
	}
	for c, column := range g.Columns {
		if column.Unit != unit {
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
	least, greatest, exact := 0, 0, true
	for _, r := range g.Rows {
		for _, e := range r.Entries {
			if n := e.Estimate.Trials; n > 0 {
				greatest = max(greatest, n)
				exact = exact && e.Estimate.Interval != nil && e.Estimate.Interval.Method == stat.Exact
				if least == 0 || n < least {
					least = n
				}
			}
		}
	}
	switch {
	case exact:
		return "values do not vary"
	case least < greatest:
		return fmt.Sprintf("95 %% intervals, n = %d to %d trials", least, greatest)
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
