package text

import (
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"edgebench/bench/stat"
	"edgebench/report"
)

// Full prints the whole report: conditions, the table, and every section.
// Phases are those of the table's workload alone.
func Full(w io.Writer, m *report.Model, width int, colour bool) error {
	p := newPage(width, colour)
	p.conditions(m)
	p.table(m.Table)
	for _, grids := range [][]report.Grid{m.Ladders, m.Percentiles, m.Memory} {
		p.grids(grids)
	}
	for _, d := range m.Density {
		p.density(d)
	}
	for _, grids := range [][]report.Grid{m.Throughput, m.Latency, m.Sizes} {
		p.grids(grids)
	}
	for _, x := range m.Pairings {
		p.pairing(x)
	}
	for _, b := range m.Phases {
		if b.Workload == m.Table.Workload && b.Language == m.Table.Language {
			p.breakdown(b)
		}
	}
	p.quality(&m.Quality)
	p.toolchains(m.Toolchains)
	p.ends(m)
	return p.flush(w)
}

func (p *page) conditions(m *report.Model) {
	p.heading(m.Title)
	p.slowed(m)
	for _, f := range m.Conditions {
		p.paragraph("  "+f.Name+": ", f.Value)
	}
	var settings []string
	for _, f := range m.Settings {
		settings = append(settings, f.Name+"="+f.Value)
	}
	if len(settings) > 0 {
		p.paragraph("  settings: ", strings.Join(settings, ", "))
	}
	c := m.Counts
	p.paragraph("  trials: ", fmt.Sprintf("%s, %d ok, %d failed, %d unavailable, %d without a record",
		c.Asked(), c.OK, c.Failed, c.Unavailable, c.Missing))
	if text := m.Quality.Disturbances(); text != "" {
		p.paragraph("  disturbed: ", text)
	}
}

// slowed warns above all figures of those that are slow on purpose.
func (p *page) slowed(m *report.Model) {
	if m.Slowed != "" {
		p.paragraph("  WARNING: ", m.Slowed)
	}
}

// grids prints those that hold a row. Where a terminal is too narrow for all
// columns, they are printed in parts.
func (p *page) grids(grids []report.Grid) {
	for _, g := range grids {
		if len(g.Rows) == 0 {
			continue
		}
		p.heading(g.Title)
		n := notes{}
		name, cell := widths(g)
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

// widths are those of the names of rows and of the cells.
func widths(g report.Grid) (name, cell int) {
	name, cell = len(g.RowTitle()), cellWidth
	most := mostName
	switch {
	case g.Artefacts:
		most = mostArtefact
	case g.Graded():
		most, cell = mostGraded, gradedWidth
	}
	for _, r := range g.Rows {
		name = max(name, utf8.RuneCountInString(r.System.Name))
	}
	return min(name, most), cell
}

// part prints the columns from … to of a grid.
func (p *page) part(g report.Grid, from, to, name, cell int, n *notes) {
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
func grade(e report.Entry) string {
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
func compact(e report.Entry) string {
	if e.State != report.Measured {
		return e.State.Word()
	}
	x := e.Estimate
	text := report.Quantity(x.Value, x.Unit)
	switch {
	case x.Interval == nil:
		return text + " ± ?"
	case x.Interval.Method == stat.Exact, x.Interval.Method == stat.TrialRange, x.Value == 0:
		return text
	}
	far := max(x.Interval.High-x.Value, x.Value-x.Interval.Low) / math.Abs(x.Value)
	return fmt.Sprintf("%s ±%3.0f%%", text, math.Ceil(min(far, 9.99)*100))
}

// gridLegend says how to read a grid and how many trials it rests on.
func gridLegend(g report.Grid) string {
	least, greatest := math.MaxInt, 0
	open, spread, counted := false, false, true
	for _, r := range g.Rows {
		for _, e := range r.Entries {
			if e.State != report.Measured {
				continue
			}
			least, greatest = min(least, e.Estimate.Trials), max(greatest, e.Estimate.Trials)
			i := e.Estimate.Interval
			open = open || i == nil
			spread = spread || i != nil && i.Method != stat.Exact && i.Method != stat.TrialRange
			counted = counted && i != nil && i.Method == stat.Exact
		}
	}
	switch {
	case greatest == 0:
		return "nothing was measured"
	case counted:
		return "counted: sizes do not vary"
	}
	trials := fmt.Sprintf("n = %d", greatest)
	if least < greatest {
		trials = fmt.Sprintf("n = %d to %d", least, greatest)
	}
	legend := trials + " trials"
	if spread {
		legend = "figure ± farther end of its 95 % interval, " + legend
	}
	if open {
		legend += fmt.Sprintf("; ± ? has too few trials (need ≥ %d)", stat.Need(0.5))
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
func (n *notes) mark(e report.Entry) string {
	if e.Why == "" || e.State == report.Absent || e.State == report.Unplanned {
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

func (p *page) density(d report.DensityGroup) {
	p.heading(d.Title)
	for _, r := range d.Rows {
		name := pad(shorten(r.System.Name, 24), 24, false)
		if r.State != report.Measured {
			p.paragraph(name+"  ", r.State.Word()+": "+r.Why)
			continue
		}
		text := report.LowerBound(report.Quantity(r.Density.Greatest, "count"), r.Density.LowerBound)
		if r.Density.Least < r.Density.Greatest {
			text += ", least " + report.Quantity(r.Density.Least, "count")
		}
		p.paragraph(name+"  ", fmt.Sprintf("%s (n = %d); %s", text, len(r.Density.Trials), strings.Join(r.Density.Stops(), "; ")))
	}
	p.footnote("most instances alive at once; ≥ marks a trial that ended at its budget and not at a limit")
}

func (p *page) breakdown(b report.Breakdown) {
	p.heading(b.Title)
	for _, r := range b.Rows {
		var parts []string
		for _, x := range r.Parts {
			parts = append(parts, joined(x.Name+" "+report.Quantity(x.Value, r.Total.Unit)))
		}
		if r.Rest > 0 {
			parts = append(parts, joined("rest "+report.Quantity(r.Rest, r.Total.Unit)))
		}
		name := pad(shorten(r.System.Name, 24), 24, false)
		p.paragraph(name+"  ", report.Quantity(r.Total.Value, r.Total.Unit)+" = "+strings.Join(parts, " + "))
	}
	p.footnote("medians of each phase; they need not add up to the median of the whole")
}

// ends prints failures, what was left out, and warnings.
func (p *page) ends(m *report.Model) {
	if len(m.Failures) > 0 {
		p.heading("Failures")
		for _, f := range m.Failures {
			p.paragraph("  ", fmt.Sprintf("%s %s: %d × %s (first: trial %d)", f.Experiment, f.Cell, f.Trials, f.Reason, f.Seq))
		}
	}
	if len(m.LeftOut) > 0 {
		p.heading("Left out")
		for _, l := range m.LeftOut {
			p.paragraph("  ", l.What+": "+l.Reason)
		}
	}
	if len(m.Warnings) > 0 {
		p.heading("Warnings")
		for _, w := range m.Warnings {
			p.paragraph("  ", w)
		}
	}
}
