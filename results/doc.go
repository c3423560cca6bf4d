// Package results holds what a run leaves behind: the record of each trial,
// the plan that it followed, the environment it ran in, and the folder they
// lie in.
//
// A run is a folder:
//
//	plan.json          what was to be measured, and the seed of the order (Plan)
//	environment.json   the machine, the runtimes, the artefacts (Environment)
//	records.jsonl      one line for each trial (Record), appended and flushed
//	                   as soon as the trial ends; records.jsonl.gz in a run
//	                   that is published (Compress)
//	SHA256SUMS         checksums of these three, once the run is closed
//	report.html        derived, can be made again
//	figures/*.png      derived, can be made again
//	.lock              held by the process that appends, empty
//
// Every table and figure of the suite is derived from the first three files and
// from nothing else. The package imports no other package of the suite. The words
// defined here (Cell, System, Artefact, Params, Rung, Outcome, Stop) are the ones
// that all others use. Experiments and metrics are named in bench/experiment.
//
// # Versions
//
// Schema 2 is written. schema.json describes it, and a test holds it against what
// is written. Runs of schema 1 are read into the same types and can't be resumed.
//
// # What a crash may cost
//
// A record is one write of one whole line to the operating system, without a
// buffer between: whatever happens to the process after Append has returned,
// the record is there. It is not forced to the disk one by one, since the disk
// would then be busy while the next trial is measured; that happens on Close.
// So a power cut may cost the records of the last seconds, and a crash or a
// kill costs none. A line that was cut short by either is never taken for a
// record: readers leave it out with a warning, and a run that is resumed removes it.
//
// # Checksums
//
// Close writes SHA256SUMS, and the first record that is appended to a resumed run
// removes it, so a run in progress has none. Open compares the files with it. A
// file that does not match is named in a warning and is read all the same.
//
// # One trial, several records
//
// A run that is resumed may try a trial again that has failed, so that a trial
// may have several records. The first OK record of a trial stands and is never
// replaced, so that no unwelcome figure is measured again; where none is OK, the
// last stands. The others stay in the file, and a reader is told of them by a
// warning.
//
// # Units
//
// Times are seconds, sizes are bytes, both as float64 in the lists of values
// (a float64 holds whole nanoseconds of up to 104 days and whole bytes
// of up to 8 PiB without loss). Only finite numbers are values: a record with a
// null in it is refused, and what is not known is left out.
package results
