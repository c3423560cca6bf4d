package text

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
)

// grid prints a table of figures. Where a terminal is too narrow for all columns,
// they are printed in parts.
func (p *page) grid(g *model.Grid) {
	p.heading(g.Title)
	n := notes{}
	name, cell := p.widths(g)
	perPart := max(1, (p.width-name)/(cell+cellGap))
	for from := 0; from < len(g.Columns); from += perPart {
		p.part(g, from, min(from+perPart, len(g.Columns)), name, cell, &n)
	}
	p.footnote(gridLegend(g))
	for i, text := range n.list {
		p.paragraph(fmt.Sprintf("  [%d] ", i+1), text)
	}
	for _, text := range g.Notes {
		p.paragraph("  ", text)
	}
}

// A cell fits "12.3 MiB ±100% [1]". With a gap of one blank and a system's name
// of 22 runes five of them fit on the widest line. Tables of artefacts, which
// have longer names, have fewer columns. Of graded cells, such as
// "12.3 ms ±100% A [1]", five fit beside a name of 20.
const (
	cellWidth    = 18
	gradedWidth  = 19
	cellGap      = 1
	mostName     = 22
	mostGraded   = 20
	mostArtefact = 32
)

// widths are those of the names of rows and of the cells. Names of artefacts take what
// is left beside all columns.
func (p *page) widths(g *model.Grid) (name, cell int) {
	name, cell = len(g.RowTitle()), cellWidth
	most := mostName
	switch {
	case g.Artefacts:
		most = max(mostArtefact, p.width-len(g.Columns)*(cellWidth+cellGap))
	case g.Graded():
		most, cell = mostGraded, gradedWidth
	}
	for _, r := range g.Rows {
		name = max(name, utf8.RuneCountInString(r.System.Name))
	}
	return min(name, most), cell
}

// part prints the columns from … to of a grid.
func (p *page) part(g *model.Grid, from, to, name, cell int, n *notes) {
	line := pad(g.RowTitle(), name, false)
	for _, c := range g.Columns[from:to] {
		line += strings.Repeat(" ", cellGap) + pad(shorten(c.Label, cell), cell, true)
	}
	p.line(p.style(dim, line))
	for _, r := range g.Rows {
		line := pad(shorten(r.System.Name, name), name, false)
		for _, e := range r.Entries[from:to] {
			line += strings.Repeat(" ", cellGap) + pad(fit(compact(e)+grade(e), n.mark(e), cell), cell, true)
		}
		p.line(line)
	}
}

// grade gives the letter behind a figure, "" where there is none.
func grade(e model.Entry) string {
	if e.Grade == nil {
		return ""
	}
	return " " + e.Grade.Letter
}

// fit puts a mark behind a figure. It gives up blanks before it cuts.
func fit(figure, mark string, width int) string {
	if utf8.RuneCountInString(figure+mark) > width {
		mark = strings.TrimLeft(mark, " ")
	}
	return shorten(figure+mark, width)
}

// compact prints a figure as benchstat does: the median and the farther end
// of its interval in per cent.
func compact(e model.Entry) string {
	if e.State != model.Measured {
		return e.State.Word()
	}
	x := e.Estimate
	text := format.Quantity(x.Value, x.Unit)
	switch {
	case x.Interval == nil:
		return text + " ± ?"
	case x.Interval.Method == estimate.Exact, x.Interval.Method == estimate.TrialRange, x.Value == 0:
		return text
	}
	far := max(x.Interval.High-x.Value, x.Value-x.Interval.Low) / math.Abs(x.Value)
	return fmt.Sprintf("%s ±%3.0f%%", text, math.Ceil(min(far, 9.99)*100))
}

// gridLegend says how to read a grid and how many trials it rests on.
func gridLegend(g *model.Grid) string {
	fewest, most := math.MaxInt, 0
	open, spread, counted := false, false, true
	for _, r := range g.Rows {
		for _, e := range r.Entries {
			if e.State != model.Measured {
				continue
			}
			fewest, most = min(fewest, e.Estimate.Trials), max(most, e.Estimate.Trials)
			i := e.Estimate.Interval
			open = open || i == nil
			spread = spread || i != nil && i.Method != estimate.Exact && i.Method != estimate.TrialRange
			counted = counted && i != nil && i.Method == estimate.Exact
		}
	}
	switch {
	case most == 0:
		return "nothing was measured"
	case counted:
		return "counted: values do not vary"
	}
	trials := fmt.Sprintf("n = %d", most)
	if fewest < most {
		trials = fmt.Sprintf("n = %d to %d", fewest, most)
	}
	legend := trials + " trials"
	if spread {
		legend = "figure ± farther end of its 95 % interval, " + legend
	}
	if open {
		legend += fmt.Sprintf("; ± ? has too few trials (need ≥ %d)", estimate.Need(0.5))
	}
	if g.Graded() {
		legend += "; A to D grade a figure, see Quality"
	}
	return legend
}

// notes collects footnotes, each once.
type notes struct {
	list []string
}

// mark gives the number of an entry's footnote in brackets, "" for none.
func (n *notes) mark(e model.Entry) string {
	if e.Why == "" || e.State == model.Absent || e.State == model.Unplanned {
		return ""
	}
	for i, text := range n.list {
		if text == e.Why {
			return fmt.Sprintf(" [%d]", i+1)
		}
	}
	n.list = append(n.list, e.Why)
	return fmt.Sprintf(" [%d]", len(n.list))
}
