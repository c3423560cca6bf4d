package compare

import (
	"math"
	"math/rand/v2"

	"edgebench/bench/stat/estimate"
	"edgebench/bench/stat/internal/numeric"

	"gonum.org/v1/gonum/floats"
)

// group are the cells of one name.
type group struct {
	cells  []*cellEffect
	weight float64
	estimated
	// trials of the smaller sides of all cells.
	trials int
}

// estimated is a difference of logarithms with its standard error and the
// degrees of freedom of that.
type estimated struct{ value, err, degrees float64 }

func newGroup(cells []*cellEffect) *group {
	weigh(cells)
	w := &group{cells: cells, weight: totalWeight(cells)}
	for _, s := range cells {
		w.value += s.weight * s.difference
		w.trials += min(s.n, len(s.values)-s.n)
	}
	w.value /= w.weight
	return w
}

// spreadPermutations are enough for a standard deviation, which they give within 4 %.
const spreadPermutations = 300

// estimate finds the standard error of a group's value: the greater of that
// under permutations of the trials, with the value itself taken out, which knows the
// noise of trials, and of the sandwich over cells, which sees how cells differ
// (White, A heteroskedasticity-consistent covariance matrix estimator, 1980).
// It has as many degrees of freedom as cells of equal weight would, less one
// (Kish's effective number).
func (w *group) spread(random *rand.Rand) {
	permuted, apart, squares := 0.0, 0.0, 0.0
	for _, s := range w.cells {
		w2 := s.weight * s.weight
		permuted += w2 * sumOfSquares(s.differences(w.value, spreadPermutations, random)) / spreadPermutations
		apart += w2 * (s.difference - w.value) * (s.difference - w.value)
		squares += w2
	}
	k := w.weight * w.weight / squares
	w.err = math.Sqrt(max(permuted, apart*k/(k-1))) / w.weight
	w.degrees = k - 1
}

func sumOfSquares(values []float64) float64 { return floats.Dot(values, values) }

// othersOf is the weighted mean of all groups but one.
func othersOf(groups []*group, but int) estimated {
	var e estimated
	weight, variance, parts := 0.0, 0.0, 0.0
	for i, w := range groups {
		if i == but {
			continue
		}
		part := w.weight * w.err * w.weight * w.err
		weight += w.weight
		e.value += w.weight * w.value
		variance += part
		parts += part * part / w.degrees
	}
	e.value /= weight
	e.err, e.degrees = math.Sqrt(variance)/weight, variance*variance/max(parts, math.SmallestNonzeroFloat64)
	return e
}

// less is the difference of two that are independent.
func (e estimated) less(o estimated) estimated {
	a, b := e.err*e.err, o.err*o.err
	d := estimated{value: e.value - o.value, err: math.Sqrt(a + b), degrees: e.degrees}
	if a > 0 && b > 0 {
		d.degrees = numeric.Satterthwaite(a, e.degrees, b, o.degrees)
	}
	return d
}

// slowness gives the 95 % interval and the value as ratios.
func (e estimated) slowness() (low, value, high float64) {
	reach := 0.0
	if e.err > 0 {
		reach = numeric.StudentT(e.degrees, 1-(1-estimate.Confidence)/2) * e.err
	}
	return math.Exp(e.value - reach), math.Exp(e.value), math.Exp(e.value + reach)
}

// detectable is the ratio that a test at a level finds with probability Power.
func (e estimated) detectable(level float64) float64 {
	if e.err == 0 {
		return 1
	}
	return math.Exp((numeric.StudentT(e.degrees, 1-level/2) + numeric.StudentT(e.degrees, Power)) * e.err)
}

func (e estimated) judged(p, detectable float64, disturbed bool) judged {
	j := judged{p: p, detectable: detectable, disturbed: disturbed}
	j.low, j.value, j.high = e.slowness()
	return j
}

// mostlyDisturbed says whether more than half of the trials of a side were.
func (w *group) mostlyDisturbed() bool {
	var trials, disturbed [2]int
	for _, s := range w.cells {
		for side, n := range [2]int{s.n, len(s.values) - s.n} {
			trials[side] += n
			disturbed[side] += s.disturbed[side]
		}
	}
	return 2*disturbed[0] > trials[0] || 2*disturbed[1] > trials[1]
}

func (w *group) ratio() estimate.Estimate {
	low, value, high := w.slowness()
	return estimate.Estimate{Value: value, Unit: "ratio", Interval: &estimate.Interval{Low: low, High: high, Method: estimate.Weighted}, Trials: w.trials}
}
