// Package stat holds what the statistics of a run share: keys, trials, samples,
// and the one definition of a median and of a quantile. It does no I/O.
//
// Package estimate turns samples into figures with their intervals. Package
// compare decides whether two samples differ and whether claims hold. Package
// diagnose reports what disturbed a run and what its medians hide. All work on
// values only: compare.Reason, diagnose.Finding and estimate.Warning are codes
// with numbers, and their String methods give the text.
//
// # Samples
//
// Values are hierarchical: a run measures a cell in several trials, each a fresh
// process, and a trial may repeat its work in several iterations. Iterations of
// one process share random conditions (address layout, allocator state, time of
// day) and are not independent; trials are. These packages never treat iterations
// as trials. Trials of one run share conditions of the run. compare.Compare looks
// for their effect between runs; a single run can't show it.
//
// # Coverage
//
// bench/stat/simulate prints how often intervals cover, comparisons raise false
// alarms and differences are found, on synthetic noise and on noise of a real
// run, for the methods in use and for rejected alternatives.
package stat
