package text

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"edgebench/report/model"
)

// Widths of a matrix, in runes.
const (
	mostCheck  = 40
	signWidth  = 3
	checkInset = 2
)

// matrix prints a sign for each answer. Columns are numbered; a list below names them.
// Where a terminal is too narrow for all columns, they are printed in parts.
func (p *page) matrix(x *model.Matrix) {
	p.heading(x.Title)
	name := len("check")
	for _, g := range x.Groups {
		for _, r := range g.Rows {
			name = max(name, checkInset+utf8.RuneCountInString(r.Name))
		}
	}
	name = min(name, mostCheck)
	perPart := max(1, (p.width-name)/signWidth)
	for from := 0; from < len(x.Columns); from += perPart {
		p.matrixPart(x, from, min(from+perPart, len(x.Columns)), name)
	}
	var columns, signs []string
	for i, c := range x.Columns {
		columns = append(columns, joined(fmt.Sprintf("%d %s", i+1, c.Label())))
	}
	for _, m := range x.Legend {
		signs = append(signs, joined(m.Sign+" "+m.Word))
	}
	p.footnote(strings.Join(columns, ", "))
	p.footnote(strings.Join(append(signs, joined(model.NotAsked+" not asked")), ", "))
	for _, text := range x.Notes {
		p.paragraph("  ", text)
	}
}

// matrixPart prints the columns from … to.
func (p *page) matrixPart(x *model.Matrix, from, to, name int) {
	line := pad("check", name, false)
	for i := from; i < to; i++ {
		line += pad(fmt.Sprint(i+1), signWidth, true)
	}
	p.line(p.style(dim, line))
	for _, g := range x.Groups {
		if len(g.Rows) == 0 {
			continue
		}
		p.line(p.style(bold, g.Title))
		for _, r := range g.Rows {
			line := pad(shorten(strings.Repeat(" ", checkInset)+r.Name, name), name, false)
			for _, m := range r.Marks[from:to] {
				line += pad("", signWidth-1, true) + p.style(toneStyle(m.Tone), m.Drawn())
			}
			p.line(line)
		}
	}
}

func toneStyle(t model.Tone) style {
	switch t {
	case model.ToneGood:
		return green
	case model.ToneWarn:
		return yellow
	case model.ToneBad:
		return red
	}
	return dim
}
