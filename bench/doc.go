// Package bench is the experiment: it surveys what this machine has, makes the
// plan, prepares the artefacts, runs the trials in their order and keeps their
// records.
//
//	survey     which runners and modes can be measured, and why others can't
//	plan       configuration → shuffled blocks of trials   (bench/plan)
//	prepare    artefacts made ready on disk, once for each system and build
//	trials     one after the other, each in a fresh agent  (bench/trial)
//	records    appended one by one                         (results)
//
// The statistics (bench/stat) and the report are made from the records alone
// and are no part of this package.
//
// While a run lives it holds a lock on a folder of its own in the user's cache.
// A folder whose lock nobody holds belongs to a run that died; the next run
// removes it, and with it whatever containers, control groups or processes it
// left (see Leftovers).
package bench
