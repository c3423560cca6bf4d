package html

import (
	"html/template"
	"io"

	"edgebench/report"
	"edgebench/report/figure"
)

// mostPictures bounds the figures that a page of a history draws.
const mostPictures = 60

// historyPage is what the template of a history is given.
type historyPage struct {
	*report.History
	Style  template.CSS
	Policy string
	// Changed and Others are figures with and without a change. Undrawn counts those
	// beyond the bound.
	Changed, Others []historyPicture
	Undrawn         int
	Machine         []report.MachineFigure
}

// historyPicture is a figure over the runs with its picture.
type historyPicture struct {
	report.HistoryFigure
	SVG template.HTML
}

// WriteHistory renders figures over several runs, with a line for each, and machines side
// by side. The page has no script. Nothing is written if rendering fails.
func WriteHistory(w io.Writer, h *report.History) error {
	v := historyPage{History: h, Style: stylesheet, Policy: "default-src 'none'; style-src 'unsafe-inline'", Machine: h.SideBySide()}
	figures := h.Figures()
	v.Undrawn = max(0, len(figures)-mostPictures)
	for _, f := range figures[:len(figures)-v.Undrawn] {
		p := historyPicture{HistoryFigure: f}
		if drawn, ok := figure.OfLines(&f.Chart); ok {
			svg, err := drawn.Inline()
			if err != nil {
				return err
			}
			p.SVG = template.HTML(svg)
		}
		if f.Changed() {
			v.Changed = append(v.Changed, p)
		} else {
			v.Others = append(v.Others, p)
		}
	}
	return render(w, "history.tmpl", v)
}
