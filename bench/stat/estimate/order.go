package estimate

import (
	"math"

	"edgebench/bench/stat/internal/numeric"

	"gonum.org/v1/gonum/stat/distuv"
)

// quantileInterval is the interval of a quantile between two order statistics.
// Of ascending values that are worth n independent ones, it takes those that
// stand where the order statistics of n would; with n values it takes these
// themselves. nil where n values don't reach so far.
func quantileInterval(sorted []float64, n int, q float64) *Interval {
	low, high := orderStatistics(n, q)
	if n < 2 || low < 1 || high > n {
		return nil
	}
	of := func(order int) float64 {
		return sorted[int(math.Round(float64(order-1)/float64(n-1)*float64(len(sorted)-1)))]
	}
	return &Interval{Low: of(low), High: of(high), Method: OrderStatistics}
}

// exactOrders is the number of values up to which the binomial distribution is
// used, and above it its normal approximation.
const exactOrders = 30

// orderStatistics gives the ranks, from 1, of two of n values between which
// quantile q lies with the level of all intervals; ranks 0 and n + 1 stand for
// infinity. Number k of the values below the quantile is binomial. The method is
// that of QuantileCI in go-moremath, which benchstat uses; the libraries that are
// used here have none.
func orderStatistics(n int, q float64) (low, high int) {
	if n <= exactOrders {
		low, high = exactInterval(n, q)
	} else {
		low, high = normalInterval(n, q)
	}
	return max(low, 0), min(high, n+1)
}

// exactInterval adds up probabilities, beginning with the greatest, until they
// reach the level. Of equal ones the lower number comes first.
func exactInterval(n int, q float64) (low, high int) {
	below := distuv.Binomial{N: float64(n), P: q}
	p := func(k int) float64 {
		if k < 0 || k > n {
			return 0
		}
		return below.Prob(float64(k))
	}
	low = int(math.Ceil(float64(n+1)*q)) - 1
	high = low + 1
	for sum := p(low); sum < Confidence && (p(low-1) > 0 || p(high) > 0); {
		if next := p(low - 1); next >= p(high)*(1-numeric.Negligible) {
			sum += next
			low--
		} else {
			sum += p(high)
			high++
		}
	}
	return low, high
}

// normalInterval rounds out to whole numbers, with a correction for continuity,
// and gives up one number where the level allows it.
func normalInterval(n int, q float64) (low, high int) {
	below := distuv.Normal{Mu: float64(n) * q, Sigma: math.Sqrt(float64(n) * q * (1 - q))}
	reach := below.Mu - below.Quantile((1-Confidence)/2)
	low = int(math.Floor(below.Mu-reach-0.5)) + 1
	high = int(math.Ceil(below.Mu+reach-0.5)) + 1
	level := func(high int) float64 { return below.CDF(float64(high)-0.5) - below.CDF(float64(low)-0.5) }
	if narrower := level(high - 1); narrower >= Confidence && narrower < level(high) {
		high--
	}
	return low, high
}
