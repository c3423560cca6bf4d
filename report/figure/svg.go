package figure

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
)

// fallback fonts have the widths of the one that texts are set in, or close.
const fontFamily = "font-family:Liberation Sans,Arial,Helvetica,sans-serif"

// body is what lies between the svg element's tags.
func body(s string) string {
	from := strings.Index(s, "<svg")
	from += strings.Index(s[from:], ">") + 1
	to := strings.LastIndex(s, "</svg>")
	s = textElement.ReplaceAllStringFunc(s[from:to], withLength)
	return strings.ReplaceAll(s, "font-family:Liberation Sans", fontFamily)
}

// textElement matches what the canvas writes for a text, with its weight, its
// size and the text itself.
var textElement = regexp.MustCompile(`<text ([^>]*font-weight:([a-z]+)[^>]*font-size:([0-9.]+)px[^>]*)>([^<]*)</text>`)

// withLength says how long a text is, so that it is as long in whatever font
// the reader has: its place was found by that length.
func withLength(element string) string {
	m := textElement.FindStringSubmatch(element)
	size, err := strconv.ParseFloat(m[3], 64)
	if err != nil || m[4] == "" {
		return element
	}
	length := widthOf(html.UnescapeString(m[4]), sans(vg.Length(size), m[2] == "bold"))
	return fmt.Sprintf(`<text textLength="%.5g" lengthAdjust="spacingAndGlyphs" %s>%s</text>`, length.Points(), m[1], m[4])
}

// open is the tag of the svg element with its title and description.
func (f Figure) open(height vg.Length, attributes string) string {
	title := html.EscapeString(f.Title)
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.6g %.6g" role="img" aria-label="%s"%s>`+
		"\n<title>%s</title>\n<desc>%s</desc>", width, height, title, attributes, title, html.EscapeString(f.Alt))
}

// standalone makes an SVG file of what the canvas wrote.
func (f Figure) standalone(svg string, height vg.Length) []byte {
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		f.open(height, fmt.Sprintf(` width="%.6gpt" height="%.6gpt"`, width, height)) + body(svg) + "</svg>\n")
}

// Inline gives the figure as an svg element for a page that holds Style. Its
// colours are variables, so that it follows the page into the dark.
func (f Figure) Inline() (string, error) {
	svg, err := f.Render(SVG)
	if err != nil {
		return "", err
	}
	var pairs []string
	for _, p := range pigments() {
		for _, property := range []string{"fill:", "stroke:"} {
			pairs = append(pairs, property+p.light.String(), property+"var(--"+p.name+")")
		}
	}
	pairs = append(pairs, "<svg ", `<svg class="figure" `)
	_, element, _ := strings.Cut(string(svg), "?>")
	return strings.NewReplacer(pairs...).Replace(element), nil
}

// Style is the style sheet that Inline relies on: a variable for each colour,
// for light paper, for dark, and for print, which is light.
func Style() string {
	var light, dark strings.Builder
	for _, p := range pigments() {
		fmt.Fprintf(&light, "--%s:%s;", p.name, p.light)
		fmt.Fprintf(&dark, "--%s:%s;", p.name, p.dark)
	}
	return ":root{" + light.String() + "}\n@media screen and (prefers-color-scheme:dark){:root{" + dark.String() + "}}\n"
}
