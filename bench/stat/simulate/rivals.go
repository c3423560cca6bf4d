package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"

	gonum "gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// The methods of intervals that lost, kept here so that the reason can be seen
// again.

// resamples of a bootstrap. Coverage is the same with ten times as many.
const resamples = 400

// student95 is Student's interval of the mean of logarithms: narrow, and right
// only where the logarithms are symmetric.
func student95(s *stat.Sample) estimate.Interval {
	medians := s.Medians()
	n := float64(len(medians))
	logs := make([]float64, len(medians))
	for i, v := range medians {
		logs[i] = math.Log(v)
	}
	mean, deviation := gonum.MeanStdDev(logs, nil)
	reach := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile(0.975) * gonum.StdErr(deviation, n)
	return estimate.Interval{Low: math.Exp(mean - reach), High: math.Exp(mean + reach)}
}

// bca is the bias-corrected and accelerated bootstrap of Efron (1987) over
// trials, with the acceleration from a jackknife over trials. Iterations stay
// with their trial: drawing them again would count their noise twice.
func bca(s *stat.Sample, r *rand.Rand) estimate.Interval {
	medians := s.Medians()
	value := stat.Median(medians)
	drawn, replicates := make([]float64, len(medians)), make([]float64, resamples)
	below := 0.0
	for i := range replicates {
		for j := range drawn {
			drawn[j] = medians[r.IntN(len(medians))]
		}
		replicates[i] = stat.Median(drawn)
		switch {
		case replicates[i] < value:
			below++
		case replicates[i] == value: // a median is often one of the values
			below += 0.5
		}
	}
	slices.Sort(replicates)
	bias := distuv.UnitNormal.Quantile(min(max(below/resamples, 0.5/resamples), 1-0.5/resamples))
	acceleration := jackknife(medians)
	at := func(z float64) float64 {
		p := distuv.UnitNormal.CDF(bias + (bias+z)/(1-acceleration*(bias+z)))
		return replicates[int(p*(resamples-1)+0.5)]
	}
	return estimate.Interval{Low: at(-1.959964), High: at(1.959964)}
}

// jackknife is the acceleration of the median; 0 where leaving out one value
// never moves it.
func jackknife(medians []float64) float64 {
	left := make([]float64, len(medians))
	for i := range left {
		left[i] = stat.Median(slices.Delete(slices.Clone(medians), i, i+1))
	}
	mean := gonum.Mean(left, nil)
	cubes, squares := 0.0, 0.0
	for _, v := range left {
		cubes += math.Pow(mean-v, 3)
		squares += (mean - v) * (mean - v)
	}
	if squares == 0 {
		return 0
	}
	return cubes / (6 * math.Pow(squares, 1.5))
}

// twoStage is the percentile bootstrap that draws trials and, within each drawn
// trial, iterations, both with replacement.
func twoStage(s *stat.Sample, r *rand.Rand) estimate.Interval {
	drawn, replicates := make([]float64, len(s.Trials)), make([]float64, resamples)
	for i := range replicates {
		for j := range drawn {
			values := s.Trials[r.IntN(len(s.Trials))].Values
			again := make([]float64, len(values))
			for k := range again {
				again[k] = values[r.IntN(len(values))]
			}
			drawn[j] = stat.Median(again)
		}
		replicates[i] = stat.Median(drawn)
	}
	slices.Sort(replicates)
	return estimate.Interval{Low: replicates[resamples*25/1000], High: replicates[resamples*975/1000-1]}
}
