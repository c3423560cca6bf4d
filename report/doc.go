// Package report makes the model of what is shown of a run: the table of
// containers versus WebAssembly, a section for each experiment, how far figures
// are to be trusted, failures, and the conditions of it all. It also compares runs.
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
//	report/html              one self-contained file
//
// The last three render a model by the form of its elements and know no experiment
// by name. To show a further experiment takes a package below report/section and a
// row in the table of sections.
//
// Records may come from anywhere. Build makes every text of theirs printable
// (no control characters, no escape sequences, no reordering of text), so that
// a renderer only has to quote for its own format.
//
// # Grades
//
// Where the plan has a target, the headline figure of each experiment that measures
// one has a grade, which is the worst of these:
//
//	   interval of the median       disturbed, and failed     found in its trials
//	A  within the target, from      at most 10 % of trials    nothing, outliers or
//	   stat.TargetTrials trials                               warm-up
//	B  within twice the target      at most 25 %, or trials   a trend within trials
//	                                that were not watched
//	C  wider                        at most 50 %              a drift, a step or two
//	                                                          groups
//	D  none                         more
//
// The trials are those that are retained (stat.Counted): disturbed ones that
// adaptive ones have taken the place of enter neither a figure nor its grade. The limits
// are by judgement; what they rest on is printed beside them. Outliers and
// warm-up don't lower a grade, since a median passes over them, but they are
// listed with whatever else it hides.
package report
