package stat

import (
	"fmt"

	"edgebench/results"
)

// Verdict is the answer to a claim or to a comparison.
type Verdict string

// The verdicts on claims.
const (
	Holds      Verdict = "holds"
	Fails      Verdict = "does not hold"
	Undecided  Verdict = "undecided"
	Unmeasured Verdict = "not measured here"
	NoClaim    Verdict = "no claim"
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

// Judge decides a claim about an estimate, with the reason in one line. It
// needs an interval, and where there are two they must agree.
func (b Bound) Judge(e Estimate) (Verdict, string) {
	if e.Interval == nil {
		if len(e.Warnings) > 0 {
			return Undecided, e.Warnings[0]
		}
		return Undecided, "there is no interval"
	}
	v := b.judgeRange(e.Interval.Low, e.Interval.High)
	if v == Undecided {
		return v, "the bound lies within the 95 % interval"
	}
	if e.Check != nil && b.judgeRange(e.Check.Low, e.Check.High) != v {
		return Undecided, fmt.Sprintf("the bound lies within the interval by %s", e.Check.Method)
	}
	return v, "the 95 % interval lies on one side of the bound"
}

// JudgeDensity decides a claim about how many instances a node carries. That
// one trial reached a number proves that it can be reached; that a trial ended
// at its budget proves nothing about what lies above.
func (b Bound) JudgeDensity(d Density) (Verdict, string) {
	limited, budget := !d.LowerBound, false
	for _, t := range d.Trials {
		limited = limited && t.Stop != nil && t.Stop.Reason == results.StopLimit
		budget = budget || t.AtBudget()
	}
	switch {
	case b.AtLeast != nil && d.Least >= *b.AtLeast && b.Below == nil:
		return Holds, "every trial reached the bound"
	case b.Below != nil && d.Least >= *b.Below:
		return Fails, "every trial reached the bound"
	case budget:
		return Undecided, "it ended at a budget before the bound; raise the budget"
	case !limited:
		return Undecided, "a failure stopped it that names no limit of the node"
	}
	v := b.judgeRange(d.Least, d.Greatest)
	if v == Undecided {
		return v, "trials ended on both sides of the bound"
	}
	return v, "a limit of the node stopped every trial"
}
