package figure

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"edgebench/report/model"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Figure is one picture with what a reader needs beside it.
type Figure struct {
	// Name is safe in file names and anchors, and unique in a model.
	Name  string
	Title string
	// Conditions are the subtitle: interval, number of trials, reference,
	// machine.
	Conditions string
	// Reading says how to read the picture.
	Reading string
	// Alt says what it shows, for those who can't see it.
	Alt string

	// height and paint are of what stands below the heading.
	height float64
	paint  func(*page)
}

// Formats that figures are rendered in.
const (
	PNG = "png"
	SVG = "svg"
)

const (
	width = 900 // points
	dpi   = 96  // 4 pixels for 3 points
)

// All returns the figures of a model that have something to show.
func All(m *model.Model) []Figure {
	var list []Figure
	for _, s := range m.Sections {
		for _, e := range s.Elements {
			if f, ok := Of(m, e); ok {
				list = append(list, f)
			}
		}
	}
	return list
}

// Of gives the figure of an element, false where it has none.
func Of(m *model.Model, e model.Element) (Figure, bool) {
	switch {
	case e.Grid != nil && e.Grid.Picture != nil:
		return dotFigure(m, e.Grid)
	case e.Chart != nil:
		return lines(m, e.Chart)
	case e.Stack != nil && e.Stack.Picture != nil:
		return bars(m, e.Stack)
	}
	return Figure{}, false
}

// conditions is the subtitle of a figure.
func conditions(m *model.Model, shows string) string { return shows + ". " + m.Machine() }

// Render draws the figure in a format, PNG or SVG.
func (f Figure) Render(format string) ([]byte, error) {
	lines := wrap(f.Conditions, smallFont, width-2*margin)
	p := &page{height: firstLine + lineHeight*float64(len(lines)) + f.height}
	w, h := vg.Length(width), vg.Length(p.height)
	var out bytes.Buffer
	switch format {
	case PNG:
		c := vgimg.NewWith(vgimg.UseWH(w, h), vgimg.UseDPI(dpi))
		p.canvas, p.raster = draw.New(c), true
		f.draw(p, lines)
		if _, err := (vgimg.PngCanvas{Canvas: c}).WriteTo(&out); err != nil {
			return nil, fmt.Errorf("encode figure %s: %w", f.Name, err)
		}
		return out.Bytes(), nil
	case SVG:
		c := vgsvg.New(w, h)
		p.canvas = draw.New(c)
		f.draw(p, lines)
		if _, err := c.WriteTo(&out); err != nil {
			return nil, fmt.Errorf("encode figure %s: %w", f.Name, err)
		}
		return f.standalone(out.String(), p.height), nil
	}
	return nil, fmt.Errorf("figures are rendered as %s or %s, not as %q", PNG, SVG, format)
}

// The heading of a figure, in points: where the conditions begin, and what
// each line of them takes.
const (
	firstLine  = 38
	lineHeight = 12
)

func (f Figure) draw(p *page, conditions []string) {
	p.box(0, 0, width, p.height, paper)
	p.text(margin, 23, fit(f.Title, titleFont, width-2*margin), titleFont, ink, left)
	for i, line := range conditions {
		p.text(margin, firstLine+lineHeight*float64(i), line, smallFont, muted, left)
	}
	p.down = firstLine + lineHeight*float64(len(conditions))
	f.paint(p)
}

// WriteAll renders all figures of a model into a folder, which it makes where
// there is none, and returns their paths.
func WriteAll(dir, format string, m *model.Model) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of figures: %w", err)
	}
	var paths []string
	for _, f := range All(m) {
		data, err := f.Render(format)
		if err != nil {
			return paths, err
		}
		path := filepath.Join(dir, f.Name+"."+format)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return paths, fmt.Errorf("write figure %s: %w", f.Name, err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}
