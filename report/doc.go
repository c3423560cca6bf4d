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
// # Grades
//
// Where the plan has a target, each cold start and each rate of requests has a
// grade, which is the worst of these:
//
//	   interval of the median       disturbed, and failed     in its course
//	A  within the target, from      at most 10 % of trials    nothing, outliers or
//	   stat.TargetTrials trials                               warm-up
//	B  within twice the target      at most 25 %, or trials   a trend within trials
//	                                that were not watched
//	C  wider                        at most 50 %              a drift, a step or two
//	                                                          groups
//	D  none                         more
//
// The trials are those that count (stat.Counted): disturbed ones that spare
// ones have taken the place of enter neither a figure nor its grade. The limits
// are by judgement; what they rest on is printed beside them. Outliers and
// warm-up don't lower a grade, since a median passes over them, but they are
// listed with whatever else it hides.
//
// # Numbers
//
// Quantity and its neighbours give numbers the same form in all renderings:
// three significant digits, with interval ends on the scale of the value.
package report
