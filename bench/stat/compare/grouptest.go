package compare

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"edgebench/bench/stat"

	"gonum.org/v1/gonum/floats"
)

// Permutations of a test of groups. Sums of permutations that are picked at random,
// one of each cell, are as good as new permutations of all cells, and cost a
// hundredth.
const (
	cellPermutations = 1000
	groupSums        = 20000
)

// differences are those of the medians of n random permutations, after a common
// change has been taken out of the new side.
func (s *cellEffect) differences(common float64, n int, random *rand.Rand) []float64 {
	permuted := sides{values: slices.Clone(s.values), n: s.n}
	floats.AddConst(-common, permuted.values[s.n:])
	list := make([]float64, n)
	for k := range list {
		permuted.permute(random)
		list[k] = stat.Median(permuted.values[s.n:]) - stat.Median(permuted.values[:s.n])
	}
	return list
}

// sums draws so many weighted sums of permuted differences of a group.
func (w *group) sums(common float64, random *rand.Rand) []float64 {
	sums := make([]float64, groupSums)
	for _, s := range w.cells {
		permuted := s.differences(common, cellPermutations, random)
		for i := range sums {
			sums[i] += s.weight * permuted[random.IntN(cellPermutations)]
		}
	}
	return sums
}

// asTheyStand gives Holm's p-values of each value's distance from none. The
// weights do not depend on the permutation.
func asTheyStand(groups []*group, random *rand.Rand) []float64 {
	ps := make([]float64, len(groups))
	for i, w := range groups {
		ps[i] = reaching(w.sums(0, random), w.weight*w.value)
	}
	return holm(ps)
}

// againstOthers gives Holm's p-values of each value's distance from the
// weighted mean of all others. Trials of the others are permuted too, since their
// mean is uncertain as well, after what all have moved by is taken out.
func againstOthers(groups []*group, random *rand.Rand) []float64 {
	all, weight := 0.0, 0.0
	for _, w := range groups {
		all += w.weight * w.value
		weight += w.weight
	}
	sums, total := make([][]float64, len(groups)), make([]float64, groupSums)
	for i, w := range groups {
		sums[i] = w.sums(all/weight, random)
		for k, v := range sums[i] {
			total[k] += v
		}
	}
	ps := make([]float64, len(groups))
	for i, w := range groups {
		// Own part and the others' of the sum, so that equal means give nothing.
		against := func(own, total float64) float64 { return own*weight - total*w.weight }
		for k, own := range sums[i] {
			sums[i][k] = against(own, total[k])
		}
		ps[i] = reaching(sums[i], against(w.weight*w.value, all))
	}
	return holm(ps)
}

// reaching is the share of permuted sums that are as far from zero as that
// observed, which counts as one of them.
func reaching(permuted []float64, observed float64) float64 {
	least := math.Abs(observed) * (1 - lastDigits)
	reached := 1
	for _, v := range permuted {
		if math.Abs(v) >= least {
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
	least := 0.0
	for turn, i := range order {
		least = max(least, min(1, ps[i]*float64(len(ps)-turn)))
		corrected[i] = least
	}
	return corrected
}
