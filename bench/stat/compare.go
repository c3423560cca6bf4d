package stat

import (
	"fmt"
	"math"

	"edgebench/results"
)

// Pair is what is compared: two samples of one unit, each with a trial at least.
type Pair struct{ Old, New *Sample }

// Comparison is the answer to whether a pair differs.
type Comparison struct {
	Pair
	// Ratio of new to old, with its own 95 % interval.
	Ratio Estimate
	// Superiority of new over old; without an interval where Ratio has none.
	Superiority Superiority
	// P is the chance that a difference as clear as this one, or a clearer one,
	// shows anywhere in the family where nothing differs. It is 1 for a pair
	// that can't be tested.
	P float64
	// Detectable is the ratio above 1 that would be found in 95 % of cases with
	// this number of trials, their noise and this family; 0 where not tested.
	Detectable float64
	Verdict    Verdict
	// Because is the reason of the verdict in one line.
	Because string
}

// Family is a set of comparisons that are made at once.
type Family struct {
	// Comparisons stand in the order of their pairs.
	Comparisons []Comparison
	Shifts
}

// Compare compares pairs as one family.
//
// The test is of the logarithms of trials' medians, by permutation of Welch's
// statistic: trials, and not iterations, are what chance has dealt out. It is
// corrected for the family in Holm's steps (see adjusted), which controls the
// chance of any false alarm at Level without any assumption on the form of
// noise. A pair is called slower when the test, its
// ratio's own 95 % interval and the band all say so; it is the same when that
// interval lies within the band.
//
// Trials of one run share the run's luck, which no number of them averages
// out. Where most timings of the family have moved together, a pair must
// therefore stand out with that shift as well as without it. See Shifts.
func Compare(pairs []Pair, c Criteria) Family {
	f := Family{Comparisons: make([]Comparison, len(pairs))}
	var tested []*Comparison
	for i, p := range pairs {
		x := &f.Comparisons[i]
		*x = Comparison{Pair: p, P: 1, Verdict: Undecided, Superiority: superiority(p.Old.Medians(), p.New.Medians())}
		ratio, err := Ratio(p.New, p.Old)
		if x.Ratio = ratio; err != nil {
			x.Because = err.Error()
			continue
		}
		switch {
		case ratio.Interval == nil:
			x.Superiority.Interval = nil
			x.Because = ratio.Warnings[0]
		case ratio.Interval.Method == Exact:
			x.judge(c, 1)
		default:
			tested = append(tested, x)
		}
	}
	f.Shifts = newShifts(tested)
	f.judge(tested, c)
	return f
}

// mostlyDisturbed says whether more than half of the trials of a side were.
func (p Pair) mostlyDisturbed() bool {
	return 2*p.Old.disturbed() > len(p.Old.Trials) || 2*p.New.disturbed() > len(p.New.Trials)
}

// judge tests and decides comparisons that have an interval.
func (f Family) judge(tested []*Comparison, c Criteria) {
	test := func(shift func(*Comparison) float64) []float64 {
		all := make([]groups, len(tested))
		for i, x := range tested {
			all[i] = newGroups(x.Old, x.New, math.Log(x.expected(shift(x))))
			x.Detectable = all[i].detectable(c.Level / float64(len(tested)))
		}
		return adjusted(all, c.Seed)
	}
	for i, p := range test(func(*Comparison) float64 { return 1 }) {
		tested[i].P = p
		tested[i].judge(c, 1)
	}
	if c.OneRun || !f.anyMoved() {
		return
	}
	for i, p := range test(f.shiftOf) {
		if shift := f.shiftOf(tested[i]); shift != 1 {
			tested[i].judgeAgain(c, shift, p)
		}
	}
}

// judge decides by P and by what is left of the ratio when a shift of all is
// taken out.
func (x *Comparison) judge(c Criteria, shift float64) {
	j := judged{p: x.P, detectable: x.Detectable, exact: x.Ratio.Interval.Method == Exact, disturbed: x.mostlyDisturbed()}
	j.low, j.value, j.high = x.slowness(shift)
	x.Verdict, x.Because = c.judge(j)
}

// judgeAgain withdraws a verdict that does not hold when the shift of the whole
// run is taken out, where the test has given the p-value p.
func (x *Comparison) judgeAgain(c Criteria, shift, p float64) {
	first, because := x.Verdict, x.Because
	x.P = max(x.P, p)
	if x.judge(c, shift); x.Verdict == first {
		x.Because = because
		return
	}
	x.Verdict = Undecided
	x.Because = fmt.Sprintf("all timings together moved by %+.1f %%: a change of the machine, or of all, can't be told from one of this", (shift-1)*100)
}

// slowness gives the ratio's interval and value, divided by the expected ratio
// and turned so that above 1 is worse.
func (x *Comparison) slowness(shift float64) (low, value, high float64) {
	expected := x.expected(shift)
	low, value, high = x.Ratio.Interval.Low/expected, x.Ratio.Value/expected, x.Ratio.Interval.High/expected
	if x.New.Unit == results.RequestsPerSecond {
		return 1 / high, 1 / value, 1 / low
	}
	return low, value, high
}

// expected is the ratio that a shift of all timings makes one expect: of a
// time the shift, of a rate its inverse, of anything else 1.
func (x *Comparison) expected(shift float64) float64 {
	switch x.New.Unit {
	case results.Seconds:
		return shift
	case results.RequestsPerSecond:
		return 1 / shift
	}
	return 1
}
