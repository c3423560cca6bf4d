package compare

import (
	"math"

	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
)

// commonModes are the ratios of new to old that all timings of a kind share: the
// median of their ratios. A ratio of too few timings has no interval.
type commonModes struct {
	// timings is that of all timings but the minima of trials.
	timings estimate.Estimate
	// minima is that of the minima, which a busy machine moves less.
	minima estimate.Estimate
	// uncontended is that of the minima on an uncontended core, which a busy
	// machine hardly moves. If there are few of these, they count among the
	// minima.
	uncontended estimate.Estimate
}

// minCommon is the minimum number of timings for distinguishing a common ratio
// from changes of some timings.
const minCommon = 20

func newCommonModes(tested []*Comparison) commonModes {
	m := commonModes{
		timings:     commonRatio(tested, func(p Pair) bool { return !p.isMinimum() }),
		minima:      commonRatio(tested, Pair.isMinimum),
		uncontended: commonRatio(tested, Pair.isUncontended),
	}
	if m.uncontended.Interval == nil {
		m.uncontended = m.minima
	}
	return m
}

// commonRatio is the median of the ratios of the timings of a kind.
func commonRatio(tested []*Comparison, of func(Pair) bool) estimate.Estimate {
	var all []float64
	for _, x := range tested {
		if x.isTiming() && of(x.Pair) {
			_, value, _ := x.slowness(1)
			all = append(all, math.Log(value))
		}
	}
	e := estimate.Estimate{Value: 1, Unit: "ratio", Trials: len(all), Values: len(all)}
	if len(all) < minCommon {
		return e
	}
	i := estimate.MedianInterval(all)
	e.Value = math.Exp(stat.Median(all))
	e.Interval = &estimate.Interval{Low: math.Exp(i.Low), High: math.Exp(i.High), Method: i.Method}
	return e
}

// anyMoved says whether any kind is known to have moved.
func (m commonModes) anyMoved() bool {
	return moved(m.timings) || moved(m.minima) || moved(m.uncontended)
}

// moved says whether a common-mode ratio is known to be another than 1.
func moved(e estimate.Estimate) bool { return e.Interval != nil && !e.Interval.Contains(1) }

// of is the ratio of a comparison's kind, 1 where it is not known to be another.
func (m commonModes) of(x *Comparison) float64 {
	e := m.timings
	switch {
	case x.isUncontended():
		e = m.uncontended
	case x.isMinimum():
		e = m.minima
	}
	if !moved(e) {
		return 1
	}
	return e.Value
}
