// Package results holds what a run leaves behind: the record of each trial,
// the plan that it followed, the environment it ran in, and the folder they
// lie in.
//
// A run is a folder:
//
//	plan.json          what was to be measured, in which order (Plan)
//	environment.json   the machine, the runtimes, the artefacts (Environment)
//	records.jsonl      one line for each trial (Record), appended and flushed
//	                   as soon as the trial ends
//	report.html        derived, can be made again
//	figures/*.png      derived, can be made again
//
// Every table and figure of the suite is derived from these three files and
// from nothing else. The package imports no other package of the suite: it is
// the lowest floor of the house, and the words defined here (Rung, Cell,
// Experiment, Outcome, the metric names) are the ones that all others use.
//
// Units: times are seconds, sizes are bytes, both as float64 in the lists of
// values (a float64 holds whole nanoseconds of up to 104 days and whole bytes
// of up to 8 PiB without loss).
package results
