package stat

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Deals of a joint test. Sums of deals that are picked at random, one of each
// cell, are as good as new deals of all cells, and cost a hundredth.
const (
	cellDeals = 1000
	jointSums = 20000
)

// deals are differences of the medians of random deals, after a shift has been
// taken out of the new side.
func (s *stratum) deals(shift float64, n int, random *rand.Rand) []float64 {
	dealt := groups{values: slices.Clone(s.values), n: s.n}
	for i := s.n; i < len(dealt.values); i++ {
		dealt.values[i] -= shift
	}
	a, b := make([]float64, s.n), make([]float64, len(dealt.values)-s.n)
	list := make([]float64, n)
	for k := range list {
		dealt.again(random)
		copy(a, dealt.values)
		copy(b, dealt.values[s.n:])
		list[k] = Median(b) - Median(a)
	}
	return list
}

// sums draws so many weighted sums of dealt differences of a whole.
func (w *whole) sums(shift float64, random *rand.Rand) []float64 {
	sums := make([]float64, jointSums)
	for _, s := range w.cells {
		dealt := s.deals(shift, cellDeals, random)
		for i := range sums {
			sums[i] += s.weight * dealt[random.IntN(cellDeals)]
		}
	}
	return sums
}

// asTheyStand gives Holm's p-values of each value's distance from none. The
// weights are those of the trials as they were dealt first.
func asTheyStand(wholes []*whole, random *rand.Rand) []float64 {
	ps := make([]float64, len(wholes))
	for i, w := range wholes {
		ps[i] = reaching(w.sums(0, random), w.weight*w.value)
	}
	return holm(ps)
}

// againstOthers gives Holm's p-values of each value's distance from the
// weighted mean of all others. Trials of the others are dealt too, since their
// mean is uncertain as well, after what all have moved by is taken out.
func againstOthers(wholes []*whole, random *rand.Rand) []float64 {
	all, weight := 0.0, 0.0
	for _, w := range wholes {
		all += w.weight * w.value
		weight += w.weight
	}
	sums, total := make([][]float64, len(wholes)), make([]float64, jointSums)
	for i, w := range wholes {
		sums[i] = w.sums(all/weight, random)
		for k, v := range sums[i] {
			total[k] += v
		}
	}
	ps := make([]float64, len(wholes))
	for i, w := range wholes {
		// Own part and the others' of the sum, so that equal means give nothing.
		against := func(own, total float64) float64 { return own*weight - total*w.weight }
		for k, own := range sums[i] {
			sums[i][k] = against(own, total[k])
		}
		ps[i] = reaching(sums[i], against(w.weight*w.value, all))
	}
	return holm(ps)
}

// reaching is the share of dealt sums that are as far from zero as that
// observed, which counts as one of them.
func reaching(dealt []float64, observed float64) float64 {
	// Sums in another order may differ in their last digits.
	least := math.Abs(observed) * (1 - negligible*1e3)
	reached := 1
	for _, v := range dealt {
		if math.Abs(v) >= least {
			reached++
		}
	}
	return float64(reached) / float64(len(dealt)+1)
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
