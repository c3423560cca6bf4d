package figure

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"edgebench/report"

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
func All(m *report.Model) []Figure {
	var list []Figure
	add := func(f Figure, ok bool) {
		if ok {
			list = append(list, f)
		}
	}
	for _, g := range m.Ladders {
		add(ladder(m, g))
	}
	add(curves(m))
	add(phases(m))
	for _, g := range m.Memory {
		add(memory(m, g))
	}
	for _, d := range m.Density {
		add(stairs(m, d))
	}
	for _, g := range m.Throughput {
		add(throughput(m, g))
	}
	for _, g := range m.Sizes {
		add(sizes(m, g))
	}
	return list
}

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
func WriteAll(dir, format string, m *report.Model) ([]string, error) {
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
