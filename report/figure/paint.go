package figure

import (
	"image/color"
	"strings"

	face "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const margin = 16.0 // points

// page is what a figure is drawn on.
type page struct {
	canvas draw.Canvas
	height float64
	// down is how far the origin lies below the upper edge.
	down float64
	// raster says that the canvas has pixels.
	raster bool
}

// at turns a place from the upper left corner into the canvas's.
func (p *page) at(x, y float64) vg.Point {
	return vg.Point{X: vg.Length(x), Y: vg.Length(p.height - p.down - y)}
}

// box fills a rectangle.
func (p *page) box(x, y, w, h float64, c color.Color) {
	p.canvas.SetColor(c)
	var path vg.Path
	path.Move(p.at(x, y))
	path.Line(p.at(x+w, y))
	path.Line(p.at(x+w, y+h))
	path.Line(p.at(x, y+h))
	path.Close()
	p.canvas.Fill(path)
}

// line draws through points given as x, y, x, y …
func (p *page) line(c color.Color, thickness float64, dashes []vg.Length, xy ...float64) {
	p.canvas.SetColor(c)
	p.canvas.SetLineWidth(vg.Length(thickness))
	p.canvas.SetLineDash(dashes, 0)
	var path vg.Path
	path.Move(p.at(xy[0], xy[1]))
	for i := 2; i < len(xy); i += 2 {
		path.Line(p.at(xy[i], xy[i+1]))
	}
	p.canvas.Stroke(path)
	p.canvas.SetLineDash(nil, 0)
}

// disc fills a circle.
func (p *page) disc(x, y, radius float64, c color.Color) {
	p.canvas.SetColor(c)
	var path vg.Path
	centre := p.at(x, y)
	path.Move(vg.Point{X: centre.X + vg.Length(radius), Y: centre.Y})
	path.Arc(centre, vg.Length(radius), 0, 2*3.141592653589793)
	path.Close()
	p.canvas.Fill(path)
}

// Alignment of a text to its place.
type align float64

const (
	left   align = 0
	centre align = -0.5
	right  align = -1
)

// text puts a line of text with its baseline at y.
func (p *page) text(x, y float64, s string, f font.Font, c color.Color, a align) {
	style := draw.TextStyle{Font: f, Color: c, Handler: handler}
	x += float64(a) * widthOf(s, f)
	for _, run := range p.runs(s) {
		p.canvas.FillText(style, p.at(x, y), run)
		x += widthOf(run, f)
	}
}

// runs splits a text where the font sets two ones so close that they touch at
// the resolution of a screen.
func (p *page) runs(s string) []string {
	if !p.raster {
		return []string{s}
	}
	var list []string
	for {
		i := strings.Index(s, "11")
		if i < 0 {
			return append(list, s)
		}
		list, s = append(list, s[:i+1]), s[i+1:]
	}
}

// handler sets text in the Liberation fonts, which are linked in.
var handler = text.Plain{Fonts: font.NewCache(liberation.Collection())}

func sans(size float64, bold bool) font.Font {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size)}
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
)

// widthOf measures a text in points.
func widthOf(s string, f font.Font) float64 {
	w, _, _ := handler.Box(s, f)
	return w.Points()
}

// fit cuts a text to a width and marks the cut.
func fit(s string, f font.Font, most float64) string {
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
func wrap(s string, f font.Font, most float64) []string {
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
