package text

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
)

// Table prints a short form of the table of containers versus WebAssembly, for the
// end of a run: a line for each property with the figures of the leading classes,
// then a line for each verdict. It fits a terminal of 80 columns and 24 rows. Only
// Full prints every class and cell, how a figure was obtained, grades, ratios and the
// notes on a row. A user's own programs come first, and alone where the run has no
// classes. Lines are width runes long, bounded to 60 to 120.
func Table(w io.Writer, m *model.Model, width int, colour bool) error {
	b := brief{page: newPage(width, colour)}
	if m.Programs != nil {
		b.programs(m.Programs)
	}
	if !m.HasTable() {
		return b.flush(w)
	}
	b.line("")
	b.slowed(m)
	b.head(m.Table.Rows)
	for _, r := range m.Table.Rows {
		b.row(r)
	}
	b.rule()
	b.legend(m)
	b.rule()
	for _, r := range m.Table.Rows {
		b.verdict(r)
	}
	return b.flush(w)
}

// brief is the table on a page, and why figures are missing or rest on fewer
// trials than were made, for its legend.
type brief struct {
	*page
	notes notes
	// bounded and few say that a figure is a lower bound, or has too few trials for an
	// interval.
	bounded, few bool
}

// Widths of the brief table, in runes.
const (
	propertyWidth = 16
	// claimWidth is that of a property with a claim, signsWidth that of a verdict's sign
	// and verdictWidth that of its words.
	claimWidth   = 12
	signsWidth   = 2
	verdictWidth = 14 // "does not hold"
	// Most lines of the reason for a missing figure.
	reasonLines = 2
)

// lanes are the columns: the property, and each leading class.
func (b *brief) lanes(lead []model.ClassResult) []column {
	list := []column{{"", propertyWidth}}
	for _, c := range lead {
		list = append(list, column{c.Name, (b.width-propertyWidth)/len(lead) - gap})
	}
	return list
}

// head names the leading classes, which are the same in all rows that have any, with
// their artefacts and systems.
func (b *brief) head(rows []model.TableRow) {
	i := slices.IndexFunc(rows, func(r model.TableRow) bool { return len(r.Lead()) > 0 })
	if i < 0 {
		b.line(b.style(bold, tableTitle))
		return
	}
	lead := rows[i].Lead()
	columns := b.lanes(lead)
	cells := make([][]string, len(columns))
	cells[0] = wrap(tableTitle, propertyWidth)
	for i, c := range lead {
		width := columns[i+1].width
		cells[i+1] = wrap(c.Name, width)
		for _, a := range c.Artefacts {
			cells[i+1] = append(cells[i+1], wrap(a.String(), width)...)
		}
		for _, s := range systemsOf(rows, c.Name) {
			cells[i+1] = append(cells[i+1], shorten(marked(s), width))
		}
	}
	b.cells(columns, cells, "")
	b.rule()
}

// systemsOf lists the systems of a class, each once.
func systemsOf(rows []model.TableRow, class string) (list []model.System) {
	for _, r := range rows {
		for _, c := range r.Lead() {
			for _, x := range c.Cells {
				if c.Name == class && !slices.ContainsFunc(list, func(s model.System) bool { return s.Name == x.System.Name }) {
					list = append(list, x.System)
				}
			}
		}
	}
	return list
}

// row prints the figures of one property. A property that was not measured has a
// verdict alone.
func (b *brief) row(r model.TableRow) {
	lead := r.Lead()
	if len(lead) == 0 {
		return
	}
	columns := b.lanes(lead)
	cells := [][]string{wrap(r.Property, columns[0].width)}
	for i, c := range lead {
		cells = append(cells, b.lane(c, columns[i+1].width))
	}
	b.cells(columns, cells, "")
}

