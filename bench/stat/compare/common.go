package compare

import (
	"math"

	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
)

// CommonMode are the ratios of new to old that all timings of a kind share: the
// median of their ratios. Where there are too few to tell, one has no interval.
type CommonMode struct {
	// Timings is that of all timings but the minima of trials.
	Timings estimate.Estimate
	// Minima is that of the minima, which a busy machine moves less.
	Minima estimate.Estimate
	// Uncontended is that of the minima on an uncontended core alone, which it
	// hardly moves. Where these are few, they count among the minima.
	Uncontended estimate.Estimate
}

// minCommon is the number of timings from which on a ratio that all of them share
// is told apart from changes of some.
const minCommon = 20

func newCommonMode(tested []*Comparison) CommonMode {
	m := CommonMode{
		Timings:     commonRatio(tested, func(p Pair) bool { return !p.isMinimum() }),
		Minima:      commonRatio(tested, Pair.isMinimum),
		Uncontended: commonRatio(tested, Pair.isUncontended),
	}
	if m.Uncontended.Interval == nil {
		m.Uncontended = m.Minima
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
func (m CommonMode) anyMoved() bool {
	return moved(m.Timings) || moved(m.Minima) || moved(m.Uncontended)
}

// moved says whether a common-mode ratio is known to be another than 1.
func moved(e estimate.Estimate) bool { return e.Interval != nil && !e.Interval.Contains(1) }

// of is the ratio of a comparison's kind, 1 where it is not known to be another.
func (m CommonMode) of(x *Comparison) float64 {
	e := m.Timings
	switch {
	case x.isUncontended():
		e = m.Uncontended
	case x.isMinimum():
		e = m.Minima
	}
	if !moved(e) {
		return 1
	}
	return e.Value
}
