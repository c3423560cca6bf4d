// Package stat holds what the statistics of a run share: keys, trials, samples,
// and the one definition of a median and of a quantile. It does no I/O.
//
// Below it, estimate turns samples into figures with their intervals, compare
// decides whether two of them differ and whether claims hold, and diagnose says
// what disturbed a run and what its medians hide. Each is handed values and gives
// values: compare.Reason, diagnose.Finding and estimate.Warning are codes with
// numbers, which their String methods put into words.
//
// # Samples
//
// Values are hierarchical: a run measures a cell in several trials, each a
// fresh process, and a trial may repeat its work in several iterations.
// Iterations of one process share its luck (address layout, allocator state,
// the moment of the day) and are not independent; trials are. Nothing here
// treats iterations as if they were trials. Trials of one run share the luck of
// the run, which compare.Compare looks for, but which one run can't tell from
// itself.
//
// # Coverage
//
// bench/stat/simulate prints how often intervals cover, comparisons alarm and
// differences are found, on synthetic noise and on that of a real run, with the
// methods that lost beside those that are used.
package stat
