// Package results reads and writes the results of a run: the record of each trial,
// the plan, the environment, and their folder.
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
// Schema 2 is written. schema.json describes it, and a test checks written files
// against it. Runs of schema 1 are read into the same types and can't be resumed.
//
// # What a crash may cost
//
// A record is one unbuffered write of one complete line to the operating system.
// Once Append has returned, the record survives the end of the process. Records are
// flushed to the disk only on Close, since the disk would otherwise be busy while
// the next trial is measured. So a power cut may cost the records of the last
// seconds, but a crash or a kill costs none. An incomplete last line is never read
// as a record: readers skip it with a warning, and Resume removes it.
//
// # Checksums
//
// Close writes SHA256SUMS, and the first record that is appended to a resumed run
// removes it, so a run in progress has none. Open compares the files with it. A
// file that does not match is named in a warning and is read all the same.
//
// # One trial, several records
//
// A resumed run may repeat a failed trial, so a trial may have several records. The
// first OK record of a trial is used and never replaced, so that no unwelcome
// figure is measured again. If none is OK, the last one is used. The others stay in
// the file, and readers get a warning about them.
//
// # Units
//
// Times are seconds, sizes are bytes, both as float64 in the lists of values (a
// float64 holds whole nanoseconds of up to 104 days and whole bytes of up to 8 PiB
// without loss). Values are finite numbers: a record with a null in it is rejected,
// and unknown fields are left out.
package results