// lane prints the figure of a leading class: that of its one cell, or the range of
// several.
func (b *brief) lane(c model.ClassResult, width int) []string {
	var measured []model.CellResult
	for _, x := range c.Cells {
		if x.Entry.State == model.Measured {
			measured = append(measured, x)
			b.bounded = b.bounded || x.LowerBound
			b.few = b.few || x.Entry.Estimate.Interval == nil && !x.Reached
		}
	}
	switch {
	case len(c.Cells) == 0:
		return []string{"—"}
	case len(measured) == 0:
		return wrap(c.Cells[0].Entry.State.Word()+b.notes.mark(c.Cells[0].Entry), width)
	case c.Range != nil && c.Range.Cells == len(measured) && len(measured) > 1:
		return append(wrap(c.Range.Values(), width), b.failed(c, width)...)
	}
	var lines []string
	for _, x := range measured {
		lines = append(lines, wrap(b.figure(x, width), width)...)
	}
	return append(lines, b.failed(c, width)...)
}

// failed names the cells of a class whose trials failed while others did not.
func (b *brief) failed(c model.ClassResult, width int) (lines []string) {
	for _, x := range c.Cells {
		if s := x.Entry.State; s == model.Failed || s == model.GivenUp {
			lines = append(lines, wrap(x.System.Name+" "+joined(s.Word()+b.notes.mark(x.Entry)), width)...)
		}
	}
	return lines
}

// verdict prints the verdict on one property, with how many classes hold.
func (b *brief) verdict(r model.TableRow) {
	if r.Verdict == compare.NoClaim {
		return
	}
	const indent = claimWidth + signsWidth + verdictWidth
	var counts []string
	for _, side := range []model.Side{model.Containers, model.Wasm} {
		count := r.Count(side).String()
		if count == "" {
			continue
		}
		text := strings.TrimSpace(fmt.Sprintf("%s %s", side, r.Claim.Bound(side))) + ": " + count
		if utf8.RuneCountInString(text) < b.width-indent {
			text = joined(text)
		}
		counts = append(counts, text)
	}
	if len(counts) == 0 && r.Reason != "" {
		counts = append(counts, r.Reason)
	}
	first := pad(shorten(r.Property, claimWidth-1), claimWidth, false)
	style := verdictStyle(r.Verdict)
	first += b.style(style, format.Sign(r.Verdict)) + " " + b.style(style, string(r.Verdict)) +
		strings.Repeat(" ", max(0, verdictWidth-len(r.Verdict)))
	for i, line := range wrap(strings.Join(counts, "; "), b.width-indent) {
		if i == 0 {
			b.line(first + line)
			continue
		}
		b.line(strings.Repeat(" ", indent) + line)
	}
}

// oldMark marks systems of old releases, which the legend names.
const oldMark = "†"

func marked(s model.System) string {
	if s.Old {
		return s.Name + oldMark
	}
	return s.Name
}

// figure prints a median with its interval where the width has room for it, and the
// number of a footnote. A figure with too few trials for an interval says how many it
// has.
func (b *brief) figure(c model.CellResult, width int) string {
	e := c.Entry.Estimate
	text := c.Value()
	if utf8.RuneCountInString(text) <= width {
		text = joined(text)
	}
	note := b.notes.mark(c.Entry)
	beside := ""
	switch {
	case e.Interval == nil && !c.Reached:
		beside = joined(fmt.Sprintf(" n=%d", e.Trials))
	case e.Interval != nil && e.Interval.Method != estimate.Exact:
		beside = " " + joined(format.IntervalOf(e))
		if utf8.RuneCountInString(text+beside+note) > width {
			beside = ""
		}
	}
	return text + beside + note
}

// short prints a reason on few lines, and marks where it is cut.
func (b *brief) short(first, text string) {
	width := b.width - utf8.RuneCountInString(first)
	lines := wrap(text, width)
	if len(lines) > reasonLines {
		rest := strings.Join(lines[reasonLines-1:], " ")
		text = strings.Join(append(lines[:reasonLines-1:reasonLines-1], shorten(rest, width)), " ")
	}
	b.paragraph(first, text)
}
