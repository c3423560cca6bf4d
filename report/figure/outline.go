package figure

import (
	"strings"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// outlined is a canvas of a PDF that draws the outlines of characters. With embedded
// fonts vgpdf draws all texts in the one that was used last, and has the characters of
// one code page alone.
type outlined struct{ *vgpdf.Canvas }

// FillString implements vg.Canvas.
func (c outlined) FillString(f font.Face, at vg.Point, s string) {
	done := ""
	for _, character := range strings.Split(s, "") {
		done += character
		x := at.X + f.Width(done) - f.Width(character)
		if p := outline(f, []rune(character)[0], vg.Point{X: x, Y: at.Y}); p != nil {
			c.Fill(p)
		}
	}
}

// outline is the shape of a character whose origin is at a point; nil for one without
// a shape.
func outline(f font.Face, character rune, at vg.Point) (path vg.Path) {
	var buffer sfnt.Buffer
	index, err := f.Face.GlyphIndex(&buffer, character)
	if err != nil {
		return nil
	}
	units := f.Face.UnitsPerEm()
	segments, err := f.Face.LoadGlyph(&buffer, index, fixed.I(int(units)), nil)
	if err != nil {
		return nil
	}
	scale := f.Font.Size / vg.Length(units) / 64 // coordinates are in 1/64
	point := func(p fixed.Point26_6) vg.Point {
		return vg.Point{X: at.X + vg.Length(p.X)*scale, Y: at.Y - vg.Length(p.Y)*scale}
	}
	for i, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				path.Close()
			}
			path.Move(point(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			path.Line(point(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			path.QuadTo(point(s.Args[0]), point(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			path.CubeTo(point(s.Args[0]), point(s.Args[1]), point(s.Args[2]))
		}
	}
	if path != nil {
		path.Close()
	}
	return path
}
