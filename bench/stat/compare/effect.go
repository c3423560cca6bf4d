package compare

import (
	"cmp"
	"math"
	"slices"

	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/numeric"
	"edgebench/results"

	"gonum.org/v1/gonum/floats"
)

// cellEffect is what a cell says of its group: the logarithms of its trials' medians
// on both sides, in ascending order. Of rates the sign is turned, so that greater is
// slower.
type cellEffect struct {
	*Comparison
	old, new []float64
	kind     kind
	// weight of the cell in its group. It does not depend on its own difference, nor
	// on how its trials are permuted.
	weight float64
}

// kind is what cells have in common that scatter about as much: how long they
// take and what is looked at.
type kind struct {
	experiment results.Experiment
	rung       results.Rung
	metric     string
}

// newCellEffect is not ok for what has too few trials, or one that is not positive.
func newCellEffect(x *Comparison) (e *cellEffect, ok bool) {
	old, new := x.Old.Medians(), x.New.Medians()
	if x.Old.Unit != x.New.Unit || min(len(old), len(new)) < 2 || old[0] <= 0 || new[0] <= 0 {
		return nil, false
	}
	key := x.New.Key
	e = &cellEffect{Comparison: x, old: numeric.Logs(old), new: numeric.Logs(new), kind: kind{key.Experiment, key.Rung(), key.Metric}}
	if x.New.Unit == results.RequestsPerSecond {
		for _, side := range [][]float64{e.old, e.new} {
			floats.Scale(-1, side)
			slices.Reverse(side)
		}
	}
	return e, true
}

// weigh gives each cell of a group its precision as a weight: what a difference of so
// many trials has where they scatter as those of its kind do, in the middle of the
// group. The cell's own scatter would tell more of its noise, but a change is in it
// too: the cells that changed most would weigh least.
func weigh(cells []*cellEffect) {
	scatters := map[kind][]float64{}
	for _, e := range cells {
		// Of both sides together, so that it does not matter which trial is of which.
		scatters[e.kind] = append(scatters[e.kind], stat.MedianAbsoluteDeviation(slices.Concat(e.old, e.new)))
	}
	for _, e := range cells {
		scatter := max(stat.Median(scatters[e.kind]), numeric.Negligible)
		n, m := float64(len(e.old)), float64(len(e.new))
		e.weight = n * m / (n + m) / (scatter * scatter)
	}
	limitWeights(cells)
}

// maxWeight is the greatest part of a group's weight that one cell may have, so
// that the answer is not of this cell alone.
const maxWeight = 0.25

// limitWeights lowers those of the heaviest cells. With so many of these at the limit,
// each holds its part of all.
func limitWeights(cells []*cellEffect) {
	sorted := slices.SortedFunc(slices.Values(cells), func(a, b *cellEffect) int { return cmp.Compare(b.weight, a.weight) })
	for above, e := range sorted {
		limit := totalWeight(sorted[above:]) * maxWeight / (1 - float64(above)*maxWeight)
		if e.weight <= limit {
			for _, heavy := range sorted[:above] {
				heavy.weight = limit
			}
			return
		}
	}
}

func totalWeight(cells []*cellEffect) float64 {
	total := 0.0
	for _, e := range cells {
		total += e.weight
	}
	return total
}

// score says how clearly the new side is slower by more than common: the statistic of
// Mann and Whitney, standardised, times the root of the weight. It counts pairs of
// trials and not by how much they differ, so that a cell far from all others counts
// no more than one that is a little apart.
func (e *cellEffect) score(common float64) float64 {
	wins := 0.0
	for _, v := range e.new {
		below, _ := slices.BinarySearch(e.old, v-common)
		above, _ := slices.BinarySearchFunc(e.old, v-common, func(o, v float64) int {
			if o <= v {
				return -1
			}
			return 1
		})
		wins += float64(below+above) / 2 // equals count half
	}
	return e.standardised(wins)
}

func (e *cellEffect) standardised(wins float64) float64 {
	n, m := float64(len(e.old)), float64(len(e.new))
	return math.Sqrt(e.weight) * (wins - n*m/2) / math.Sqrt(n*m*(n+m+1)/12)
}
