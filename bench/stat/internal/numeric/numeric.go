// Package numeric is the arithmetic that packages below bench/stat share.
package numeric

import (
	"math"

	"github.com/montanaflynn/stats"
	"gonum.org/v1/gonum/stat/distuv"
)

// Negligible is a difference of logarithms that arithmetic may make of nothing.
const Negligible = 1e-12

// Logs of positive values, in their order.
func Logs(values []float64) []float64 {
	all := make([]float64, len(values))
	for i, v := range values {
		all[i] = math.Log(v)
	}
	return all
}

// Ranks are the mean ranks of values, from 1, in the order of the values.
func Ranks(values []float64) []float64 {
	r, err := stats.Rank(values)
	if err != nil { // there are none
		return nil
	}
	return r
}

// StudentT is the quantile q of Student's distribution with any number of
// degrees of freedom above zero.
func StudentT(degrees, q float64) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: degrees}.Quantile(q)
}

// Satterthwaite is the number of degrees of freedom of the sum of two variances va
// and vb that have na and nb (An approximate distribution of estimates of variance
// components, 1946). One of them is above zero.
func Satterthwaite(va, na, vb, nb float64) float64 {
	return (va + vb) * (va + vb) / (va*va/na + vb*vb/nb)
}
