package compare

import (
	"edgebench/bench/stat/estimate"
	"edgebench/results"
)

// Bound is what a claim demands of a figure. Both limits are optional.
type Bound struct {
	// AtLeast is the smallest value that the claim allows; nil means no limit.
	AtLeast *float64
	// Below is the value that it must stay below; nil means no limit.
	Below *float64
}

// AtLeast makes a bound.
func AtLeast(v float64) Bound { return Bound{AtLeast: &v} }

// Below makes a bound.
func Below(v float64) Bound { return Bound{Below: &v} }

func (b Bound) meets(v float64) bool {
	return (b.AtLeast == nil || v >= *b.AtLeast) && (b.Below == nil || v < *b.Below)
}

// judgeRange decides a claim about a value that lies somewhere between two.
// Where the ends differ in whether they meet the bound it is undecided, as it
// is where they leave it on opposite sides.
func (b Bound) judgeRange(low, high float64) Verdict {
	switch {
	case b.meets(low) && b.meets(high):
		return Holds
	case b.AtLeast != nil && high < *b.AtLeast, b.Below != nil && low >= *b.Below:
		return Fails
	}
	return Undecided
}

// Judge decides a claim about an estimate. It needs an interval, and where there
// are two they must agree.
func (b Bound) Judge(e estimate.Estimate) (Verdict, Reason) {
	if e.Interval == nil {
		r := Reason{Code: NoInterval}
		if len(e.Warnings) > 0 {
			r.Warning = e.Warnings[0]
		}
		return Undecided, r
	}
	v := b.judgeRange(e.Interval.Low, e.Interval.High)
	if v == Undecided {
		return v, Reason{Code: BoundWithin}
	}
	if e.Check != nil && b.judgeRange(e.Check.Low, e.Check.High) != v {
		return Undecided, Reason{Code: BoundWithinCheck, Method: e.Check.Method}
	}
	return v, Reason{Code: BoundOutside}
}

// JudgeDensity decides a claim about how many instances a node carries. That
// one trial reached a number proves that it can be reached; that a trial ended
// at its budget proves nothing about what lies above.
func (b Bound) JudgeDensity(d estimate.Density) (Verdict, Reason) {
	limited, budget := !d.LowerBound, false
	for _, t := range d.Trials {
		limited = limited && t.Stop != nil && t.Stop.Reason == results.StopLimit
		budget = budget || t.AtBudget()
	}
	switch {
	case b.AtLeast != nil && d.Minimum >= *b.AtLeast && b.Below == nil:
		return Holds, Reason{Code: AllReached}
	case b.Below != nil && d.Minimum >= *b.Below:
		return Fails, Reason{Code: AllReached}
	case budget:
		return Undecided, Reason{Code: EndedAtBudget}
	case !limited:
		return Undecided, Reason{Code: EndedByFailure}
	}
	v := b.judgeRange(d.Minimum, d.Maximum)
	if v == Undecided {
		return v, Reason{Code: EndedOnBothSides}
	}
	return v, Reason{Code: EndedAtLimit}
}
