package compare

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"edgebench/bench/stat/internal/numeric"

	"gonum.org/v1/gonum/floats"
)

// Permutations of a test of groups. Sums of permutations that are picked at random,
// one of each cell, are as good as new permutations of all cells, and cost a
// hundredth.
const (
	cellPermutations = 1000
	groupSums        = 20000
)

// permuted are the scores of random permutations, after a common difference has been
// taken out of the new side.
func (e *cellEffect) permuted(common float64, random *rand.Rand) []float64 {
	values := slices.Concat(e.old, e.new)
	n, m := len(e.old), float64(len(e.new))
	floats.AddConst(-common, values[n:])
	ranks := sides{values: numeric.Ranks(values), n: n}
	list := make([]float64, cellPermutations)
	for k := range list {
		ranks.permute(random)
		list[k] = e.standardised(floats.Sum(ranks.values[n:]) - m*(m+1)/2)
	}
	return list
}

// sums draws so many sums of permuted scores of cells.
func sums(cells []*cellEffect, common float64, random *rand.Rand) []float64 {
	sums := make([]float64, groupSums)
	for _, e := range cells {
		permuted := e.permuted(common, random)
		for i := range sums {
			sums[i] += permuted[random.IntN(cellPermutations)]
		}
	}
	return sums
}

// asTheyStand gives Holm's p-values of how far the sum of each group's scores is
// from what it is where nothing differs.
func asTheyStand(groups []*group, random *rand.Rand) []float64 {
	ps := make([]float64, len(groups))
	for i, g := range groups {
		ps[i] = reaching(sums(g.cells, 0, random), sumOfScores(g.cells, 0))
	}
	return holm(ps)
}

// againstOthers gives Holm's p-values of how far each group's scores are from those
// of all others, after what all have moved by is taken out. Trials of the others are
// permuted too, since their difference is uncertain as well.
func againstOthers(groups []*group, random *rand.Rand) []float64 {
	var all []*cellEffect
	for _, g := range groups {
		all = append(all, g.cells...)
	}
	common, weight := commonDifference(all), totalWeight(all)
	permuted, total := make([][]float64, len(groups)), make([]float64, groupSums)
	for i, g := range groups {
		permuted[i] = sums(g.cells, common, random)
		floats.Add(total, permuted[i])
	}
	ps := make([]float64, len(groups))
	for i, g := range groups {
		// Own part and the others' of the sum, so that equal differences give nothing.
		own := totalWeight(g.cells)
		against := func(sum, total float64) float64 { return sum*weight - total*own }
		for k, sum := range permuted[i] {
			permuted[i][k] = against(sum, total[k])
		}
		ps[i] = reaching(permuted[i], against(sumOfScores(g.cells, common), sumOfScores(all, common)))
	}
	return holm(ps)
}

// reaching is the share of permuted sums that are as far from zero as that
// observed, which counts as one of them.
func reaching(permuted []float64, observed float64) float64 {
	threshold := math.Abs(observed) * (1 - lastDigits)
	reached := 1
	for _, v := range permuted {
		if math.Abs(v) >= threshold {
			reached++
		}
	}
	return float64(reached) / float64(len(permuted)+1)
}

// holm corrects p-values for their family (Holm, A simple sequentially rejective
// multiple test procedure, 1979).
func holm(ps []float64) []float64 {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(ps[i], ps[j]) })
	corrected := make([]float64, len(ps))
	previous := 0.0
	for turn, i := range order {
		previous = max(previous, min(1, ps[i]*float64(len(ps)-turn)))
		corrected[i] = previous
	}
	return corrected
}
