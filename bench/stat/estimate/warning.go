package estimate

import (
	"fmt"
	"strings"

	"edgebench/bench/stat"
)

// Warning is something that limits a figure.
type Warning struct {
	Code WarningCode
	// Need and Have are numbers of what there is too little of; 0 where the code is
	// about no number.
	Need, Have int
	// Q is the quantile that a number is needed for; 0 for none.
	Q float64
}

// WarningCode says what a warning is about.
type WarningCode string

// The warnings.
const (
	// FewTrials give no interval of a median.
	FewTrials WarningCode = "few_trials"
	// FewIndependent values don't support the percentile Q.
	FewIndependent WarningCode = "few_independent_values"
	// FewRequests don't support the percentile Q of a latency.
	FewRequests WarningCode = "few_requests"
	// NotPositive medians have no logarithm and so no interval of a ratio.
	NotPositive WarningCode = "not_positive"
	// AtBudget density trials give a lower bound.
	AtBudget WarningCode = "at_budget"
	// UnknownStop density trials may not have ended at a limit of the node.
	UnknownStop WarningCode = "unknown_stop"
)

// String says what limits the figure and what to do about it.
func (w Warning) String() string {
	percentile := Percentile{Q: w.Q}.Name()
	switch w.Code {
	case FewTrials:
		return fmt.Sprintf("need ≥ %d trials, have %d: no interval; run more blocks", w.Need, w.Have)
	case FewIndependent:
		return fmt.Sprintf("need ≥ %d independent values for %s, have %d", w.Need, percentile, w.Have)
	case FewRequests:
		return fmt.Sprintf("need ≥ %d requests for %s, have %d", w.Need, percentile, w.Have)
	case NotPositive:
		return "no interval: a trial's median is not above zero"
	case AtBudget:
		return "ended at its budget: a lower bound and no capacity; raise the budget to find the limit"
	case UnknownStop:
		return "a trial does not say what stopped it; its end may be no limit of the node"
	}
	return string(w.Code)
}

// Warnings are all that limit a figure.
type Warnings []Warning

// String gives all in one line.
func (w Warnings) String() string {
	texts := make([]string, len(w))
	for i, one := range w {
		texts[i] = one.String()
	}
	return strings.Join(texts, "; ")
}

func fewTrials(have int) Warning {
	return Warning{Code: FewTrials, Need: stat.MinTrials, Have: have}
}
