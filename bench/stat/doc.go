// Package stat turns records into samples, and samples into summaries,
// comparisons and verdicts, each with its warnings. It does no I/O.
//
// # Samples
//
// Values are hierarchical: a cell is measured in several trials, each a fresh
// process, and a trial may repeat its work in several iterations. Iterations of
// one process share its luck (address layout, allocator state, the moment of
// the day) and are not independent; trials are. Nothing here treats iterations
// as if they were trials.
//
// # Methods
//
//   - The median of a sample is the median of the medians of its trials. Every
//     trial counts the same, however many iterations it holds.
//   - The interval of a median is a percentile bootstrap over the hierarchy:
//     trials are drawn with replacement, and then iterations within each drawn
//     trial (Davison and Hinkley, Bootstrap Methods and their Application,
//     1997, section 3.8; Kalibera and Jones, Rigorous benchmarking in
//     reasonable time, ISMM 2013). It is seeded, so the same records always
//     give the same interval.
//   - Its cross-check is the interval between two order statistics of the trial
//     medians, which assumes nothing but that trials are independent (David and
//     Nagaraja, Order Statistics, 2003, section 7.1). It is exact up to 30
//     trials, and uses the normal approximation to the binomial above.
//   - Both need six trials: 2·0.5⁶ is the largest power of a half that is below
//     5 %. With fewer there is no interval but a warning.
//   - Percentiles are interpolated as type 7 of Hyndman and Fan (Sample
//     quantiles in statistical packages, 1996), over all iterations. One is
//     given only when the number of independent values carries a two-sided
//     95 % order-statistic interval for it (Supports).
//   - The number of independent values of a sample is its number of values
//     divided by Kish's design effect 1 + (m − 1)·ρ, where ρ is the correlation
//     within trials, estimated from the ranks by a one-way analysis of variance
//     (Kish, Survey Sampling, 1965, section 8.2).
//   - The slope of memory over live instances is Theil's and Sen's: the median
//     of the slopes between all pairs of steps of a trial. Each trial gives one
//     slope and one intercept, which are then summarised as any other sample.
//
// # Coverage
//
// In simulations with log-normal noise the bootstrap interval of 6 to 40 trials
// covers the true median in 90 to 96 % of cases where a trial holds one value
// or trials differ much, and in up to 100 % where iterations differ much and
// trials don't (drawing twice counts the noise of iterations twice). The
// exact interval errs on the wide side. A verdict therefore wants both to agree.
package stat
