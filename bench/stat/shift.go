package stat

import (
	"math"
	"slices"

	"edgebench/bench/experiment/coldstart"
	"edgebench/results"
)

// Shifts are the ratios of new to old that all timings of a kind share: the
// median of their ratios. Where there are too few to tell, a shift has no interval.
type Shifts struct {
	// Shift is that of all timings but the least of trials.
	Shift Estimate
	// LeastShift is that of the least, which a busy machine moves less.
	LeastShift Estimate
	// FullShift is that of the least at a full pace alone, which it hardly moves.
	// Where these are few, they count among the least.
	FullShift Estimate
}

// minShift is the number of timings from which on a shift of all of them is
// told apart from changes of some.
const minShift = 20

func newShifts(tested []*Comparison) Shifts {
	s := Shifts{
		Shift:      shift(tested, func(p Pair) bool { return !isLeast(p) }),
		LeastShift: shift(tested, isLeast),
		FullShift:  shift(tested, isFull),
	}
	if s.FullShift.Interval == nil {
		s.FullShift = s.LeastShift
	}
	return s
}

// shift is the median of the ratios of the timings of a kind.
func shift(tested []*Comparison, of func(Pair) bool) Estimate {
	var all []float64
	for _, x := range tested {
		if isTiming(x.New.Unit) && of(x.Pair) {
			_, value, _ := x.slowness(1)
			all = append(all, math.Log(value))
		}
	}
	e := Estimate{Value: 1, Unit: "ratio", Trials: len(all), Values: len(all)}
	if len(all) < minShift {
		return e
	}
	slices.Sort(all)
	i := medianInterval(all)
	e.Value = math.Exp(Median(all))
	e.Interval = &Interval{Low: math.Exp(i.Low), High: math.Exp(i.High), Method: i.Method}
	return e
}

// anyMoved says whether any kind is known to have moved.
func (s Shifts) anyMoved() bool {
	return s.Shift.moved() || s.LeastShift.moved() || s.FullShift.moved()
}

// moved says whether a shift is known to be one.
func (e Estimate) moved() bool { return e.Interval != nil && !e.Interval.Contains(1) }

// shiftOf is the shift of a comparison's kind, 1 where it is not known to be one.
func (s Shifts) shiftOf(x *Comparison) float64 {
	e := s.Shift
	switch {
	case isFull(x.Pair):
		e = s.FullShift
	case isLeast(x.Pair):
		e = s.LeastShift
	}
	if !e.moved() {
		return 1
	}
	return e.Value
}

// isTiming says whether a unit is one that a slower or faster machine moves.
func isTiming(unit string) bool {
	return unit == results.Seconds || unit == results.RequestsPerSecond
}

// isLeast says whether a pair is of the least times of trials.
func isLeast(p Pair) bool { return p.New.Metric == coldstart.Minimum }

// isFull says whether a pair is of the least times of trials that waited for a
// full pace and met it, on both sides.
func isFull(p Pair) bool { return isLeast(p) && p.Old.Full && p.New.Full }
