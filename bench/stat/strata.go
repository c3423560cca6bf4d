package stat

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"edgebench/results"

	"gonum.org/v1/gonum/floats"
)

// stratum is a cell within which trials are dealt out again. Of rates the sign
// is turned, so that a positive difference is slower.
type stratum struct {
	groups
	// difference is that of the medians of both sides' logarithms.
	difference float64
	// scatter is that of the values of both sides together. A scatter of each
	// side about its own median would depend on how the trials were dealt, which
	// makes differences that are great by chance weigh more.
	scatter float64
	// prior is what cells of its kind scatter by.
	prior  float64
	kind   kind
	weight float64
	// disturbed are the trials of the old and of the new side that were.
	disturbed [2]int
}

// kind is what cells have in common that scatter about as much: how long they
// take and what is looked at.
type kind struct {
	experiment results.Experiment
	rung       results.Rung
	metric     string
}

// normalDeviation is the standard deviation of a normal distribution as a
// multiple of its median absolute deviation.
const normalDeviation = 1.4826

// newStratum is not ok for what has too few trials, or one that is not positive.
func newStratum(p Pair) (s *stratum, ok bool) {
	n, m := len(p.Old.Trials), len(p.New.Trials)
	if p.Old.Unit != p.New.Unit || min(n, m) < 2 || p.Old.Medians()[0] <= 0 || p.New.Medians()[0] <= 0 {
		return nil, false
	}
	key := p.New.Key
	s = &stratum{
		groups: newGroups(p.Old, p.New, 0), kind: kind{key.Experiment, key.Rung(), key.Metric},
		disturbed: [2]int{p.Old.disturbed(), p.New.disturbed()},
	}
	if p.New.Unit == results.RequestsPerSecond {
		for i := range s.values {
			s.values[i] = -s.values[i]
		}
	}
	s.difference = Median(s.values[n:]) - Median(s.values[:n])
	s.scatter = normalDeviation * MedianAbsoluteDeviation(s.values)
	return s, true
}

// givePriors sets each cell's prior: the median of the scatters of its kind.
func givePriors(cells map[string][]*stratum) {
	scatters := map[kind][]float64{}
	for _, list := range cells {
		for _, s := range list {
			scatters[s.kind] = append(scatters[s.kind], s.scatter)
		}
	}
	for _, list := range cells {
		for _, s := range list {
			s.prior = Median(scatters[s.kind])
		}
	}
}

// mostWeight is the greatest part of a whole's weight that one cell may have, so
// that the answer is not of this cell alone.
const mostWeight = 0.25

// weigh gives cells the inverse of their differences' variances as weights
// (DerSimonian and Laird, Meta-analysis in clinical trials, 1986, with no
// variance between cells), which makes the variance of the weighted mean the
// least. A scatter of a few trials is noise itself, and the cells with the
// smallest by chance would have the most weight: each variance is taken half
// from the prior.
func weigh(cells []*stratum) {
	for _, s := range cells {
		variance := max((s.scatter*s.scatter+s.prior*s.prior)/2, negligible*negligible)
		s.weight = 1 / (variance * (1/float64(s.n) + 1/float64(len(s.values)-s.n)))
	}
	sorted := slices.SortedFunc(slices.Values(cells), func(a, b *stratum) int { return cmp.Compare(b.weight, a.weight) })
	// With so many of the heaviest at the limit, each holds its part of all.
	for above, s := range sorted {
		limit := totalWeight(sorted[above:]) * mostWeight / (1 - float64(above)*mostWeight)
		if s.weight <= limit {
			for _, heavy := range sorted[:above] {
				heavy.weight = limit
			}
			return
		}
	}
}

func totalWeight(cells []*stratum) float64 {
	total := 0.0
	for _, s := range cells {
		total += s.weight
	}
	return total
}

// whole are the cells of one name.
type whole struct {
	cells  []*stratum
	weight float64
	estimated
	// trials of the smaller sides of all cells.
	trials int
}

// estimated is a difference of logarithms with its standard error and the
// degrees of freedom of that.
type estimated struct{ value, err, degrees float64 }

func newWhole(cells []*stratum) *whole {
	weigh(cells)
	w := &whole{cells: cells, weight: totalWeight(cells)}
	for _, s := range cells {
		w.value += s.weight * s.difference
		w.trials += min(s.n, len(s.values)-s.n)
	}
	w.value /= w.weight
	return w
}

// spreadDeals are enough for a standard deviation, which they give within 4 %.
const spreadDeals = 300

// estimate finds the standard error of a whole's value: the greater of that
// under deals of the trials, with the value itself taken out, which knows the
// noise of trials, and of the sandwich over cells, which sees how cells differ
// (White, A heteroskedasticity-consistent covariance matrix estimator, 1980).
// It has as many degrees of freedom as cells of equal weight would, less one
// (Kish's effective number).
func (w *whole) estimate(random *rand.Rand) {
	dealt, apart, squares := 0.0, 0.0, 0.0
	for _, s := range w.cells {
		w2 := s.weight * s.weight
		dealt += w2 * sumOfSquares(s.deals(w.value, spreadDeals, random)) / spreadDeals
		apart += w2 * (s.difference - w.value) * (s.difference - w.value)
		squares += w2
	}
	k := w.weight * w.weight / squares
	w.err = math.Sqrt(max(dealt, apart*k/(k-1))) / w.weight
	w.degrees = k - 1
}

func sumOfSquares(values []float64) float64 { return floats.Dot(values, values) }

// othersOf is the weighted mean of all wholes but one.
func othersOf(wholes []*whole, but int) estimated {
	var e estimated
	weight, variance, parts := 0.0, 0.0, 0.0
	for i, w := range wholes {
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
		d.degrees = satterthwaite(a, e.degrees, b, o.degrees)
	}
	return d
}

// slowness gives the 95 % interval and the value as ratios.
func (e estimated) slowness() (low, value, high float64) {
	reach := 0.0
	if e.err > 0 {
		reach = studentT(e.degrees, 1-(1-Confidence)/2) * e.err
	}
	return math.Exp(e.value - reach), math.Exp(e.value), math.Exp(e.value + reach)
}

// detectable is the ratio that a test at a level finds with probability Power.
func (e estimated) detectable(level float64) float64 {
	if e.err == 0 {
		return 1
	}
	return math.Exp((studentT(e.degrees, 1-level/2) + studentT(e.degrees, Power)) * e.err)
}

func (e estimated) judged(p, detectable float64, disturbed bool) judged {
	j := judged{p: p, detectable: detectable, disturbed: disturbed}
	j.low, j.value, j.high = e.slowness()
	return j
}

// mostlyDisturbed says whether more than half of the trials of a side were.
func (w *whole) mostlyDisturbed() bool {
	var trials, disturbed [2]int
	for _, s := range w.cells {
		for side, n := range [2]int{s.n, len(s.values) - s.n} {
			trials[side] += n
			disturbed[side] += s.disturbed[side]
		}
	}
	return 2*disturbed[0] > trials[0] || 2*disturbed[1] > trials[1]
}

func (w *whole) ratio() Estimate {
	low, value, high := w.slowness()
	return Estimate{Value: value, Unit: "ratio", Interval: &Interval{Low: low, High: high, Method: Weighted}, Trials: w.trials}
}
