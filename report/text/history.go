package text

import (
	"fmt"
	"io"
	"strings"

	"edgebench/bench/stat/compare"
	"edgebench/report"
	"edgebench/report/format"
)

// History prints figures over runs: a column for each run, with an arrow where it
// changed the figure: ▲ for more, ▼ for less than the run before on its machine. Unless all is set, only
// figures that any run changed are printed.
func History(w io.Writer, h *report.History, all bool, width int, colour bool) error {
	p := newPage(width, colour)
	p.heading("Runs")
	for i, r := range h.Runs {
		p.paragraph(fmt.Sprintf("  %d ", i+1), strings.Join([]string{r.At.Format("2006-01-02 15:04"), r.Suite, r.Machine}, ", "))
		if i > 0 && !r.Comparable() {
			p.paragraph("    ", "the first run on another machine: changes are not judged")
		}
	}
	p.heading("Figures over the runs")
	const column = 12
	name := p.width - column*len(h.Runs)
	perPart := len(h.Runs)
	if name < mostArtefact {
		perPart = max(1, (p.width-mostArtefact)/column)
		name = p.width - column*perPart
	}
	shown := 0
	for from := 0; from < len(h.Runs); from += perPart {
		to := min(from+perPart, len(h.Runs))
		shown = p.historyPart(h, from, to, name, column, all)
	}
	p.footnote(fmt.Sprintf("▲ more and ▼ less than the run before on its machine, by the test that compares two runs; %d of %s shown", shown, format.Plural(len(h.Rows)+h.More, "figure")))
	return p.flush(w)
}

// historyPart prints the runs from … to, and gives the number of figures.
func (p *page) historyPart(h *report.History, from, to, name, column int, all bool) (shown int) {
	line := pad("figure", name, false)
	for i := from; i < to; i++ {
		line += pad(fmt.Sprint(i+1), column, true)
	}
	p.line(p.style(dim, line))
	for _, r := range h.Rows {
		if !all && !r.Changed() {
			continue
		}
		shown++
		lines := wrap(r.Name, name-2)
		for i, text := range lines {
			if i < len(lines)-1 {
				p.line(text)
				continue
			}
			line := pad(text, name, false)
			for _, x := range r.Points[from:to] {
				line += p.historyCell(x, r.Unit, column)
			}
			p.line(line)
		}
	}
	return shown
}

func (p *page) historyCell(x report.HistoryPoint, unit string, column int) string {
	if !x.Measured {
		return pad("—", column, true)
	}
	text, style := format.Quantity(x.Estimate.Value, unit), style("")
	if x.Change == compare.Slower || x.Change == compare.Faster {
		style = green
		if x.Change == compare.Slower {
			style = red
		}
		arrow := " ▼"
		if x.Ratio.Value > 1 {
			arrow = " ▲"
		}
		text += arrow
	}
	padded := pad(text, column, true)
	if style == "" {
		return padded
	}
	return strings.TrimSuffix(padded, text) + p.style(style, text)
}
