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
// end of a run: the figures, the range, the verdict and its reason. Only Full
// prints how a figure was obtained, the ratios and the notes on a row. Lines are
// width runes long, bounded to 60 to 120.
func Table(w io.Writer, m *model.Model, width int, colour bool) error {
	b := brief{page: newPage(width, colour), graded: m.Table.Graded()}
	b.heading(titleOf(&m.Table))
	b.slowed(m)
	b.rule()
	b.head()
	b.rule()
	for i, r := range m.Table.Rows {
		if i > 0 && (anyCell(r) || anyCell(m.Table.Rows[i-1])) {
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
	claimWidth    = 11
	verdictWidth  = 13 // "does not hold"
	// wasmWidth fits "wasmer/cranelift-aot 12.3 MiB [11.2, 13.4]", and
	// containersWidth an interval alone.
	wasmWidth       = 43
	containersWidth = 23
	// gradedClaim makes room for letters.
	gradedClaim = claimWidth - 1
	// narrow lines have the figures of a row below its claim.
	narrow = 110
	// Most lines of the reason for a verdict, or for a missing figure.
	reasonLines, narrowReasonLines = 2, 3
)

// across has one column for the claim and all that is measured.
func (b *brief) across() []column {
	return []column{{"property", propertyWidth},
		{"claim", b.width - propertyWidth - verdictWidth - 2*gap}, {"verdict", verdictWidth}}
}

// sides are the columns of containers and WASM in so many runes. WASM has the
// longer names and the more systems.
func (b *brief) sides(width int) (containers, wasm column) {
	width -= gap
	most, fewest := wasmWidth, containersWidth
	if b.graded { // by " A"; the WASM column already has room for one
		most, fewest = most+1, fewest+2
	}
	containers = column{"containers", max(width-most, min(fewest, width/2))}
	return containers, column{"WASM", width - containers.width}
}

// below has the columns of figures under a claim on a narrow line.
func (b *brief) below() []column {
	containers, wasm := b.sides(b.width - propertyWidth - gap)
	return []column{{"", propertyWidth}, containers, wasm}
}

// abreast has all columns side by side.
func (b *brief) abreast() []column {
	claim := claimWidth
	if b.graded {
		claim = gradedClaim
	}
	containers, wasm := b.sides(b.width - propertyWidth - claim - verdictWidth - 3*gap)
	return []column{{"property", propertyWidth}, {"claim", claim}, containers, wasm, {"verdict", verdictWidth}}
}

func (b *brief) head() {
	if b.width >= narrow {
		b.titles(b.abreast())
		return
	}
	b.titles(b.across())
	b.titles(b.below())
}

// row prints one property. If it was not measured, the reason is beside the claim.
func (b *brief) row(r model.TableRow) {
	property := wrap(r.Property, propertyWidth)
	verdict := wrap(verdictWord(r.Verdict.Verdict), verdictWidth)
	last := verdictStyle(r.Verdict.Verdict)
	across := b.across()
	switch {
	case !anyCell(r):
		claim := claimAcross(r.Claim) + ": " + r.Verdict.Reason
		b.cells(across, [][]string{property, wrap(claim, across[1].width), verdict}, last)
		return
	case b.width >= narrow:
		c := b.abreast()
		b.cells(c, [][]string{property, claimDown(r.Claim, c[1].width),
			b.side(r.Containers, r.Unit, c[2].width), b.side(r.Wasm, r.Unit, c[3].width), verdict}, last)
	default:
		c := b.below()
		b.cells(across, [][]string{property[:1], wrap(claimAcross(r.Claim), across[1].width), verdict}, last)
		b.cells(c, [][]string{property[1:],
			b.side(r.Containers, r.Unit, c[1].width), b.side(r.Wasm, r.Unit, c[2].width)}, "")
	}
	if r.Verdict.Verdict != compare.NoClaim {
		b.short("  reason: ", reasonOf(r))
	}
}

// anyCell says that something stands for a side of a row.
func anyCell(r model.TableRow) bool { return len(r.Containers.Cells)+len(r.Wasm.Cells) > 0 }

// verdictWord is short enough for its column.
func verdictWord(v compare.Verdict) string {
	if v == compare.Unmeasured {
		return "not measured"
	}
	return string(v)
}

// claimAcross prints the claims of both sides on one line.
func claimAcross(c model.Claim) string {
	if c.Containers == "" && c.Wasm == "" {
		return "none"
	}
	return c.Containers + " / " + c.Wasm
}

// claimDown prints one below the other.
func claimDown(c model.Claim, width int) []string {
	if c.Containers == "" && c.Wasm == "" {
		return []string{"none"}
	}
	return append(wrap(c.Containers+" /", width), wrap(c.Wasm, width)...)
}

// reasonOf is the reason of a verdict. If it is the same for all systems of a side,
// their names are not repeated, because they are printed above. No name is a prefix
// of a name on the other side, because the runners differ.
func reasonOf(r model.TableRow) string {
	text := r.Verdict.Reason
	for _, bound := range []string{r.Claim.ContainersBound, r.Claim.WasmBound} {
		if bound != "" {
			text = strings.ReplaceAll(text, bound, joined(bound))
		}
	}
	for _, s := range []model.SideResult{r.Containers, r.Wasm} {
		var names []string
		for _, c := range s.Cells {
			names = append(names, c.System.Name)
		}
		switch len(names) {
		case 0:
		case 1:
			text = strings.ReplaceAll(text, " for "+names[0], "")
		default:
			text = strings.ReplaceAll(text, " for "+strings.Join(names, ", "), fmt.Sprintf(" for all %d", len(names)))
		}
	}
	return text
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

// side prints the systems that stand for a side, each on one line where all of
// them fit, and the range of all that were measured.
func (b *brief) side(s model.SideResult, unit string, width int) []string {
	name, longest := 0, 0
	var figures []string
	for _, c := range s.Cells {
		f := b.figure(c)
		figures = append(figures, f)
		name = max(name, utf8.RuneCountInString(c.System.Name))
		longest = max(longest, utf8.RuneCountInString(f))
	}
	var lines []string
	for i, c := range s.Cells {
		if name+1+longest <= width {
			lines = append(lines, pad(c.System.Name, name, false)+" "+figures[i])
			continue
		}
		lines = append(lines, shorten(c.System.Name, width))
		for _, l := range wrap(figures[i], width-2) {
			lines = append(lines, "  "+l)
		}
	}
	if r := s.Range; r != nil && r.Systems > 1 {
		lines = append(lines, rangeLines("range "+model.RangeOf(*r, unit), width)...)
	}
	return lines
}

// rangeLines breaks a range between its ends rather than within one.
func rangeLines(text string, width int) []string {
	const to = " … "
	best, worst, found := strings.Cut(text, to)
	if !found || utf8.RuneCountInString(text) <= width {
		return wrap(text, width)
	}
	return append(wrap(best, width), wrap(strings.TrimLeft(to, " ")+worst, width)...)
}

// figure prints a median and its interval, or else the number of trials that
// were too few for one, with the number of a footnote where there is a reason
// to give.
func (b *brief) figure(c model.CellResult) string {
	if c.Entry.State != model.Measured {
		return c.Entry.State.Word() + b.notes.mark(c.Entry)
	}
	e := c.Entry.Estimate
	text := format.LowerBound(format.Quantity(e.Value, e.Unit), c.LowerBound)
	switch {
	case e.Interval == nil:
		text += fmt.Sprintf(" n=%d", e.Trials)
	case e.Interval.Method != estimate.Exact:
		text += " " + format.IntervalOf(e)
	}
	return text + grade(c.Entry) + b.notes.mark(c.Entry)
}
