// Package report makes the model of what is shown of a run: the table of
// containers versus WebAssembly, the cold-start ladders, phases, memory,
// density, throughput, sizes, failures, and the conditions of it all.
//
// Build is a pure function of plan, environment and records: it measures
// nothing, reads no file and no clock, and the same input gives the same
// model. The packages below render a model and decide nothing:
//
//	report/text    terminal, CSV, Go benchmark format
//	report/figure  PNG and SVG
//	report/html    one self-contained file
//
// Records may come from anywhere. Build makes every text of theirs printable
// (no control characters, no escape sequences, no reordering of text), so that
// a renderer only has to quote for its own format.
//
// Quantity and its neighbours give numbers the same form in all renderings:
// three significant digits, with interval ends on the scale of the value.
package report
