package stat

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Draws of permutations: of each comparison at least minDraws, so that the
// tail at a level of 1 % over the family rests on 20 of them, and in a small
// family more.
const (
	minDraws   = 2000
	totalDraws = 20000
)

// groups are the logarithms of two sides' trial medians, the first n of them
// the old side's. Their mean is zero.
type groups struct {
	values []float64
	n      int
}

// newGroups takes out of the new side what it is expected to differ by.
func newGroups(old, new *Sample, expected float64) groups {
	g := groups{values: logs(old.Medians()), n: len(old.Trials)}
	for _, v := range logs(new.Medians()) {
		g.values = append(g.values, v-expected)
	}
	mean := 0.0
	for _, v := range g.values {
		mean += v / float64(len(g.values))
	}
	for i := range g.values {
		g.values[i] -= mean
	}
	return g
}

// moments of both sides as they stand: differences of means, the variances of
// the means and their degrees of freedom.
func (g groups) moments() (difference, va, na, vb, nb float64) {
	var sums, squares [2]float64
	for i, v := range g.values {
		side := 0
		if i >= g.n {
			side = 1
		}
		sums[side] += v
		squares[side] += v * v
	}
	a, b := float64(g.n), float64(len(g.values)-g.n)
	va = max(0, squares[0]-sums[0]*sums[0]/a) / (a - 1) / a
	vb = max(0, squares[1]-sums[1]*sums[1]/b) / (b - 1) / b
	return sums[1]/b - sums[0]/a, va, a - 1, vb, b - 1
}

// distance is how far apart the two sides are: Welch's t, turned into what a
// normal distribution would give as the same probability, so that comparisons
// with different numbers of trials are measured on one scale (Wallace, Bounds
// on normal approximations to Student's and the chi-square distributions,
// 1959).
func (g groups) distance() float64 {
	difference, va, na, vb, nb := g.moments()
	if math.Abs(difference) < negligible {
		return 0
	}
	if va+vb < negligible*negligible {
		return math.Inf(1)
	}
	degrees := satterthwaite(va, na, vb, nb)
	t2 := difference * difference / (va + vb)
	return (8*degrees + 1) / (8*degrees + 3) * math.Sqrt(degrees*math.Log1p(t2/degrees))
}

// negligible is a difference of logarithms that arithmetic may make of nothing.
const negligible = 1e-12

// adjusted gives for each comparison the probability that one as far apart as
// it shows anywhere in the family where nothing differs.
//
// Each comparison's trials are dealt out again to its two sides, and the
// distances that this gives are pooled over the family; the p-value of a
// comparison is the share of the pool that lies as far out, and Holm's method
// (1979) corrects for their number. The number of comparisons times that share
// is the sum of the probabilities with which each of them would be so far
// apart, so it bounds the probability that any of them is: for identical
// distributions exactly, whatever their form, and with six trials as with
// sixty. A permutation test of each comparison by itself has the same right,
// but with six trials can't give less than 2 in 924, which no correction over
// two hundred comparisons can use. It is Westfall's and Young's idea
// (Resampling-based multiple testing, 1993) with the union bound in the place
// of the joint distribution.
func adjusted(family []groups, seed uint64) []float64 {
	if len(family) == 0 {
		return nil
	}
	random := rand.New(rand.NewPCG(seed, uint64(len(family))))
	draws := max(minDraws, totalDraws/len(family))
	pool := make([]float64, 0, draws*len(family))
	for _, g := range family {
		dealt := groups{values: slices.Clone(g.values), n: g.n}
		for range draws {
			for i := range dealt.n {
				j := i + random.IntN(len(dealt.values)-i)
				dealt.values[i], dealt.values[j] = dealt.values[j], dealt.values[i]
			}
			pool = append(pool, dealt.distance())
		}
	}
	slices.Sort(pool)
	ps := make([]float64, len(family))
	for i, g := range family {
		// Sums in another order may differ in their last digits.
		first, _ := slices.BinarySearch(pool, g.distance()*(1-negligible*1e3))
		ps[i] = float64(1+len(pool)-first) / float64(1+len(pool))
	}
	return holm(ps)
}

// holm corrects p-values for their number: the smallest of n is multiplied by
// n, the next by n − 1, and none falls below the one before (Holm, A simple
// sequentially rejective multiple test procedure, 1979).
func holm(ps []float64) []float64 {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(ps[i], ps[j]) })
	corrected := make([]float64, len(ps))
	least := 0.0
	for rank, i := range order {
		least = max(least, min(1, ps[i]*float64(len(ps)-rank)))
		corrected[i] = least
	}
	return corrected
}

// detectable is the ratio that a test at a level finds with probability 95 %,
// if the logarithms are distributed about normally.
func (g groups) detectable(level float64) float64 {
	_, va, na, vb, nb := g.moments()
	if va+vb == 0 {
		return 1
	}
	degrees := satterthwaite(va, na, vb, nb)
	return math.Exp((studentT(degrees, 1-level/2) + studentT(degrees, Power)) * math.Sqrt(va+vb))
}

// Power is the probability with which a detectable difference is found.
const Power = 0.95
