package stat

import (
	"slices"

	"github.com/montanaflynn/stats"
)

// Median is the median of values in any order; 0 for none, which no sample has.
func Median(values []float64) float64 {
	m, err := stats.Median(values)
	if err != nil { // there are none
		return 0
	}
	return m
}

// Quantile is quantile q, from 0 to 1, of values in any order; 0 for none. All
// quantiles of the suite are of this definition: linear interpolation between
// closest ranks, which is type 7 of Hyndman and Fan (Sample quantiles in
// statistical packages, 1996), and what R and NumPy give by default.
func Quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return 0
	}
	if !(q > 0) { // the library knows no zeroth percentile
		return slices.Min(values)
	}
	v, err := stats.Percentile(values, 100*min(q, 1))
	if err != nil { // excluded above
		return 0
	}
	return v
}

// MedianAbsoluteDeviation is the median distance of values from their median; 0
// for none.
func MedianAbsoluteDeviation(values []float64) float64 {
	m, err := stats.MedianAbsoluteDeviation(values)
	if err != nil { // there are none
		return 0
	}
	return m
}
