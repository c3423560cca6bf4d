// Package text renders a report's model for a terminal, as CSV and in the Go
// benchmark format. It decides nothing: what is shown is in the model.
//
// Widths are counted in runes and lines are at most 120 of them long. Colour is
// by ANSI escape codes, and only where it is asked for; what it says is also
// said in words.
package text
