package text

import "edgebench/report/model"

// programs prints the user's own programs: what they are, their figures, and what the
// figures say.
func (p *page) programs(x *model.Programs) {
	p.grid(&x.Grid)
	for _, s := range x.Sentences {
		p.heading(s)
	}
	for _, f := range x.Kinds {
		p.paragraph("  "+f.Name+": ", f.Value)
	}
	p.footnote(x.Right)
}
