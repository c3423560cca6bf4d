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

	// height and draw are of what stands below the heading.
	height vg.Length
	draw   func(draw.Canvas)
}

// Formats that figures are rendered in.
const (
	PNG = "png"
	SVG = "svg"
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
		return lineFigure(m, e.Chart)
	case e.Stack != nil && e.Stack.Picture != nil:
		return barFigure(m, e.Stack)
	case e.Matrix != nil && e.Matrix.Picture != nil:
		return matrixFigure(m, e.Matrix)
	}
	return Figure{}, false
}

// conditions is the subtitle of a figure.
func conditions(m *model.Model, shows string) string { return shows + ". " + m.Machine() }

// Render draws the figure in a format, PNG or SVG.
func (f Figure) Render(format string) ([]byte, error) {
	lines := wrap(f.Conditions, smallFont, width-2*margin)
	height := headingHeight(lines) + f.height
	var out bytes.Buffer
	switch format {
	case PNG:
		c := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dpi))
		f.draw(heading(draw.New(raster{c}), f.Title, lines))
		if _, err := (vgimg.PngCanvas{Canvas: c}).WriteTo(&out); err != nil {
			return nil, fmt.Errorf("encode figure %s: %w", f.Name, err)
		}
		return out.Bytes(), nil
	case SVG:
		c := vgsvg.New(width, height)
		f.draw(heading(draw.New(c), f.Title, lines))
		if _, err := c.WriteTo(&out); err != nil {
			return nil, fmt.Errorf("encode figure %s: %w", f.Name, err)
		}
		return f.standalone(out.String(), height), nil
	}
	return nil, fmt.Errorf("figures are rendered as %s or %s, not as %q", PNG, SVG, format)
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
