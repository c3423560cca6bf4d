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

// columns of the table in full, from left to right.
func (p *page) columns() []column {
	list := []column{{"property", 11}, {"claim", 21}, {"containers", 0}, {"WASM", 0}, {"verdict", 13}}
	if p.width < 100 {
		list[0].width, list[1].width = 10, 14
	}
	rest := p.width - gap*(len(list)-1)
	for _, c := range list {
		rest -= c.width
	}
	list[2].width, list[3].width = rest/2, rest-rest/2
	return list
}

// table prints the table with all that each row rests on.
func (p *page) table(t *model.Table) {
	columns := p.columns()
	p.heading(titleOf(t))
	p.rule()
	p.titles(columns)
	p.rule()
	for _, r := range t.Rows {
		p.cells(columns, [][]string{
			wrap(r.Property, columns[0].width),
			claimLines(r.Claim, columns[1].width),
			sideLines(r.Containers, r.Unit, columns[2].width),
			sideLines(r.Wasm, r.Unit, columns[3].width),
			wrap(string(r.Verdict.Verdict), columns[4].width),
		}, verdictStyle(r.Verdict.Verdict))
		p.below(r)
		p.rule()
	}
	p.legend(t)
}

func titleOf(t *model.Table) string {
	if t.Workload == "" {
		return "Containers versus WebAssembly"
	}
	return "Containers versus WebAssembly: " + t.Artefact.String()
}

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
	p.paragraph("  ", "figure [interval] n = trials; ÷ gives the ratio of medians [its 95 % interval]")
	if t.Graded() {
		p.paragraph("  ", "A to D behind n = trials grade the figure, see Quality")
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
	case compare.Undecided:
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

func claimLines(c model.Claim, width int) []string {
	if c.Containers == "" && c.Wasm == "" {
		return []string{"none"}
	}
	return append(wrap(c.Containers, width), wrap("/ "+c.Wasm, width)...)
}

// sideLines prints the cells that stand for a side, and its range.
func sideLines(s model.SideResult, unit string, width int) []string {
	var lines []string
	for _, c := range s.Cells {
		lines = append(lines, shorten(c.System.Name, width))
		for _, l := range wrap(figure(c), width-2) {
			lines = append(lines, "  "+l)
		}
	}
	if r := s.Range; r != nil && r.Systems > 1 {
		lines = append(lines, wrap("range "+model.RangeOf(*r, unit), width)...)
	}
	return lines
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
	parts := []string{joined(format.LowerBound(format.Quantity(e.Value, e.Unit), c.LowerBound))}
	if e.Interval != nil && e.Interval.Method != estimate.Exact {
		parts = append(parts, joined(format.IntervalOf(e)))
	}
	parts = append(parts, joined(fmt.Sprintf("n=%d", e.Trials)+grade(c.Entry)))
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
	if r.Claim.ContainersBound != "" {
		p.paragraph("  judged by: ", fmt.Sprintf("containers %s, WASM %s", joined(r.Claim.ContainersBound), joined(r.Claim.WasmBound)))
	}
	p.ratios(r)
	p.paragraph("  reason: ", r.Verdict.Reason)
	for _, n := range r.Notes {
		p.paragraph("  note: ", n)
	}
}

// ratios prints those of containers to modules by container, and those to the
// reference in a paragraph of their own.
func (p *page) ratios(r model.TableRow) {
	var order []string
	lists := map[string][]string{}
	add := func(title string, x model.NamedRatio, name string) {
		if lists[title] == nil {
			order = append(order, title)
		}
		lists[title] = append(lists[title], joined(name+" "+format.RatioOf(x.Ratio)))
	}
	for _, x := range r.Ratios {
		if x.Across() {
			add(x.System.Name, x, "÷ "+x.Reference.Name)
		} else {
			add("to "+x.Reference.Name+":", x, x.System.Name)
		}
	}
	for _, title := range order {
		p.paragraph("  "+title+" ", strings.Join(lists[title], ", "))
	}
}
