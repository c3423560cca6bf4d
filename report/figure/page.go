package figure

import (
	"encoding/binary"
	"hash/crc32"
	"image/color"
	"slices"
	"strings"

	face "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Measures of a page in points.
const (
	width  vg.Length = 720
	margin vg.Length = 16
	// printed is how many pixels of a PNG there are to an inch of a paper with two
	// columns, on which a figure is 7.16 inches wide. dpi is the same for an inch of 72
	// of our points, which are smaller there.
	printed = 300
	dpi     = 215
	// firstLine is where the conditions begin, lineHeight what each line takes.
	firstLine  vg.Length = 30
	lineHeight vg.Length = 12
)

// heading draws the title and the lines below it, and returns what is left of
// the page.
func heading(c draw.Canvas, title string, lines []string) draw.Canvas {
	c.SetColor(paper)
	c.Fill(c.Rectangle.Path())
	c = draw.Crop(c, margin, -margin, 0, -8)
	size := c.Max.X - c.Min.X
	c.FillText(styled(titleFont, ink, draw.XLeft, draw.YTop), vg.Point{X: c.Min.X, Y: c.Max.Y}, fit(title, titleFont, size))
	c.Max.Y -= firstLine - 8
	for _, line := range lines {
		c.FillText(styled(smallFont, muted, draw.XLeft, draw.YTop), vg.Point{X: c.Min.X, Y: c.Max.Y}, line)
		c.Max.Y -= lineHeight
	}
	c.Max.Y -= lineHeight
	return c
}

// headingHeight is what heading takes.
func headingHeight(lines []string) vg.Length {
	return firstLine + lineHeight*vg.Length(len(lines)+1)
}

// raster is a canvas with pixels that sets each character by itself. A whole
// string would be kerned as if its font had 32 pixels, whatever its size
// (golang/go#46727).
type raster struct{ *vgimg.Canvas }

// FillString implements vg.Canvas.
func (c raster) FillString(f font.Face, at vg.Point, s string) {
	done := ""
	for _, character := range strings.Split(s, "") {
		done += character
		x := at.X + f.Width(done) - f.Width(character)
		c.Canvas.FillString(f, vg.Point{X: x, Y: at.Y}, character)
	}
}

// withDensity says in a PNG how many pixels there are to an inch, in a chunk pHYs
// behind the header (W3C, Portable Network Graphics, 11.3.4.3).
func withDensity(png []byte, perInch int) []byte {
	const header = 8 + 4 + 4 + 13 + 4 // signature, then the first chunk
	const metre = 1
	chunk := []byte("pHYs")
	each := uint32(float64(perInch)/0.0254 + 0.5)
	chunk = binary.BigEndian.AppendUint32(chunk, each)
	chunk = binary.BigEndian.AppendUint32(chunk, each)
	chunk = append(chunk, metre)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk))
	length := binary.BigEndian.AppendUint32(nil, 9)
	return slices.Concat(png[:header], length, chunk, png[header:])
}

// handler sets text in the Liberation fonts, which are linked in.
var handler = text.Plain{Fonts: font.NewCache(liberation.Collection())}

func sans(size vg.Length, bold bool) font.Font {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if bold {
		f.Weight = face.WeightBold
	}
	return f
}

var (
	titleFont = sans(14, true)
	boldFont  = sans(9.5, true)
	plainFont = sans(9.5, false)
	smallFont = sans(8.5, false)
	groupFont = sans(7.5, true)
	tinyFont  = sans(7, false)
)

// middle aligns the middle of a font's capitals with a place. draw.YCenter
// aligns the middle of ascent and descent, which is lower.
const middle draw.YAlignment = -0.4

func styled(f font.Font, c color.Color, x draw.XAlignment, y draw.YAlignment) draw.TextStyle {
	return draw.TextStyle{Font: f, Color: c, XAlign: x, YAlign: y, Handler: handler}
}

func widthOf(s string, f font.Font) vg.Length {
	w, _, _ := handler.Box(s, f)
	return w
}

// fit cuts a text to a width and marks the cut.
func fit(s string, f font.Font, most vg.Length) string {
	if widthOf(s, f) <= most {
		return s
	}
	r := []rune(s)
	for len(r) > 0 && widthOf(string(r)+"…", f) > most {
		r = r[:len(r)-1]
	}
	return string(r) + "…"
}

// wrap breaks a text into lines of at most a width. A word that is longer is
// cut.
func wrap(s string, f font.Font, most vg.Length) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && widthOf(longer, f) > most {
			lines, longer = append(lines, line), word
		}
		line = fit(longer, f, most)
	}
	return append(lines, line)
}
