// Package bench runs a benchmark: it surveys the machine, makes the plan,
// prepares the artefacts, runs the trials in the plan's order and saves their
// records.
//
//	survey     which runners and modes can be measured, and why others can't
//	plan       configuration → shuffled blocks of trials   (bench/plan)
//	prepare    artefacts prepared on disk, once for each system and build
//	trials     one after the other, each in a fresh agent  (bench/trial)
//	records    appended one by one                         (results)
//
// The statistics (bench/stat) and the report use only the records. They are not
// part of this package.
//
// Each run locks its own folder in the user's cache. A folder without a lock
// belongs to a run that crashed. The next run removes the folder and the
// containers, control groups and processes that the crashed run left (see
// Leftovers).
package bench
