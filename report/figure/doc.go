// Package figure draws a report's model as PNG and SVG. It only renders: values and
// texts come from the model, and the same model gives the same bytes.
//
// A runner has one colour in all pictures, which the table of runners holds. The
// colours are told apart by people who see fewer of them (Okabe and Ito, Color
// universal design, 2008; Tol, Colour schemes, 2021), and no picture relies on
// colour alone: rows have names, lines have dashes, states have words.
//
// gonum.org/v1/plot draws axes, ticks, grids, lines, bars, glyphs, labels and
// legends, and aligns panels. This package draws what it does not offer:
//
//   - logTicks: ticks with units, as many as have room. plot.LogTicks labels
//     each power of ten with a plain number and knows no powers of two.
//   - logScale: plot.LogScale panics at 0, which a report may hold.
//   - panels: names of rows below headings. A nominal axis has one style of
//     label and no headings.
//   - quantities: texts on whichever side of a dot has room. plotter.Labels has
//     one side for all.
//   - ring, cross: draw.RingGlyph and draw.CrossGlyph have lines of half a
//     point, which pale beside the others.
//   - stageLegends: plot.Legend is one column.
//   - heading: plot.Title neither wraps nor cuts long lines.
//   - raster: the kerning of texts in pixels is wrong (golang/go#46727).
//   - svg.go: vgsvg names no fallback fonts, fixes colours, and writes no title
//     and description for screen readers.
//
// Lengths are points on a page of 900 points, which is 1200 pixels at the
// resolution of the PNG.
package figure
