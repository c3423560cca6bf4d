package text

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// The bounds of a line, in runes.
const (
	leastWidth = 60
	mostWidth  = 120
)

// page collects lines and writes them at once.
type page struct {
	buf    bytes.Buffer
	width  int
	colour bool
}

func newPage(width int, colour bool) *page {
	return &page{width: min(mostWidth, max(leastWidth, width)), colour: colour}
}

func (p *page) flush(w io.Writer) error {
	_, err := w.Write(p.buf.Bytes())
	return err
}

// line writes one line without blanks at its end.
func (p *page) line(s string) {
	p.buf.WriteString(strings.ReplaceAll(strings.TrimRight(s, " "), joint, " "))
	p.buf.WriteByte('\n')
}

// paragraph wraps a text, with a hanging indent below its first word.
func (p *page) paragraph(first, text string) {
	indent := utf8.RuneCountInString(first)
	for i, l := range wrap(text, p.width-indent) {
		if i > 0 {
			first = strings.Repeat(" ", indent)
		}
		p.line(first + l)
	}
}

// footnote wraps a text that explains what stands above it.
func (p *page) footnote(text string) {
	for _, l := range wrap(text, p.width-2) {
		p.line("  " + p.style(dim, l))
	}
}

// heading writes a title after an empty line.
func (p *page) heading(title string) {
	p.line("")
	for _, l := range wrap(title, p.width) {
		p.line(p.style(bold, l))
	}
}

// rule draws a line across.
func (p *page) rule() { p.line(p.style(dim, strings.Repeat("─", p.width))) }

// A style is an ANSI escape code ("select graphic rendition").
type style string

const (
	bold   style = "1"
	dim    style = "2"
	red    style = "31"
	green  style = "32"
	yellow style = "33"
)

func (p *page) style(s style, text string) string {
	if !p.colour || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// joint is a blank at which no line is broken.
const joint = "\u00a0"

// joined keeps a text on one line.
func joined(s string) string { return strings.ReplaceAll(s, " ", joint) }

// wrap breaks a text at blanks into lines of at most width runes; a word that
// is longer is broken too.
func wrap(text string, width int) []string {
	width = max(width, 1)
	var lines []string
	line, length := "", 0
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }) {
		n := utf8.RuneCountInString(word)
		if length > 0 && length+1+n <= width {
			line, length = line+" "+word, length+1+n
			continue
		}
		if length > 0 {
			lines = append(lines, line)
		}
		for n > width {
			r := []rune(word)
			lines, word = append(lines, string(r[:width])), string(r[width:])
			n -= width
		}
		line, length = word, n
	}
	if length > 0 || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// pad fills a text with blanks to width runes, on its left or on its right.
func pad(text string, width int, right bool) string {
	blanks := strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text)))
	if right {
		return blanks + text
	}
	return text + blanks
}

// shorten cuts a text to width runes and marks the cut.
func shorten(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	r := []rune(text)
	return string(r[:max(0, width-1)]) + "…"
}
