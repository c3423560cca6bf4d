// Package report makes the model of a run's report: the table of containers versus
// WebAssembly, a section for each experiment, the quality of the figures, failures,
// and the conditions. It also compares runs.
//
// Build is a pure function of plan, environment and records: it measures
// nothing, reads no file and no clock, and the same input gives the same
// model. The packages below it:
//
//	report/model             what is shown
//	report/section/NAME      one section for each experiment
//	report/section/registry  the table of sections
//	report/view              a run as sections see it
//	report/format, clean     typed values and texts from outside, for people
//	report/text              terminal, CSV, Go benchmark format
//	report/figure            PNG and SVG
//	report/html              one self-contained file, for a run and for a comparison
//
// The last three render a model by the types of its elements and know no experiment
// by name. A new experiment needs a package below report/section and a row in the
// table of sections.
//
// Records are untrusted. Build makes all their texts printable (no control
// characters, no escape sequences, no reordering of text), so that a renderer only
// has to quote for its own format.
//
// # Grades
//
// If the plan has a target, the headline figure of each experiment that measures
// one has a grade. The worst criterion decides:
//
//	   interval of the median       disturbed, and failed     found in its trials
//	A  within the target, from      at most 10 % of trials    nothing, outliers or
//	   10 trials                                              warm-up
//	B  within twice the target      at most 25 %, or trials   a trend within trials
//	                                that were not watched
//	C  wider                        at most 50 %              a drift, a step or two
//	                                                          groups
//	D  none                         more
//
// The trials are those that are retained (diagnose.Retained): disturbed trials that
// adaptive trials replaced enter neither a figure nor its grade. The limits are a
// judgement; the figures behind a grade are printed beside it. Outliers and warm-up
// don't lower a grade, because a median hardly depends on them, but they are listed
// with the other findings.
package report
