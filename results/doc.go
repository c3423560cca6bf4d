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
//	.lock              held by the process that appends, empty
//
// Every table and figure of the suite is derived from these three files and
// from nothing else. The package imports no other package of the suite: it is
// the lowest floor of the house, and the words defined here (Rung, Cell,
// Experiment, Outcome, the metric names) are the ones that all others use.
//
// # What a crash may cost
//
// A record is one write of one whole line to the operating system, without a
// buffer between: whatever happens to the process after Append has returned,
// the record is there. It is not forced to the disk one by one, since the disk
// would then be busy while the next trial is measured; that happens on Close.
// So a power cut may cost the records of the last seconds, and a crash or a
// kill costs none. A line that was cut short by either is never taken for a
// record: readers leave it out with a warning, and Resume cuts it off.
//
// # One trial, several records
//
// A run that is resumed may try a trial again that has failed, so that a trial
// may have several records. The first OK record of a trial stands and is never
// replaced, which is what keeps an unwelcome figure from being rolled again;
// where none is OK, the last stands. The others stay in the file, and a reader
// is told of them by a warning.
//
// # Units
//
// Times are seconds, sizes are bytes, both as float64 in the lists of values
// (a float64 holds whole nanoseconds of up to 104 days and whole bytes
// of up to 8 PiB without loss).
package results
