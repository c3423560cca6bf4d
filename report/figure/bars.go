package figure

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"edgebench/report/format"
	"edgebench/report/model"
)

// bars draws what wholes consist of: a bar for each system, side by side in
// panels.
func bars(m *model.Model, s *model.Stack) (Figure, bool) {
	drawn := slices.DeleteFunc(slices.Clone(s.Panels), func(p model.Panel) bool { return !p.Drawn })
	if len(drawn) == 0 {
		return Figure{}, false
	}
	var systems []model.System
	var panels []string
	for _, system := range m.Systems {
		if slices.ContainsFunc(drawn, func(p model.Panel) bool { return barOf(p, system) != nil }) {
			systems = append(systems, system)
		}
	}
	for _, p := range drawn {
		panels = append(panels, p.Label)
	}
	f := newFrame(systems, panels, 14)
	return Figure{
		Name:       s.ID,
		Title:      cmp.Or(s.Picture.Title, s.Title),
		Conditions: conditions(m, s.Picture.Shows),
		Reading:    s.Picture.Reading,
		Alt:        barsAlt(s.Title, drawn),
		height:     f.height(),
		paint: func(p *page) {
			f.paint(p)
			for i, x := range drawn {
				for j, system := range systems {
					paintBar(p, f, i, f.rows[j], barOf(x, system))
				}
			}
			paintStages(p, f, drawn)
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

const totalWidth = 44.0 // room for the time beside a bar

func paintBar(p *page, f frame, panel int, y float64, r *model.Bar) {
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
	p.text(f.x(panel)+most+4, y+3, format.Quantity(r.Total.Value, r.Total.Unit), smallFont, ink, left)
}

var tinyFont = sans(7, false)

// paintStages draws the legend of the stages that occur.
func paintStages(p *page, f frame, drawn []model.Panel) {
	occur := map[string]bool{}
	for _, x := range drawn {
		for _, b := range x.Bars {
			for _, part := range b.Parts {
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
