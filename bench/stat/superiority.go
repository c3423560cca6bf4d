package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat/distuv"
)

// Superiority is the probability that a trial of one sample gives a greater
// median than one of the other, ties counting half. It is 0.5 for equals, and
// Cliff's delta is twice as far from it. It looks at ranks alone, so that no
// outlier moves it.
type Superiority struct {
	Value float64
	// Interval is nil where there are too few trials for one.
	Interval *Interval
}

// Delta is Cliff's (Dominance statistics, 1993): −1 where every trial of the
// second sample lies below every one of the first, 1 where it lies above.
func (s Superiority) Delta() float64 { return 2*s.Value - 1 }

// superiority of b over a, both ascending and not empty. The interval is method
// 5 of Newcombe (Confidence intervals for an effect size measure based on the
// Mann–Whitney statistic, 2006): all probabilities from which the one found
// lies no farther than 1.96 of its standard errors, as these would be if the
// probability were the true one. It stays within 0 and 1 and has a width even
// where the two sides don't overlap.
func superiority(a, b []float64) Superiority {
	m, n := float64(len(a)), float64(len(b))
	// The sum of ranks of b less what it would be among its own alone.
	wins := floats.Sum(ranks(slices.Concat(a, b))[len(a):]) - n*(n+1)/2
	s := Superiority{Value: wins / (m * n)}
	s.Interval = &Interval{
		Low:    1 - newcombe(1-s.Value, m, n),
		High:   newcombe(s.Value, m, n),
		Method: Score,
	}
	return s
}

// newcombe is the upper end of the interval of a probability of superiority.
func newcombe(value, m, n float64) float64 {
	z := distuv.UnitNormal.Quantile(1 - (1-Confidence)/2)
	half := (m+n)/2 - 1
	low, high := value, 1.0
	for range 60 { // halvings: to the last digit
		p := (low + high) / 2
		variance := p * (1 - p) / (m * n) * (1 + half*((1-p)/(2-p)+p/(1+p)))
		if p-value <= z*math.Sqrt(variance) {
			low = p
		} else {
			high = p
		}
	}
	return low
}
