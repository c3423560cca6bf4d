package stat

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"
	gonum "gonum.org/v1/gonum/stat"
)

// Draws of permutations: of each comparison at least minDraws, so that a level of
// 1 % over the family rests on 20 of them, and in a small family more.
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
	floats.AddConst(-gonum.Mean(g.values, nil), g.values)
	return g
}

// moments of both sides as they stand: differences of means, the variances of
// the means and their degrees of freedom.
func (g groups) moments() (difference, va, na, vb, nb float64) {
	a, b := float64(g.n), float64(len(g.values)-g.n)
	ma, va := gonum.MeanVariance(g.values[:g.n], nil)
	mb, vb := gonum.MeanVariance(g.values[g.n:], nil)
	return mb - ma, va / a, a - 1, vb / b, b - 1
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
// Each comparison's trials are dealt out again to its two sides many times, and
// in how many of the deals they are as far apart is counted in the whole
// family: the sum of the shares bounds the probability that any of them is. For
// identical distributions it does so exactly, whatever their form, and with six
// trials as with sixty. It goes down from the farthest apart, and a comparison
// that has had its turn no longer counts for those after it, as in Holm's
// method (A simple sequentially rejective multiple test procedure, 1979), which
// this is when all comparisons have the same chances. Holm's own sum takes for
// granted that each has; but a permutation test of six and six trials gives
// never less than 2 in 924, which no correction over two hundred comparisons can
// use, while of two hundred distances hardly any is as great as that of two
// sides that lie far apart. The idea is that of Westfall and Young
// (Resampling-based multiple testing, 1993).
func adjusted(family []groups, seed uint64) []float64 {
	if len(family) == 0 {
		return nil
	}
	random := rand.New(rand.NewPCG(seed, uint64(len(family))))
	draws := max(minDraws, totalDraws/len(family))
	deals := make([][]float64, len(family))
	observed := make([]float64, len(family))
	for i, g := range family {
		deals[i] = g.deal(draws, random)
		// Sums in another order may differ in their last digits.
		observed[i] = g.distance() * (1 - negligible*1e3)
	}
	return stepDown(observed, deals)
}

// deal returns the distances of so many random deals, in ascending order.
func (g groups) deal(draws int, random *rand.Rand) []float64 {
	dealt := groups{values: slices.Clone(g.values), n: g.n}
	distances := make([]float64, draws)
	for k := range distances {
		dealt.again(random)
		distances[k] = dealt.distance()
	}
	slices.Sort(distances)
	return distances
}

// again deals the values out again to both sides.
func (g groups) again(random *rand.Rand) {
	for i := range g.n {
		j := i + random.IntN(len(g.values)-i)
		g.values[i], g.values[j] = g.values[j], g.values[i]
	}
}

// stepDown gives the adjusted p-values of observed distances, by ascending
// distances of the same number of deals of each.
func stepDown(observed []float64, deals [][]float64) []float64 {
	order := make([]int, len(observed))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(observed[j], observed[i]) })
	ps := make([]float64, len(observed))
	least := 0.0
	for turn, i := range order {
		reached := 1 // the deal that was observed
		for _, j := range order[turn:] {
			first, _ := slices.BinarySearch(deals[j], observed[i])
			reached += len(deals[j]) - first
		}
		least = max(least, min(1, float64(reached)/float64(len(deals[i]))))
		ps[i] = least
	}
	return ps
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
