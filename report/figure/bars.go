package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"edgebench/report/format"
	"edgebench/report/model"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// barFigure draws a stack: a bar with its parts for each system, in panels side by
// side.
func barFigure(m *model.Model, s *model.Stack) (Figure, bool) {
	drawn := slices.DeleteFunc(slices.Clone(s.Panels), func(p model.Panel) bool { return !p.Drawn })
	if len(drawn) == 0 {
		return Figure{}, false
	}
	var systems []model.System
	var titles []string
	for _, system := range m.Systems {
		if slices.ContainsFunc(drawn, func(p model.Panel) bool { return barOf(p, system) != nil }) {
			systems = append(systems, system)
		}
	}
	for _, p := range drawn {
		titles = append(titles, p.Label)
	}
	p := newPanels(systems, titles)
	for i, x := range drawn {
		panel := p.plots[i]
		texts := &plotter.Labels{}
		for j, system := range systems {
			panel.Add(bars(barOf(x, system), p.y[j], p.panel-totalWidth, texts)...)
		}
		panel.Add(texts)
		setShares(&panel.X, 50)
		// The room for the times lies on the axis too.
		panel.X.Max = float64(p.panel / (p.panel - totalWidth))
	}
	legends := stageLegends(drawn)
	return Figure{
		Name: s.ID, Title: cmp.Or(s.Picture.Title, s.Title), Conditions: conditions(m, s.Picture.Shows),
		Reading: s.Picture.Reading,
		Alt:     barsAlt(s.Title, drawn),
		height:  p.height() + legendHeight,
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

func barOf(p model.Panel, s model.System) *model.Bar {
	for i := range p.Bars {
		if p.Bars[i].System.Name == s.Name {
			return &p.Bars[i]
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
func bars(r *model.Bar, y float64, width vg.Length, texts *plotter.Labels) []plot.Plotter {
	if r == nil {
		write(texts, 0.5, y, "—", styled(smallFont, muted, draw.XCenter, middle))
		return nil
	}
	parts := append(slices.Clone(r.Parts), model.Part{Name: "rest", Value: r.Rest})
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
	write(texts, 1+float64(4/width), y, format.Quantity(r.Total.Value, r.Total.Unit), styled(smallFont, ink, draw.XLeft, middle))
	return list
}

// stageLegends explain the colours of the stages that occur. plot.Legend is one
// column, so there is one for each column.
func stageLegends(drawn []model.Panel) []plot.Legend {
	occur := map[string]bool{}
	for _, x := range drawn {
		for _, b := range x.Bars {
			for _, part := range b.Parts {
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

func barsAlt(title string, drawn []model.Panel) string {
	var parts []string
	for _, p := range drawn {
		for _, b := range p.Bars {
			longest := slices.MaxFunc(b.Parts, func(x, y model.Part) int { return cmp.Compare(x.Value, y.Value) })
			parts = append(parts, fmt.Sprintf("%s, %s: %s, longest %s", p.Label, b.System.Name,
				format.Quantity(b.Total.Value, b.Total.Unit), longest.Name))
		}
	}
	return title + ". " + strings.Join(parts, "; ") + "."
}
