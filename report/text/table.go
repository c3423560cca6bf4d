package text

import (
	"fmt"
	"strings"

	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
)

// A column of the table.
type column struct {
	title string
	width int
}

// gap is how many blanks stand between two columns.
const gap = 2

const tableTitle = "Containers versus WebAssembly"

// columns of the table in full, from left to right. The figure has what the others
// leave.
func (p *page) columns() []column {
	list := []column{{"class", 32}, {"system", 22}, {"figure", 0}, {"verdict", 13}}
	if p.width < 100 {
		list[0].width, list[1].width = 20, 20
	}
	rest := p.width - gap*(len(list)-1)
	for _, c := range list {
		rest -= c.width
	}
	list[2].width = rest
	return list
}

// table prints the table with every cell that each row rests on.
func (p *page) table(t *model.Table) {
	columns := p.columns()
	p.heading(tableTitle)
	p.rule()
	p.titles(columns)
	p.rule()
	for _, r := range t.Rows {
		head := []column{{"property", p.width - gap - columns[3].width}, columns[3]}
		p.cells(head, [][]string{wrap(r.Property+": "+claimAcross(r.Claim), head[0].width),
			wrap(string(r.Verdict), head[1].width)}, verdictStyle(r.Verdict))
		p.classes(columns, r)
		p.below(r)
		p.rule()
	}
	p.legend(t)
}

// classes prints those that were measured, by side; the reasons name the others.
func (p *page) classes(columns []column, r model.TableRow) {
	for _, side := range []model.Side{model.Containers, model.Wasm} {
		first := true
		for _, c := range r.Side(side) {
			if !c.Measured() {
				continue
			}
			if first {
				p.line(p.style(dim, strings.TrimSpace(fmt.Sprintf("  %s %s", side, r.Claim.Bound(side)))))
				first = false
			}
			p.class(columns, c)
		}
	}
}

// class prints a line for each cell of a class.
func (p *page) class(columns []column, c model.ClassResult) {
	name := c.Name
	if c.Lead {
		name = leadMark + name
	}
	for i, x := range c.Cells {
		verdict := c.Verdict
		if i > 0 {
			name = ""
			verdict = ""
		}
		p.cells(columns, [][]string{wrap(name, columns[0].width), wrap(aged(x.System)+", "+x.Cell.Artefact.String(), columns[1].width),
			wrap(figure(x), columns[2].width), wrap(string(verdict), columns[3].width)}, verdictStyle(verdict))
	}
}

// aged is the name of a system, marked if its release is old.
func aged(s model.System) string {
	if s.Old {
		return s.Name + " (old release)"
	}
	return s.Name
}

// leadMark marks leading classes.
const leadMark = "* "

// titles prints those of the columns.
func (p *page) titles(columns []column) {
	var titles [][]string
	for _, c := range columns {
		titles = append(titles, []string{c.title})
	}
	p.cells(columns, titles, "")
}

// legend says how the table is to be read.
func (p *page) legend(t *model.Table) {
	p.paragraph("  ", strings.TrimSpace(leadMark)+" marks the classes that people choose between; figure [interval] n = trials; ÷ gives the ratio of medians [its 95 % interval]")
	if t.Graded() {
		p.paragraph("  ", "A to D behind n = trials grade the figure, see Quality")
	}
	if list := releases(t.Systems); len(list) > 0 {
		p.paragraph("  ", strings.Join(list, "; "))
	}
	for _, n := range t.Notes {
		p.paragraph("  ", n)
	}
}

func verdictStyle(v compare.Verdict) style {
	switch v {
	case compare.Holds:
		return green
	case compare.Fails:
		return red
	case compare.Undecided, compare.Depends:
		return yellow
	}
	return dim
}

// cells prints one row; last is the style of its last column.
func (p *page) cells(columns []column, cells [][]string, last style) {
	height := 0
	for _, c := range cells {
		height = max(height, len(c))
	}
	for i := range height {
		var line strings.Builder
		for j, c := range cells {
			text := ""
			if i < len(c) {
				text = c[i]
			}
			padded := pad(text, columns[j].width, false)
			if j == len(cells)-1 && last != "" {
				padded = p.style(last, text)
			}
			line.WriteString(padded)
			if j < len(cells)-1 {
				line.WriteString(strings.Repeat(" ", gap))
			}
		}
		p.line(line.String())
	}
}

// claimAcross prints the claims of both sides on one line.
func claimAcross(c model.Claim) string {
	if c.Containers == "" && c.Wasm == "" {
		return "no claim"
	}
	return c.Containers + " / " + c.Wasm
}

// figure prints a cell's figure with its interval and number of trials, or
// why there is none.
func figure(c model.CellResult) string {
	if c.Entry.State != model.Measured {
		if c.Entry.Why == "" {
			return c.Entry.State.Word()
		}
		return c.Entry.State.Word() + ": " + shorten(c.Entry.Why, 80)
	}
	e := c.Entry.Estimate
	parts := []string{joined(c.Value())}
	if e.Interval != nil && e.Interval.Method != estimate.Exact {
		parts = append(parts, joined(format.IntervalOf(e)))
	}
	if e.Interval == nil || e.Interval.Method != estimate.Exact {
		parts = append(parts, joined(fmt.Sprintf("n=%d", e.Trials)+grade(c.Entry)))
	}
	if c.Indicative() {
		parts = append(parts, "indicative")
	}
	if c.Later.State == model.Measured {
		parts = append(parts, joined("later "+format.Quantity(c.Later.Estimate.Value, c.Later.Estimate.Unit)))
	}
	if c.Entry.Why != "" {
		parts = append(parts, "("+shorten(c.Entry.Why, 80)+")")
	}
	return strings.Join(parts, " ")
}

// below prints what belongs to a row and needs the whole width.
func (p *page) below(r model.TableRow) {
	if r.Measure != "" {
		p.paragraph("  measured: ", r.Measure)
	}
	p.ratios(r)
	for _, b := range r.Because(nil) {
		p.paragraph("  ", b)
	}
	for _, n := range r.Notes {
		p.paragraph("  note: ", n)
	}
}

// ratios prints how modules stand to containers, by container.
func (p *page) ratios(r model.TableRow) {
	var order []string
	lists := map[string][]string{}
	for _, x := range r.Ratios {
		title := x.Over.System.Name + ", " + x.Over.Cell.Artefact.String()
		if lists[title] == nil {
			order = append(order, title)
		}
		lists[title] = append(lists[title], x.Under.System.Name+" "+joined(r.Factor(x)))
	}
	for _, title := range order {
		p.paragraph("  against "+title+": ", strings.Join(lists[title], ", "))
	}
}
