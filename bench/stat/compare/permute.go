package compare

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"edgebench/bench/stat/internal/numeric"

	"gonum.org/v1/gonum/floats"
	gonum "gonum.org/v1/gonum/stat"
)

// Permutations: of each comparison at least minPermutations, so that a level of
// 1 % over the family rests on 20 of them, and in a small family more.
const (
	minPermutations   = 2000
	totalPermutations = 20000
)

// sides are the logarithms of two sides' trial medians, the first n of them
// the old side's. Their mean is zero.
type sides struct {
	values []float64
	n      int
}

// newSides takes out of the new side what it is expected to differ by.
func newSides(p Pair, expected float64) sides {
	s := sides{values: numeric.Logs(p.Old.Medians()), n: len(p.Old.Trials)}
	for _, v := range numeric.Logs(p.New.Medians()) {
		s.values = append(s.values, v-expected)
	}
	floats.AddConst(-gonum.Mean(s.values, nil), s.values)
	return s
}

// moments of both sides as they stand: differences of means, the variances of
// the means and their degrees of freedom.
func (s sides) moments() (difference, va, na, vb, nb float64) {
	a, b := float64(s.n), float64(len(s.values)-s.n)
	ma, va := gonum.MeanVariance(s.values[:s.n], nil)
	mb, vb := gonum.MeanVariance(s.values[s.n:], nil)
	return mb - ma, va / a, a - 1, vb / b, b - 1
}

// distance is how far apart the two sides are: Welch's t, turned into what a
// normal distribution would give as the same probability, so that comparisons
// with different numbers of trials are measured on one scale (Wallace, Bounds
// on normal approximations to Student's and the chi-square distributions,
// 1959).
func (s sides) distance() float64 {
	difference, va, na, vb, nb := s.moments()
	if math.Abs(difference) < numeric.Negligible {
		return 0
	}
	if va+vb < numeric.Negligible*numeric.Negligible {
		return math.Inf(1)
	}
	degrees := numeric.Satterthwaite(va, na, vb, nb)
	t2 := difference * difference / (va + vb)
	return (8*degrees + 1) / (8*degrees + 3) * math.Sqrt(degrees*math.Log1p(t2/degrees))
}

// lastDigits is a part of a sum by which it may differ when its terms are added in
// another order.
const lastDigits = 1e3 * numeric.Negligible

// adjusted gives for each comparison the probability that one as far apart as
// it shows anywhere in the family where nothing differs.
//
// Each comparison's trials are permuted between its two sides many times, and the
// number of permutations in which they are as far apart is counted over the
// family: the sum of the shares bounds the probability that any of them is. For
// identical distributions it does so exactly, whatever their shape, and with six
// trials as with sixty. It goes down from the farthest apart, and a comparison
// that has had its turn no longer counts for those after it, as in Holm's method
// (A simple sequentially rejective multiple test procedure, 1979), which this is
// when all comparisons have the same chances. Holm's own sum takes for granted
// that each has; but a permutation test of six and six trials gives never less
// than 2 in 924, which no correction over two hundred comparisons can use, while
// of two hundred distances hardly any is as great as that of two sides that lie
// far apart. The idea is that of Westfall and Young (Resampling-based multiple
// testing, 1993).
func adjusted(family []sides, seed uint64) []float64 {
	if len(family) == 0 {
		return nil
	}
	random := rand.New(rand.NewPCG(seed, uint64(len(family))))
	n := max(minPermutations, totalPermutations/len(family))
	permuted := make([][]float64, len(family))
	observed := make([]float64, len(family))
	for i, s := range family {
		permuted[i] = s.distances(n, random)
		observed[i] = s.distance() * (1 - lastDigits)
	}
	return stepDown(observed, permuted)
}

// distances returns those of n random permutations, in ascending order.
func (s sides) distances(n int, random *rand.Rand) []float64 {
	s.values = slices.Clone(s.values)
	distances := make([]float64, n)
	for k := range distances {
		s.permute(random)
		distances[k] = s.distance()
	}
	slices.Sort(distances)
	return distances
}

// permute exchanges values between both sides at random.
func (s sides) permute(random *rand.Rand) {
	for i := range s.n {
		j := i + random.IntN(len(s.values)-i)
		s.values[i], s.values[j] = s.values[j], s.values[i]
	}
}

// stepDown gives the adjusted p-values of observed distances, by ascending
// distances of the same number of permutations of each.
func stepDown(observed []float64, permuted [][]float64) []float64 {
	order := make([]int, len(observed))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(observed[j], observed[i]) })
	ps := make([]float64, len(observed))
	previous := 0.0
	for turn, i := range order {
		reached := 1 // the permutation that was observed
		for _, j := range order[turn:] {
			first, _ := slices.BinarySearch(permuted[j], observed[i])
			reached += len(permuted[j]) - first
		}
		previous = max(previous, min(1, float64(reached)/float64(len(permuted[i]))))
		ps[i] = previous
	}
	return ps
}

// detectable is the ratio that a test at a level finds with probability Power, if
// the logarithms are distributed about normally.
func (s sides) detectable(level float64) float64 {
	_, va, na, vb, nb := s.moments()
	if va+vb == 0 {
		return 1
	}
	degrees := numeric.Satterthwaite(va, na, vb, nb)
	return math.Exp((numeric.StudentT(degrees, 1-level/2) + numeric.StudentT(degrees, Power)) * math.Sqrt(va+vb))
}

// Power is the probability with which a detectable difference is found.
const Power = 0.95
