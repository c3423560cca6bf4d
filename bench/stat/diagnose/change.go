package diagnose

import (
	"math"

	"edgebench/bench/stat/internal/numeric"

	"gonum.org/v1/gonum/floats"
	gonum "gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// change is a step or a drift of a series.
type change struct {
	// at is the index of the first value after a step.
	at int
	// p is the probability with which one as clear shows where there is none.
	p float64
	// explains is the part of the variance of ranks that it explains.
	explains float64
}

// stepTest finds the likeliest step of a series: the greatest of the sums of
// centred ranks from the beginning, which behave like a Brownian bridge
// (Pettitt, A non-parametric approach to the change-point problem, 1979;
// Dehling, Fried and Wendler, A robust method for shift detection in time
// series, 2020). Values may depend on those up to lags before them.
func stepTest(values []float64, lags int) change {
	ranks := centredRanks(values)
	n := float64(len(values))
	c := change{p: 1}
	sum, greatest := 0.0, 0.0
	for i, r := range ranks[:len(ranks)-1] {
		if sum += r; math.Abs(sum) > greatest {
			c.at, greatest = i+1, math.Abs(sum)
			before := float64(i + 1)
			c.explains = sum * sum * n / (before * (n - before))
		}
	}
	if greatest == 0 {
		return c
	}
	c.explains /= floats.Dot(ranks, ranks)
	c.p = kolmogorov(greatest / math.Sqrt(n*rankVariance(ranks, lags)))
	return c
}

// driftTest is Spearman's test, both ways, of whether ranks follow their order.
// Values may depend on those up to lags before them.
func driftTest(values []float64, lags int) change {
	ranks := centredRanks(values)
	rho := gonum.Correlation(positions(len(ranks)), ranks, nil)
	if rho == 0 || math.IsNaN(rho) { // not a number where all values are equal
		return change{p: 1}
	}
	n, c := float64(len(values)), change{explains: rho * rho}
	switch {
	case lags > 0:
		c.p = 2 * distuv.UnitNormal.Survival(math.Abs(rho)*math.Sqrt(floats.Dot(ranks, ranks)/rankVariance(ranks, lags)))
	case rho*rho > 1-numeric.Negligible:
		c.p = 2 / math.Gamma(n+1) // one order of all, and its reverse
	default:
		t := math.Abs(rho) * math.Sqrt((n-2)/(1-rho*rho))
		c.p = 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 2}.Survival(t)
	}
	return c
}

// clearest gives the step or the drift of a series, whichever explains more of
// it, and says whether it is a drift; nil where none is significant.
func clearest(values []float64, lags int, level float64) (found *change, drifts bool) {
	drift, step := driftTest(values, lags), stepTest(values, lags)
	switch {
	case drift.p <= level && (step.p > level || drift.explains >= step.explains):
		return &drift, true
	case step.p <= level:
		return &step, false
	}
	return nil, false
}

// rankVariance is the variance of ranks that are independent, which is known, or
// their long-run variance where they may depend on those up to lags before them.
// A step or a drift must not count as dependence, so the long-run variance is
// computed within stretches of four times as many values.
func rankVariance(ranks []float64, lags int) float64 {
	n := float64(len(ranks))
	independent := (n*n - 1) / 12
	if lags == 0 {
		return independent
	}
	total := 0.0
	stretches := max(1, len(ranks)/(4*lags))
	for i := range stretches {
		part := ranks[i*len(ranks)/stretches : (i+1)*len(ranks)/stretches]
		total += longRunVariance(centred(part), lags) * float64(len(part)) / n
	}
	return max(total, independent/10)
}

// longRunVariance is the variance of a series plus twice its covariances with
// itself up to lags before, with weights that fall evenly (Newey and West,
// 1987).
func longRunVariance(series []float64, lags int) float64 {
	n := len(series)
	total := 0.0
	for lag := range min(lags+1, n) {
		sum := floats.Dot(series[lag:], series[:n-lag])
		if lag > 0 {
			sum *= 2 * (1 - float64(lag)/float64(lags+1))
		}
		total += sum / float64(n)
	}
	return total
}

// kolmogorov is the probability that a Brownian bridge goes farther than x from
// zero.
func kolmogorov(x float64) float64 {
	if x < 0.3 {
		return 1 // the series below converges slowly there, towards 1
	}
	p := 0.0
	for k := 1.0; k <= 20; k++ {
		p += 2 * math.Pow(-1, k-1) * math.Exp(-2*k*k*x*x)
	}
	return min(1, max(0, p))
}

// centredRanks are mean ranks less their mean, in the order of the values.
func centredRanks(values []float64) []float64 {
	return centredAt(numeric.Ranks(values), float64(len(values)+1)/2)
}

// centred are values less their mean.
func centred(values []float64) []float64 { return centredAt(values, gonum.Mean(values, nil)) }

func centredAt(values []float64, centre float64) []float64 {
	all := make([]float64, len(values))
	for i, v := range values {
		all[i] = v - centre
	}
	return all
}
