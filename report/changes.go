package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/results"
)

// Changed are the rows that are slower or faster, the greatest effect first.
func (c *Comparison) Changed() []ComparisonRow {
	return c.byEffect(compare.Slower, compare.Faster)
}

// Unchanged are all other rows: first the undecided ones, then those that are the
// same, the greatest ratio first.
func (c *Comparison) Unchanged() []ComparisonRow {
	return append(c.byEffect(compare.Undecided), c.byEffect(compare.Same)...)
}

func (c *Comparison) byEffect(verdicts ...compare.Verdict) []ComparisonRow {
	list := slices.DeleteFunc(slices.Clone(c.Rows), func(r ComparisonRow) bool { return !slices.Contains(verdicts, r.Verdict) })
	slices.SortStableFunc(list, func(x, y ComparisonRow) int { return cmp.Compare(y.effect(), x.effect()) })
	return list
}

// effect is how far the ratio is from 1, on a logarithmic scale.
func (r ComparisonRow) effect() float64 { return effect(r.Ratio.Value) }

func effect(ratio float64) float64 {
	if !(ratio > 0) {
		return math.Inf(1)
	}
	return math.Abs(math.Log(ratio))
}

// Change is how the new figure stands to the old one, in words with its interval;
// see format.Factor.
func (r ComparisonRow) Change() string {
	return format.Factor(r.Ratio, r.New.Unit)
}

// WholeChange is how a runner's timings changed, in words with the interval; "" where
// that is unknown.
func WholeChange(j compare.GroupComparison) string {
	if j.Ratio.Interval == nil {
		return ""
	}
	return format.Factor(j.Ratio, results.Seconds)
}

// Shared says what all timings of both runs have in common, in words with the
// interval; "" where that is unknown.
func (c *Comparison) Shared() string {
	if c.CommonMode.Interval == nil {
		return ""
	}
	return "all timings together, without the minima of trials: " + format.Factor(c.CommonMode, results.Seconds)
}

// Summary counts the rows by verdict, the changes first.
func (c *Comparison) Summary() string {
	if len(c.Rows) == 0 {
		return "nothing could be compared"
	}
	return fmt.Sprintf("%d slower, %d faster, %d the same, %d undecided",
		c.Count(compare.Slower), c.Count(compare.Faster), c.Count(compare.Same), c.Count(compare.Undecided))
}

// Title names both sides, the new one last.
func (c *Comparison) Title() string {
	if c.OneRun {
		return fmt.Sprintf("%s, beside %s", c.New, c.Old)
	}
	return fmt.Sprintf("%s (old) and %s (new)", c.Old, c.New)
}

// Method says what the ratios are, what counts as the same, and how often chance alone
// gives a verdict.
func (c *Comparison) Method() string {
	ratios, halves := "new to old", ", half for cells and half for runners"
	if c.OneRun {
		ratios, halves = "of the first cell to the second", ""
	}
	return fmt.Sprintf("ratios are %s, from trials' medians (from minima if the name says so), with 95 %% intervals; the same means within ± %.3g %%; the chance of any false slower or faster is %.3g %%%s",
		ratios, c.Band*100, c.Level*100, halves)
}

// Cautions say what moved all timings, or the machine itself; none if nothing did.
func (c *Comparison) Cautions() []string {
	if !c.ProbeMoved() {
		return nil
	}
	return []string{fmt.Sprintf("the contention probe of an uncontended core took %s: the processor's speed differed, or its core was contended throughout one of the runs",
		format.Factor(estimate.Estimate{Value: c.ContentionProbe}, results.Seconds))}
}
