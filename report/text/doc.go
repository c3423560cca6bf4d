// Package text renders a report's model for a terminal, as CSV and in the Go
// benchmark format. It only renders what is in the model.
//
// Widths are counted in runes and lines are at most 120 of them long. Colours are
// ANSI escape codes, used only on request, and never the only carrier of
// information.
package text
