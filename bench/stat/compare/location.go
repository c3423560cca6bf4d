package compare

import (
	"math"
	"slices"

	"edgebench/bench/stat/estimate"
	"edgebench/bench/stat/internal/numeric"
)

// location is the difference that cells share, as logarithms, with its 95 %
// interval.
type location struct {
	value, low, high float64
	// degrees of freedom of the interval: cells of equal weight that would weigh as
	// evenly, less one (Kish's effective number).
	degrees float64
}

// commonDifference is where the scores of cells balance (Hodges and Lehmann, Estimates
// of location based on rank tests, 1963).
func commonDifference(cells []*cellEffect) float64 { return balance(cells, 0) }

// balance finds by how much all cells would have to differ for their scores to sum up
// to a total. The sum falls with the difference, in steps.
func balance(cells []*cellEffect, total float64) float64 {
	// Beyond these every trial of one side is above every one of the other.
	from, to := math.Inf(1), math.Inf(-1)
	for _, e := range cells {
		from = min(from, e.new[0]-e.old[len(e.old)-1])
		to = max(to, e.new[len(e.new)-1]-e.old[0])
	}
	// The last place where the sum is above, and the first where it is below.
	last := bisect(from, to, func(v float64) bool { return sumOfScores(cells, v) > total })
	first := bisect(from, to, func(v float64) bool { return sumOfScores(cells, v) >= total })
	return (last + first) / 2
}

// bisect finds where something that holds at first ceases to.
func bisect(from, to float64, holds func(float64) bool) float64 {
	for range 60 { // halvings: to the last digit
		middle := from + (to-from)/2
		if holds(middle) {
			from = middle
		} else {
			to = middle
		}
	}
	return from + (to-from)/2
}

func sumOfScores(cells []*cellEffect, common float64) float64 {
	sum := 0.0
	for _, e := range cells {
		sum += e.score(common)
	}
	return sum
}

// locate finds the difference that cells share and all those which their scores don't
// contradict: under which the sum lies no farther from zero than Student's quantile of
// its standard errors. The variance of the sum is the greater of that under
// permutations of the trials, which is the sum of the weights, and of that of the
// scores as they are, which shows how cells differ.
func locate(cells []*cellEffect) location {
	l := location{value: commonDifference(cells)}
	apart, squares, weight := 0.0, 0.0, totalWeight(cells)
	for _, e := range cells {
		apart += math.Pow(e.score(l.value), 2)
		squares += e.weight * e.weight
	}
	k := weight * weight / squares
	l.degrees = k - 1
	reach := numeric.StudentT(l.degrees, 1-(1-estimate.Confidence)/2) * math.Sqrt(max(weight, apart*k/(k-1)))
	l.low, l.high = balance(cells, reach), balance(cells, -reach)
	return l
}

// less is the difference of two locations that are independent. Its interval is
// recovered from both (Zou and Donner, Construction of confidence limits about effect
// measures, 2008).
func (l location) less(o location) location {
	d := location{value: l.value - o.value, degrees: l.degrees}
	d.low = d.value - math.Hypot(l.value-l.low, o.high-o.value)
	d.high = d.value + math.Hypot(l.high-l.value, o.value-o.low)
	if a, b := l.err()*l.err(), o.err()*o.err(); a > 0 && b > 0 {
		d.degrees = numeric.Satterthwaite(a, l.degrees, b, o.degrees)
	}
	return d
}

// err is the standard error that the interval's width stands for.
func (l location) err() float64 {
	return (l.high - l.low) / 2 / numeric.StudentT(l.degrees, 1-(1-estimate.Confidence)/2)
}

// slowness gives the 95 % interval and the value as ratios.
func (l location) slowness() (low, value, high float64) {
	return math.Exp(l.low), math.Exp(l.value), math.Exp(l.high)
}

// detectable is the ratio that a test at a level finds with probability Power.
func (l location) detectable(level float64) float64 {
	return math.Exp((numeric.StudentT(l.degrees, 1-level/2) + numeric.StudentT(l.degrees, Power)) * l.err())
}

// cellsBut are those of all groups but one.
func cellsBut(groups []*group, but int) []*cellEffect {
	var cells []*cellEffect
	for _, g := range slices.Concat(groups[:but], groups[but+1:]) {
		cells = append(cells, g.cells...)
	}
	return cells
}
