// Package estimate turns samples into figures with what is known about their
// uncertainty: medians, percentiles, ratios, slopes of memory, densities and
// latencies.
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
//     section 7.1). Both need stat.MinTrials. With fewer there is no interval
//     but a warning.
//   - The interval of a ratio is recovered from the intervals of both sides on
//     the scale of logarithms (see Ratio).
//   - Percentiles are those of stat.Quantile, over all iterations. One is given
//     only when the number of independent values carries a two-sided 95 %
//     order-statistic interval for it (Need). Its interval is Woodruff's, over
//     trials as whole units; below ten trials it is between order statistics of
//     the independent values.
//   - The number of independent values of a sample is its number of values
//     divided by Kish's design effect 1 + (m − 1)·ρ, where ρ is the upper 90 %
//     limit of the correlation within trials, from the ranks by a one-way
//     analysis of variance (Kish, Survey Sampling, 1965, section 8.2).
//   - The slope of memory over live instances is Theil's and Sen's (see TheilSen).
//     Each trial gives one slope and one intercept, which are then summarised as
//     any other sample.
package estimate
