package compare

import (
	"fmt"

	"edgebench/bench/stat/estimate"
)

// Reason is the reason of a verdict. String gives it in one line.
type Reason struct {
	Code Code
	// P is the probability of such a difference in the family by chance.
	P float64
	// Band is how far a ratio may be from 1 and still count as the same.
	Band float64
	// Detectable is the ratio above 1 that these trials would find.
	Detectable float64
	// Moved is the ratio that all others, or all timings, share, and Against that
	// which is left against it.
	Moved, Against float64
	// Need and Have are the needed and the available numbers.
	Need, Have int
	// Shown of a group's Cells differ by themselves.
	Shown, Cells int
	// Alone says that there was nothing to compare a group with.
	Alone bool
	// Method is that of the interval that a code is about.
	Method estimate.Method
	// Warning is the reason why there is no interval; zero if unknown.
	Warning estimate.Warning
	// Detail is the error of a ratio that can't be.
	Detail string
}

// Code names a reason.
type Code string

// Why samples, or groups, are found to differ, to be the same, or neither.
const (
	// WithinBand: the interval lies within the band.
	WithinBand Code = "within_band"
	// Significant: interval and test agree, beyond the band.
	Significant Code = "significant"
	// SignificantInCells: the test over a group's cells is, and some of them differ by
	// themselves, all of them in one direction.
	SignificantInCells Code = "significant_in_cells"
	// AllAgree: what does not vary differs.
	AllAgree Code = "all_agree"
	// MostlyDisturbed: most trials of a run were disturbed.
	MostlyDisturbed Code = "mostly_disturbed"
	// PerhapsWithinBand: they differ, but perhaps by less than the band.
	PerhapsWithinBand Code = "perhaps_within_band"
	// WithinBandButShown: the interval of a group lies within the band, but some of
	// its cells don't.
	WithinBandButShown Code = "within_band_but_shown"
	// PerhapsChance: the test over the family is not significant.
	PerhapsChance Code = "perhaps_chance"
	// TooWide: the interval holds 1 and more than the band.
	TooWide Code = "too_wide"
	// AllMoved: all timings together moved.
	AllMoved Code = "all_moved"
	// OthersMoved: the other groups moved too.
	OthersMoved Code = "others_moved"
	// TooFewCells: too few cells of a group can be compared.
	TooFewCells Code = "too_few_cells"
	// NoRatio: the two figures have no ratio.
	NoRatio Code = "no_ratio"
	// NoInterval: the figure has no interval.
	NoInterval Code = "no_interval"
)

// Why claims are judged as they are.
const (
	// BoundWithin: the bound lies within the interval.
	BoundWithin Code = "bound_within"
	// BoundWithinCheck: it lies within the interval by another method.
	BoundWithinCheck Code = "bound_within_check"
	// BoundOutside: the interval lies on one side of the bound.
	BoundOutside Code = "bound_outside"
	// AllReached: every density trial reached the bound.
	AllReached Code = "all_reached"
	// EndedAtBudget: a density trial ended at its budget before the bound.
	EndedAtBudget Code = "ended_at_budget"
	// EndedByFailure: a failure that names no limit stopped a density trial.
	EndedByFailure Code = "ended_by_failure"
	// EndedOnBothSides: density trials ended on both sides of the bound.
	EndedOnBothSides Code = "ended_on_both_sides"
	// EndedAtLimit: every density trial ended at a limit of the node.
	EndedAtLimit Code = "ended_at_limit"
)

// plain words what has no number.
var plain = map[Code]string{
	AllAgree:         "all trials agree on both sides",
	MostlyDisturbed:  "most trials of a run were disturbed by other activity of the machine, which slows some cells more than others; measure again when it is idle",
	BoundWithin:      "the bound lies within the 95 % interval",
	BoundOutside:     "the 95 % interval lies on one side of the bound",
	AllReached:       "every trial reached the bound",
	EndedAtBudget:    "it ended at a budget before the bound; raise the budget",
	EndedByFailure:   "a failure stopped it that names no limit of the node",
	EndedOnBothSides: "trials ended on both sides of the bound",
	EndedAtLimit:     "a limit of the node stopped every trial",
}

// String says the reason in one line.
func (r Reason) String() string {
	text := r.text()
	if r.Shown > 0 {
		text += fmt.Sprintf("; it shows in %d of %d cells", r.Shown, r.Cells)
	}
	if r.Alone {
		text += "; with no other to compare, a change of the machine can't be told from one of this"
	}
	return text
}

func (r Reason) text() string {
	switch r.Code {
	case WithinBand:
		return fmt.Sprintf("the 95 %% interval lies within the band of ± %.3g %%", r.Band*100)
	case Significant:
		return fmt.Sprintf("the 95 %% interval and the test over all comparisons agree (p = %.2g)", r.P)
	case SignificantInCells:
		return fmt.Sprintf("the test over all its cells (p = %.2g) and those that differ by themselves agree", r.P)
	case PerhapsWithinBand:
		return fmt.Sprintf("they differ, but perhaps by less than ± %.3g %%", r.Band*100)
	case WithinBandButShown:
		return fmt.Sprintf("what its cells share lies within the band of ± %.3g %%, but some differ by themselves", r.Band*100)
	case PerhapsChance:
		return fmt.Sprintf("with this many comparisons, chance shows such a difference with probability %.2g; measure more trials", r.P)
	case TooWide:
		return fmt.Sprintf("the interval holds 1 and more than the band; these trials find ± %.0f %%", (r.Detectable-1)*100)
	case AllMoved:
		return fmt.Sprintf("all timings together moved by %+.1f %%: a change of the machine, or of all, can't be told from one of this", (r.Moved-1)*100)
	case OthersMoved:
		return fmt.Sprintf("all others together moved by %+.1f %%, and against them it moved by %+.1f %%: a change of the machine can't be told from one of this",
			(r.Moved-1)*100, (r.Against-1)*100)
	case TooFewCells:
		return fmt.Sprintf("need ≥ %d timings with two trials on each side, have %d", r.Need, r.Have)
	case BoundWithinCheck:
		return fmt.Sprintf("the bound lies within the interval by %s", r.Method)
	case NoInterval:
		if r.Warning.Code == "" {
			return "there is no interval"
		}
		return r.Warning.String()
	case NoRatio:
		return r.Detail
	}
	if text, ok := plain[r.Code]; ok {
		return text
	}
	return string(r.Code)
}
