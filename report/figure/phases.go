package figure

import (
	"fmt"
	"slices"
	"strings"

	"edgebench/report"
	"edgebench/results"
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
	var panels []string
	for _, s := range m.Systems {
		if slices.ContainsFunc(breakdowns, func(b report.Breakdown) bool { return rowOf(b, s) != nil }) {
			systems = append(systems, s)
		}
	}
	for _, b := range breakdowns {
		panels = append(panels, string(b.Rung))
	}
	f := newFrame(systems, panels, 14)
	b := breakdowns[0]
	return Figure{
		Name:       "phases-" + strings.TrimPrefix(b.ID, "phases-"+string(b.Rung)+"-"),
		Title:      fmt.Sprintf("What a start consists of: %s in %s", b.Workload, b.Language),
		Conditions: "share of each phase in the median time to the first verified response, which is printed to the right of its bar; " + b.Conditions + ". " + m.Machine(),
		Reading:    "Each bar is one system's start, whatever it takes: its parts are the shares of the phases, in the order of time. Compare bars by their parts and starts by the time to the right. Phases that do the same in different systems have one colour; grey is what no phase covers.",
		Alt:        phasesAlt(breakdowns),
		height:     f.height(),
		paint: func(p *page) {
			f.paint(p)
			for i, b := range breakdowns {
				for j, s := range systems {
					paintBar(p, f, i, f.rows[j], rowOf(b, s))
				}
			}
			paintStages(p, f, breakdowns)
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

const totalWidth = 44.0 // room for the time beside a bar

func paintBar(p *page, f frame, panel int, y float64, r *report.BreakdownRow) {
	x, most := f.x(panel), f.panel-totalWidth
	if r == nil {
		p.text(x+most/2, y+3.5, "—", smallFont, muted, centre)
		return
	}
	whole := r.Rest
	for _, part := range r.Parts {
		whole += part.Value
	}
	if whole <= 0 {
		return
	}
	segment := func(name string, value float64) {
		w := value / whole * most
		c := stageOf(name).light
		p.box(x, y-6, w, 12, c)
		if w > widthOf(name, tinyFont)+4 {
			p.text(x+w/2, y+2.5, name, tinyFont, inkOn(c), centre)
		}
		if w > 1 {
			p.line(paper, 0.6, nil, x+w, y-6, x+w, y+6)
		}
		x += w
	}
	for _, part := range r.Parts {
		segment(part.Name, part.Value)
	}
	segment("rest", r.Rest)
	p.text(f.x(panel)+most+4, y+3, report.Quantity(r.Total.Value, r.Total.Unit), smallFont, ink, left)
}

var tinyFont = sans(7, false)

// paintStages draws the legend of the stages that occur.
func paintStages(p *page, f frame, breakdowns []report.Breakdown) {
	occur := map[string]bool{}
	for _, b := range breakdowns {
		for _, r := range b.Rows {
			for _, part := range r.Parts {
				occur[part.Name] = true
			}
		}
	}
	x, y := margin+4, f.bottom+18
	for _, s := range stages() {
		var names []string
		for _, name := range s.phases {
			if occur[name] {
				names = append(names, name)
			}
		}
		text := strings.Join(names, " / ")
		if s.phases == nil {
			text = "other"
		}
		if text == "" {
			continue
		}
		w := 14 + widthOf(text, smallFont) + 14
		if x+w > width-margin {
			x, y = margin+4, y+14
		}
		p.box(x, y-8, 9, 9, s.light)
		p.text(x+13, y, text, smallFont, ink, left)
		x += w
	}
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
