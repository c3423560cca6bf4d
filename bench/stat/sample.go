package stat

import (
	"cmp"
	"slices"
)

// Values are what one trial contributed to a sample, in the order in which
// they were taken.
type Values struct {
	Seq    int
	Values []float64
	// Disturbed says that the machine did something else beside the trial; of
	// minima with a contention probe, that the core was never uncontended.
	Disturbed bool
}

// Sample is the set of values of one metric in one cell, by trial.
type Sample struct {
	Key
	Unit string
	// Trials are ordered by their Seq and hold at least one value each.
	Trials []Values
	// Uncontended says that these are minima of trials which waited for an
	// uncontended core, and that each of them met it.
	Uncontended bool
}

// Count is the number of values in all trials.
func (s *Sample) Count() int {
	n := 0
	for _, t := range s.Trials {
		n += len(t.Values)
	}
	return n
}

// Pooled returns all values in ascending order.
func (s *Sample) Pooled() []float64 {
	all := make([]float64, 0, s.Count())
	for _, t := range s.Trials {
		all = append(all, t.Values...)
	}
	slices.Sort(all)
	return all
}

// Medians returns the median of each trial, in ascending order.
func (s *Sample) Medians() []float64 {
	all := make([]float64, len(s.Trials))
	for i, t := range s.Trials {
		all[i] = Median(t.Values)
	}
	slices.Sort(all)
	return all
}

// Median is that of the trials' medians.
func (s *Sample) Median() float64 { return Median(s.Medians()) }

// Disturbed is the number of trials that were.
func (s *Sample) Disturbed() int {
	n := 0
	for _, t := range s.Trials {
		if t.Disturbed {
			n++
		}
	}
	return n
}

// Of returns the values of one trial, nil where it has none.
func (s *Sample) Of(seq int) []float64 {
	i, found := slices.BinarySearchFunc(s.Trials, seq, func(v Values, seq int) int { return cmp.Compare(v.Seq, seq) })
	if !found {
		return nil
	}
	return s.Trials[i].Values
}
