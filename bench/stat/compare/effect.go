package compare

import (
	"cmp"
	"slices"

	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/numeric"
	"edgebench/results"

	"gonum.org/v1/gonum/floats"
)

// cellEffect is by how much a cell differs, within which trials are permuted. Of
// rates the sign is turned, so that a positive difference is slower.
type cellEffect struct {
	sides
	// difference is that of the medians of both sides' logarithms.
	difference float64
	// scatter is that of the values of both sides together. A scatter of each
	// side about its own median would depend on which trials fell to it, which makes
	// differences that are great by chance weigh more.
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

// newCellEffect is not ok for what has too few trials, or one that is not positive.
func newCellEffect(p Pair) (s *cellEffect, ok bool) {
	n, m := len(p.Old.Trials), len(p.New.Trials)
	if p.Old.Unit != p.New.Unit || min(n, m) < 2 || p.Old.Medians()[0] <= 0 || p.New.Medians()[0] <= 0 {
		return nil, false
	}
	key := p.New.Key
	s = &cellEffect{
		sides: newSides(p, 0), kind: kind{key.Experiment, key.Rung(), key.Metric},
		disturbed: [2]int{p.Old.Disturbed(), p.New.Disturbed()},
	}
	if p.New.Unit == results.RequestsPerSecond {
		floats.Scale(-1, s.values)
	}
	s.difference = stat.Median(s.values[n:]) - stat.Median(s.values[:n])
	s.scatter = normalDeviation * stat.MedianAbsoluteDeviation(s.values)
	return s, true
}

// givePriors sets each cell's prior: the median of the scatters of its kind.
func givePriors(cells map[string][]*cellEffect) {
	scatters := map[kind][]float64{}
	for _, list := range cells {
		for _, s := range list {
			scatters[s.kind] = append(scatters[s.kind], s.scatter)
		}
	}
	for _, list := range cells {
		for _, s := range list {
			s.prior = stat.Median(scatters[s.kind])
		}
	}
}

// maxWeight is the greatest part of a group's weight that one cell may have, so
// that the answer is not of this cell alone.
const maxWeight = 0.25

// weigh gives cells the inverse of their differences' variances as weights
// (DerSimonian and Laird, Meta-analysis in clinical trials, 1986, with no
// variance between cells), which makes the variance of the weighted mean the
// least. A scatter of a few trials is noise itself, and the cells with the
// smallest by chance would have the most weight: each variance is taken half
// from the prior.
func weigh(cells []*cellEffect) {
	for _, s := range cells {
		variance := max((s.scatter*s.scatter+s.prior*s.prior)/2, numeric.Negligible*numeric.Negligible)
		s.weight = 1 / (variance * (1/float64(s.n) + 1/float64(len(s.values)-s.n)))
	}
	sorted := slices.SortedFunc(slices.Values(cells), func(a, b *cellEffect) int { return cmp.Compare(b.weight, a.weight) })
	// With so many of the heaviest at the limit, each holds its part of all.
	for above, s := range sorted {
		limit := totalWeight(sorted[above:]) * maxWeight / (1 - float64(above)*maxWeight)
		if s.weight <= limit {
			for _, heavy := range sorted[:above] {
				heavy.weight = limit
			}
			return
		}
	}
}

func totalWeight(cells []*cellEffect) float64 {
	total := 0.0
	for _, s := range cells {
		total += s.weight
	}
	return total
}
