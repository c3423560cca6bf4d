package figure

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"edgebench/report/model"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
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

// Formats that figures are rendered in. A PNG has 300 pixels to the inch at the
// width of a paper with two columns.
const (
	PNG = "png"
	SVG = "svg"
	PDF = "pdf"
)

// All returns the figures of a model that have something to show, the poster first.
func All(m *model.Model) []Figure {
	var list []Figure
	if f, ok := Poster(m); ok {
		list = append(list, f)
	}
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

// OfLines draws a chart that belongs to no single run: its systems are those of its
// lines.
func OfLines(c *model.Chart) (Figure, bool) {
	m := &model.Model{}
	for _, line := range c.Series {
		m.Systems = append(m.Systems, line.System)
	}
	return lineFigure(m, c)
}

// conditions is the subtitle of a figure.
func conditions(m *model.Model, shows string) string {
	return strings.TrimSuffix(shows+". "+m.Machine(), ". ")
}

// Render draws the figure in a format.
func (f Figure) Render(format string) ([]byte, error) {
	lines := wrap(f.Conditions, smallFont, width-2*margin)
	height := headingHeight(lines) + f.height
	all := func(c vg.CanvasSizer) { f.draw(heading(draw.New(c), f.Title, lines)) }
	var out bytes.Buffer
	var err error
	switch format {
	case PNG:
		c := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dpi))
		all(raster{c})
		_, err = vgimg.PngCanvas{Canvas: c}.WriteTo(&out)
	case SVG:
		c := vgsvg.New(width, height)
		all(c)
		_, err = c.WriteTo(&out)
	case PDF:
		c := vgpdf.New(width, height)
		all(outlined{c})
		_, err = c.WriteTo(&out)
	default:
		return nil, fmt.Errorf("figures are rendered as %s, %s or %s, not as %q", PNG, SVG, PDF, format)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("encode figure %s: %w", f.Name, err)
	case format == PNG:
		return withDensity(out.Bytes(), printed), nil
	case format == SVG:
		return f.standalone(out.String(), height), nil
	}
	return out.Bytes(), nil
}

// Named gives the figures of a model whose names match any of some patterns (see
// path.Match), or all for none. A pattern without a figure is an error that lists the
// names.
func Named(m *model.Model, patterns []string) ([]Figure, error) {
	all := All(m)
	if len(patterns) == 0 {
		return all, nil
	}
	var names []string
	for _, f := range all {
		names = append(names, f.Name)
	}
	keep := map[string]bool{}
	for _, pattern := range patterns {
		found := false
		for _, name := range names {
			matched, err := path.Match(pattern, name)
			if err != nil {
				return nil, fmt.Errorf("the figure %q is no pattern: %w", pattern, err)
			}
			keep[name], found = keep[name] || matched, found || matched
		}
		if !found {
			return nil, fmt.Errorf("no figure is called %q; there are %s", pattern, strings.Join(names, ", "))
		}
	}
	return slices.DeleteFunc(all, func(f Figure) bool { return !keep[f.Name] }), nil
}

// WriteAll renders figures into a folder, which it makes where there is none, and
// returns their paths.
func WriteAll(dir, format string, figures []Figure) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of figures: %w", err)
	}
	var paths []string
	for _, f := range figures {
		data, err := f.Render(format)
		if err != nil {
			return paths, err
		}
		file := filepath.Join(dir, f.Name+"."+format)
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return paths, fmt.Errorf("write figure %s: %w", f.Name, err)
		}
		paths = append(paths, file)
	}
	return paths, nil
}
