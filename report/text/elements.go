package text

import (
	"strings"

	"edgebench/report/format"
	"edgebench/report/model"
)

// mostTitle is the most runes of a system's name before a line of words.
const mostTitle = 24

func (p *page) list(l *model.List) {
	p.heading(l.Title)
	for _, i := range l.Items {
		name := pad(shorten(i.System.Name, mostTitle), mostTitle, false)
		if i.State != model.Measured {
			p.paragraph(name+"  ", i.State.Word()+": "+i.Why)
			continue
		}
		p.paragraph(name+"  ", i.Line)
	}
	p.footnote(l.Legend)
}

func (p *page) stack(s *model.Stack) {
	for _, x := range s.Panels {
		p.heading(x.Title)
		for _, b := range x.Bars {
			var parts []string
			for _, part := range b.Parts {
				parts = append(parts, joined(part.Name+" "+format.Quantity(part.Value, b.Total.Unit)))
			}
			if b.Rest > 0 {
				parts = append(parts, joined("rest "+format.Quantity(b.Rest, b.Total.Unit)))
			}
			name := pad(shorten(b.System.Name, mostTitle), mostTitle, false)
			p.paragraph(name+"  ", format.Quantity(b.Total.Value, b.Total.Unit)+" = "+strings.Join(parts, " + "))
		}
		p.footnote("medians of each part; they need not add up to the median of the whole")
	}
}
