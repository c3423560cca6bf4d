package diagnose

import (
	"slices"

	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/numeric"
)

// Kind says what a finding is about.
type Kind string

// The kinds of findings.
const (
	// WarmUp: the first iterations of trials are slower than the others.
	WarmUp Kind = "warm-up"
	// Trend: iterations become slower or faster after the warm-up.
	Trend Kind = "trend within trials"
	// Drift: trials become slower or faster while the run goes on.
	Drift Kind = "drift"
	// Step: from one trial on, trials are slower or faster.
	Step Kind = "step"
	// Bimodal: trials, or iterations, fall into two groups.
	Bimodal Kind = "two groups"
	// Outliers: some trials, or iterations, lie far from the others.
	Outliers Kind = "outliers"
)

// Scope says what is set beside each other.
type Scope string

// The scopes of findings.
const (
	// Iterations of each trial.
	Iterations Scope = "iterations"
	// Trials of a cell.
	Trials Scope = "trials"
	// Run: the trials of all cells.
	Run Scope = "run"
)

// Finding is a property of a sample that a median hides. It excludes no values.
// String gives the text.
type Finding struct {
	Kind  Kind
	Scope Scope
	// Seqs are the trials that it is about, where it is about some: outliers,
	// the slower group, the first trial after a step.
	Seqs []int
	// Ratio is that of the first iteration to those after the warm-up, of the last
	// to the first value of a trend or drift, and of what follows a step to what
	// went before it.
	Ratio float64
	// Count of Total: how many of the first iterations are warm-up, how many trials
	// or iterations are in the lower of two groups, and how many are outliers.
	Count, Total int
	// Low and High are the medians of two groups, in Unit; and by how many times the
	// median the farthest outliers lie below and above it, 0 where none do.
	Low, High float64
	Unit      string
}

// falseFinding is the probability with which each of the checks finds something
// in a sample where there is nothing, that is with independent trials and
// log-normal noise. It is the level of the tests, and the thresholds of the
// others were simulated for it; together they find something in 3 to 6 of a
// thousand such samples. Noise with a heavy tail has outliers, and they are
// found.
const falseFinding = 0.001

// Minimum numbers for a check: of trials, since no test reaches its level with
// fewer, and of iterations left in each trial.
const (
	findingTrials     = 6
	findingIterations = 4
)

// Findings looks for warm-up, trends, drift, steps, groups and outliers in a
// sample. Samples with too few trials, and those with values that are not above
// zero, have none.
func Findings(s *stat.Sample) []Finding {
	if len(s.Trials) < findingTrials || s.Pooled()[0] <= 0 {
		return nil
	}
	var list []Finding
	add := func(f *Finding) {
		if f != nil {
			list = append(list, *f)
		}
	}
	trials := make([][]float64, len(s.Trials))
	for i, t := range s.Trials {
		trials[i] = numeric.Logs(t.Values)
	}
	warm, f := warmUp(trials)
	add(f)
	for i, t := range trials {
		trials[i] = t[min(warm, len(t)-1):]
	}
	add(trend(trials))
	drift := driftOfTrials(s)
	add(drift)
	trial, iteration := bimodalTrials(s), bimodalIterations(s, trials)
	switch {
	case drift != nil && drift.Kind == Step: // the two sides of a step are two groups
		trial, iteration = nil, nil
	case trial != nil: // which are groups of iterations too
		iteration = nil
	}
	add(trial)
	add(iteration)
	if trial == nil { // a group is no outlier
		add(outlyingTrials(s))
	}
	if iteration == nil {
		add(outlyingIterations(trials))
	}
	return list
}

// long says whether there are enough trials and each has enough iterations
// after the first k.
func long(trials [][]float64, k int) bool {
	return len(trials) >= findingTrials &&
		!slices.ContainsFunc(trials, func(t []float64) bool { return len(t)-k < findingIterations })
}
