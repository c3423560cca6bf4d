// Package stat turns records into samples, and samples into summaries,
// comparisons, findings and verdicts, each with its warnings. It does no I/O.
//
// # Samples
//
// Values are hierarchical: a run measures a cell in several trials, each a
// fresh process, and a trial may repeat its work in several iterations.
// Iterations of one process share its luck (address layout, allocator state,
// the moment of the day) and are not independent; trials are. Nothing here
// treats iterations as if they were trials. Trials of one run share the luck of
// the run, which Compare looks for, but which one run can't tell from itself.
//
// # Intervals
//
//   - The median of a sample is the median of the medians of its trials. Every
//     trial counts the same, however many iterations it holds.
//   - Its interval is that of order statistics of the trials' medians,
//     interpolated to 95 % (Hettmansperger and Sheather, Confidence intervals
//     based on interpolated order statistics, 1986). Trials are what was drawn,
//     so iterations enter through the medians alone: to draw them again in each
//     drawn trial, as a bootstrap over both levels does (Kalibera and Jones,
//     Rigorous benchmarking in reasonable time, 2013), counts their noise twice
//     (Davison and Hinkley, Bootstrap Methods and their Application, 1997,
//     section 3.8). Its cross-check is between two of the order statistics
//     themselves, which assumes nothing but that trials are independent and
//     errs on the wide side (David and Nagaraja, Order Statistics, 2003,
//     section 7.1). Both need six trials: 2·0.5⁶ is the largest power of a half
//     that is below 5 %. With fewer there is no interval but a warning.
//   - The interval of a ratio is recovered from the intervals of both sides on
//     the scale of logarithms (see Ratio).
//   - Percentiles are interpolated as type 7 of Hyndman and Fan (Sample
//     quantiles in statistical packages, 1996), over all iterations. One is
//     given only when the number of independent values carries a two-sided
//     95 % order-statistic interval for it (Supports). Its interval is
//     Woodruff's, over trials as whole units; below ten trials it is between
//     order statistics of the independent values.
//   - The number of independent values of a sample is its number of values
//     divided by Kish's design effect 1 + (m − 1)·ρ, where ρ is the upper 90 %
//     limit of the correlation within trials, from the ranks by a one-way
//     analysis of variance (Kish, Survey Sampling, 1965, section 8.2).
//   - The slope of memory over live instances is Theil's and Sen's: the median
//     of the slopes between all pairs of steps of a trial. Each trial gives one
//     slope and one intercept, which are then summarised as any other sample.
//
// # Comparisons, stopping, findings
//
// Compare decides whether pairs of samples differ, as a family, and Jointly
// whether all timings of a runner do together, which shows what is too small for
// each of them alone; State.Meets is
// the rule by which a cell gets no further trials; Findings and Course look for
// what a median hides, and TailOrigin for where a tail comes from. Each states
// its error in its own comment.
//
// # Coverage
//
// bench/stat/simulate prints how often intervals cover, comparisons alarm and
// differences are found, on synthetic noise and on that of a real run, with the
// methods that lost beside those that are used.
package stat
