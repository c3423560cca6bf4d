// Package format prints typed values for people: numbers with their units and
// intervals, and the words for what records hold as codes (stops, disturbances,
// rungs, kinds of artefacts, samples).
//
// Quantity and its neighbours give numbers the same form in all renderings:
// three significant digits, with interval ends on the scale of the value. Each
// typed fact is put into words here and nowhere else.
package format
