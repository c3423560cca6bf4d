package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"edgebench/report"
	"edgebench/results"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// phases draws what a cold start of the table's workload consists of: a bar
// for each system, a panel for each rung.
func phases(m *report.Model) (Figure, bool) {
	var breakdowns []report.Breakdown
	for _, b := range m.Phases {
		first := len(breakdowns) == 0 || breakdowns[0].Conditions == b.Conditions
		if b.Workload == m.Table.Workload && b.Language == m.Table.Language && first && b.Rung != results.Hot {
			breakdowns = append(breakdowns, b)
		}
	}
	if len(breakdowns) == 0 {
		return Figure{}, false
	}
	var systems []report.System
	var titles []string
	for _, s := range m.Systems {
		if slices.ContainsFunc(breakdowns, func(b report.Breakdown) bool { return rowOf(b, s) != nil }) {
			systems = append(systems, s)
		}
	}
	for _, b := range breakdowns {
		titles = append(titles, string(b.Rung))
	}
	p := newPanels(systems, titles)
	for i, b := range breakdowns {
		panel := p.plots[i]
		texts := &plotter.Labels{}
		for j, s := range systems {
			panel.Add(bars(rowOf(b, s), p.y[j], p.panel-totalWidth, texts)...)
		}
		panel.Add(texts)
		setShares(&panel.X, 50)
		// The room for the times lies on the axis too.
		panel.X.Max = float64(p.panel / (p.panel - totalWidth))
	}
	legends := stageLegends(breakdowns)
	b := breakdowns[0]
	return Figure{
		Name:       "phases-" + strings.TrimPrefix(b.ID, "phases-"+string(b.Rung)+"-"),
		Title:      fmt.Sprintf("What a start consists of: %s in %s", b.Workload, b.Language),
		Conditions: "share of each phase in the median time to the first verified response, which is printed to the right of its bar; " + b.Conditions + ". " + m.Machine(),
		Reading:    "Each bar is one system's start, whatever it takes: its parts are the shares of the phases, in the order of time. Compare bars by their parts and starts by the time to the right. Phases that do the same in different systems have one colour; grey is what no phase covers.",
		Alt:        phasesAlt(breakdowns),
		height:     p.height() + legendHeight,
		draw: func(c draw.Canvas) {
			p.draw(draw.Crop(c, 0, 0, legendHeight, 0))
			c.Max.Y = c.Min.Y + legendHeight
			for _, l := range legends {
				l.Draw(c)
				c.Min.X += l.Rectangle(c).Size().X + 16
			}
		},
	}, true
}

func rowOf(b report.Breakdown, s report.System) *report.BreakdownRow {
	for i := range b.Rows {
		if b.Rows[i].System.Name == s.Name {
			return &b.Rows[i]
		}
	}
	return nil
}

const (
	totalWidth   vg.Length = 48 // room for the time beside a bar
	legendHeight vg.Length = 36
	legendRows             = 2
)

// bars are the phases of a row as one bar that has the width, stacked from left
// to right. Their names go to texts where a phase is wide enough, and the time
// of the whole beside the bar.
func bars(r *report.BreakdownRow, y float64, width vg.Length, texts *plotter.Labels) []plot.Plotter {
	if r == nil {
		write(texts, 0.5, y, "—", styled(smallFont, muted, draw.XCenter, middle))
		return nil
	}
	parts := append(slices.Clone(r.Parts), report.Part{Name: "rest", Value: r.Rest})
	whole := 0.0
	for _, part := range parts {
		whole += part.Value
	}
	if !(whole > 0) || math.IsInf(whole, 0) {
		return nil
	}
	var list []plot.Plotter
	var last *plotter.BarChart
	at := 0.0
	for _, part := range parts {
		share, colour := part.Value/whole, stageOf(part.Name).light
		bar := &plotter.BarChart{Values: plotter.Values{share}, XMin: y, Width: 12, Color: colour, Horizontal: true}
		room := vg.Length(share) * width
		if room > 3 { // an outline would hide a narrow one
			bar.LineStyle = draw.LineStyle{Color: paper, Width: 0.6}
		}
		if last != nil {
			bar.StackOn(last)
		}
		list, last = append(list, bar), bar
		if room > widthOf(part.Name, tinyFont)+4 {
			write(texts, at+share/2, y, part.Name, styled(tinyFont, inkOn(colour), draw.XCenter, middle))
		}
		at += share
	}
	write(texts, 1+float64(4/width), y, report.Quantity(r.Total.Value, r.Total.Unit), styled(smallFont, ink, draw.XLeft, middle))
	return list
}

// stageLegends explain the colours of the stages that occur. plot.Legend is one
// column, so there is one for each column.
func stageLegends(breakdowns []report.Breakdown) []plot.Legend {
	occur := map[string]bool{}
	for _, b := range breakdowns {
		for _, r := range b.Rows {
			for _, part := range r.Parts {
				occur[part.Name] = true
			}
		}
	}
	var list []plot.Legend
	entries := 0
	for _, s := range stages() {
		names := slices.DeleteFunc(slices.Clone(s.phases), func(name string) bool { return !occur[name] })
		if s.phases == nil {
			names = []string{"other"}
		}
		if len(names) == 0 {
			continue
		}
		if entries%legendRows == 0 {
			list = append(list, newLegend(styled(smallFont, ink, draw.XLeft, draw.YBottom), 9, lineHeight))
		}
		list[len(list)-1].Add(strings.Join(names, " / "), &plotter.BarChart{Color: s.light})
		entries++
	}
	return list
}

func phasesAlt(breakdowns []report.Breakdown) string {
	var parts []string
	for _, b := range breakdowns {
		for _, r := range b.Rows {
			longest := slices.MaxFunc(r.Parts, func(x, y report.Part) int {
				if x.Value < y.Value {
					return -1
				}
				return 1
			})
			parts = append(parts, fmt.Sprintf("%s, %s: %s, longest %s", b.Rung, r.System.Name,
				report.Quantity(r.Total.Value, r.Total.Unit), longest.Name))
		}
	}
	return "Phases of starts. " + strings.Join(parts, "; ") + "."
}
