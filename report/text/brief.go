package text

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
)

// Table prints a short form of the table of containers versus WebAssembly, for the
// end of a run: of each property the figures of the leading classes, the verdict,
// and for which classes the claim holds. Only Full prints every class and cell, how
// a figure was obtained, the ratios and the notes on a row. Lines are width runes
// long, bounded to 60 to 120.
func Table(w io.Writer, m *model.Model, width int, colour bool) error {
	b := brief{page: newPage(width, colour), graded: m.Table.Graded()}
	b.heading(tableTitle)
	b.slowed(m)
	b.rule()
	b.head(m.Table.Rows)
	b.rule()
	for i, r := range m.Table.Rows {
		if i > 0 && (len(r.Classes) > 0 || len(m.Table.Rows[i-1].Classes) > 0) {
			b.rule()
		}
		b.row(r)
	}
	b.rule()
	b.legend(m)
	return b.flush(w)
}

// brief is the table on a page, and why figures are missing or rest on fewer
// trials than were made, for its legend.
type brief struct {
	*page
	notes notes
	// graded says that letters follow figures.
	graded bool
}

// Widths of the brief table, in runes.
const (
	propertyWidth = 11
	verdictWidth  = 13 // "does not hold"
	// narrow lines have less room for what stands side by side.
	narrow = 110
	// Most lines of the reason for a missing figure.
	reasonLines, narrowReasonLines = 2, 3
)

// lanes are the columns: property, each leading class, verdict. On narrow lines the
// verdict stands below them.
func (b *brief) lanes(lead []model.ClassResult) []column {
	n := max(1, len(lead))
	list := []column{{"property", propertyWidth}}
	taken := propertyWidth + verdictWidth + gap
	if b.width < narrow {
		taken = propertyWidth
	}
	each := (b.width - taken - gap*n) / n
	for _, c := range lead {
		list = append(list, column{c.Name, each})
	}
	if len(lead) == 0 {
		list = append(list, column{"", each})
	}
	if b.width >= narrow {
		list = append(list, column{"verdict", verdictWidth})
	}
	return list
}

// head names the leading classes, which are the same in all rows that have any.
func (b *brief) head(rows []model.TableRow) {
	for _, r := range rows {
		lead := r.Lead()
		if len(lead) == 0 {
			continue
		}
		columns := b.lanes(lead)
		cells := make([][]string, len(columns))
		for i, c := range columns {
			cells[i] = wrap(c.title, c.width)
		}
		for i, c := range lead {
			for _, a := range c.Artefacts {
				cells[i+1] = append(cells[i+1], wrap(a.String(), columns[i+1].width)...)
			}
		}
		b.cells(columns, cells, "")
		return
	}
	b.titles(b.lanes(nil))
}

// row prints one property. If it was not measured, the reason is beside it.
func (b *brief) row(r model.TableRow) {
	lead := r.Lead()
	columns := b.lanes(lead)
	cells := [][]string{wrap(r.Property, columns[0].width)}
	for i, c := range lead {
		cells = append(cells, b.lane(c, r.Unit, columns[i+1].width))
	}
	if len(lead) == 0 {
		cells = append(cells, wrap(claimAcross(r.Claim)+": "+r.Reason, columns[1].width))
	}
	verdict := wrap(string(r.Verdict), verdictWidth)
	if b.width < narrow {
		b.cells(columns, cells, "")
		b.line("  verdict: " + b.style(verdictStyle(r.Verdict), string(r.Verdict)))
	} else {
		b.cells(columns, append(cells, verdict), verdictStyle(r.Verdict))
	}
	if r.Reason != "" {
		return
	}
	if r.Verdict != compare.NoClaim && len(lead) > 0 {
		b.paragraph("  claim: ", claimAcross(r.Claim))
	}
	for _, line := range r.Because(b.why) {
		b.paragraph("  ", line)
	}
	for _, n := range r.Notes {
		b.paragraph("  note: ", n)
	}
}

// why points at the legend for what is missing.
func (b *brief) why(c model.CellResult) string {
	if c.Entry.State == model.Measured || c.Entry.Why == "" {
		return c.Why()
	}
	return strings.TrimSpace(b.notes.mark(c.Entry))
}

// lane prints the figure of a leading class: that of its one cell, or the range of
// several, with the systems at its ends.
func (b *brief) lane(c model.ClassResult, unit string, width int) []string {
	measured := 0
	var last model.CellResult
	for _, x := range c.Cells {
		if x.Entry.State == model.Measured {
			measured++
			last = x
		}
	}
	switch {
	case measured == 0 && len(c.Cells) == 0:
		return wrap("not part of this run", width)
	case measured == 0:
		return wrap(c.Cells[0].Entry.State.Word()+b.notes.mark(c.Cells[0].Entry), width)
	case measured == 1:
		return append(wrap(b.figure(last), width), wrap(marked(last.System), width)...)
	case c.Range != nil && c.Range.Cells == measured:
		lines := wrap(model.RangeOf(*c.Range, unit), width)
		if c.Range.Ends() != "" {
			lines = append(lines, wrap(c.Range.Ends(), width)...)
		}
		return lines
	}
	var lines []string
	for _, x := range c.Cells {
		if x.Entry.State == model.Measured {
			lines = append(lines, append(wrap(b.figure(x), width), wrap(marked(x.System), width)...)...)
		}
	}
	return lines
}

// oldMark marks systems of old releases, which the legend names.
const oldMark = "†"

func marked(s model.System) string {
	if s.Old {
		return s.Name + oldMark
	}
	return s.Name
}

// figure prints a median and its interval, or else the number of trials that
// were too few for one, with the number of a footnote where there is a reason
// to give.
func (b *brief) figure(c model.CellResult) string {
	e := c.Entry.Estimate
	text := format.LowerBound(format.Quantity(e.Value, e.Unit), c.LowerBound)
	switch {
	case e.Interval == nil:
		text = joined(text) + " " + joined(fmt.Sprintf("n=%d", e.Trials))
	case e.Interval.Method != estimate.Exact:
		text = joined(text) + " " + joined(format.IntervalOf(e))
	default:
		text = joined(text)
	}
	return text + joined(grade(c.Entry)) + b.notes.mark(c.Entry)
}

// short prints a reason on few lines, and marks where it is cut.
func (b *brief) short(first, text string) {
	width := b.width - utf8.RuneCountInString(first)
	most := reasonLines
	if b.width < narrow {
		most = narrowReasonLines
	}
	lines := wrap(text, width)
	if len(lines) > most {
		rest := strings.Join(lines[most-1:], " ")
		text = strings.Join(append(lines[:most-1:most-1], shorten(rest, width)), " ")
	}
	b.paragraph(first, text)
}
