// Package figure draws a report's model as PNG and SVG. It decides nothing
// about figures, only about ink: the same model gives the same bytes.
//
// A runner has one colour in all pictures. The colours are told apart by people
// who see fewer of them (Okabe and Ito, Color universal design, 2008; Tol,
// Colour schemes, 2021), and no picture relies on colour alone: rows have
// names, lines have dashes, states have words.
//
// Lengths are points on a page of 900 points, which is 1200 pixels at the
// resolution of the PNG. Coordinates run from the upper left corner.
package figure
