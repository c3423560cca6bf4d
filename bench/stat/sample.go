package stat

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"edgebench/bench/experiment/registry"
	"edgebench/results"
)

// PhasePrefix stands before a phase's name where a phase is used as a metric.
const PhasePrefix = "phase:"

// Key says what the values of a sample are values of.
type Key struct {
	results.Cell
	// Metric is a metric's name, or PhasePrefix and a phase's name, or the
	// name of something derived from metrics such as PerInstance(metric).
	Metric string
}

// String gives the key in one line, for seeds and messages.
func (k Key) String() string {
	return fmt.Sprintf("%s %s", k.Cell, k.Metric)
}

// Compare orders keys as they are reported: by experiment, workload, language,
// rung, runner, mode, parameters and metric.
func (k Key) Compare(o Key) int {
	return cmp.Or(
		cmp.Compare(registry.Index(k.Experiment), registry.Index(o.Experiment)),
		cmp.Compare(k.Experiment, o.Experiment),
		cmp.Compare(k.Workload, o.Workload),
		cmp.Compare(k.Build, o.Build),
		cmp.Compare(slices.Index(results.Rungs(), k.Rung()), slices.Index(results.Rungs(), o.Rung())),
		cmp.Compare(k.Runner, o.Runner),
		cmp.Compare(k.Mode, o.Mode),
		cmp.Compare(k.Params, o.Params),
		cmp.Compare(k.Metric, o.Metric),
	)
}

// Values are what one trial contributed to a sample, in the order in which
// they were taken.
type Values struct {
	Seq    int
	Values []float64
	// Disturbed says that the machine did something else beside the trial; of the
	// least times, where a pace was taken, that none was full.
	Disturbed bool
}

// Sample is the set of values of one metric in one cell, by trial.
type Sample struct {
	Key
	Unit string
	// Trials are ordered by their Seq and hold at least one value each.
	Trials []Values
	// Full says that these are least times of trials which waited for a full pace,
	// and that each of them met it.
	Full bool
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

// disturbed is the number of trials that were.
func (s *Sample) disturbed() int {
	n := 0
	for _, t := range s.Trials {
		if t.Disturbed {
			n++
		}
	}
	return n
}

// Median is that of the trials' medians.
func (s *Sample) Median() float64 { return Median(s.Medians()) }

// Refusal is a list of values that did not enter any sample.
type Refusal struct {
	Key
	Seq    int
	Reason string
}

// String names the trial, the metric and the reason.
func (r Refusal) String() string {
	return fmt.Sprintf("trial %d, %s of %s: %s", r.Seq, r.Metric, r.Cell, r.Reason)
}

// Samples are the samples of a run, ordered by their keys.
type Samples struct {
	list  []*Sample
	index map[Key]*Sample
	// paced are the trials with a pace, of which so many were never full.
	paced, shared int
	// longest are the longest full paces, by those that are alike.
	longest map[results.Cell]float64
}

// Group collects the metrics and phases of all OK records into samples. A list
// that holds a value which is no number, absurdly large, or negative where the
// metric can't be, is refused as a whole, and so is one that a trial gives
// twice, or in a unit that is not the metric's or not that of earlier trials.
// Of the least times those whose trials had no full pace are left out where
// enough others are there for an interval.
func Group(trials []Trial) (*Samples, []Refusal) {
	s := &Samples{index: map[Key]*Sample{}}
	var refused []Refusal
	for _, r := range trials {
		if r.Outcome != results.OK {
			continue
		}
		key := Key{Cell: r.Cell}
		add := func(name string, m results.Metric) {
			key.Metric = name
			if reason := s.add(key, r, m); reason != "" {
				refused = append(refused, Refusal{Key: key, Seq: r.Seq, Reason: reason})
			}
		}
		for _, m := range r.Metrics {
			add(m.Name, m)
		}
		for _, m := range r.Phases {
			add(PhasePrefix+m.Name, m)
		}
	}
	slices.SortFunc(s.list, func(a, b *Sample) int { return a.Key.Compare(b.Key) })
	s.byPace()
	return s, refused
}

// add returns why the values were refused, "" if they were not.
func (s *Samples) add(key Key, r Trial, m results.Metric) string {
	if reason := refuse(m, unitOf(key.Metric)); reason != "" {
		return reason
	}
	sample := s.index[key]
	switch {
	case sample == nil:
		sample = &Sample{Key: key, Unit: m.Unit}
		s.index[key] = sample
		s.list = append(s.list, sample)
	case sample.Unit != m.Unit:
		return fmt.Sprintf("the unit is %q where earlier trials have %q", m.Unit, sample.Unit)
	case sample.Trials[len(sample.Trials)-1].Seq == r.Seq:
		return "the trial is recorded twice; the first record counts"
	}
	sample.Trials = append(sample.Trials, Values{Seq: r.Seq, Values: m.Values, Disturbed: r.Disturbed()})
	return ""
}

// unitOf is the unit that a metric has, "" for one that no experiment records.
func unitOf(metric string) string {
	if strings.HasPrefix(metric, PhasePrefix) {
		return results.Seconds
	}
	m, _ := registry.Metric(metric)
	return m.Unit
}

// signed says whether values may be negative: memory that others free makes the
// fall of what is available negative.
func signed(metric string) bool {
	m, _ := registry.Metric(metric)
	return m.Signed
}

// maxValue is more seconds, bytes or requests than any machine has. Below it no
// sum or product here overflows.
const maxValue = 1e18

func refuse(m results.Metric, unit string) string {
	switch {
	case unit != "" && m.Unit != unit:
		return fmt.Sprintf("the unit is %q, it should be %q", m.Unit, unit)
	case len(m.Values) == 0:
		return "there are no values"
	}
	for _, v := range m.Values {
		switch {
		case math.IsNaN(v) || math.IsInf(v, 0):
			return fmt.Sprintf("a value is %v", v)
		case v < 0 && !signed(m.Name):
			return fmt.Sprintf("a value is negative (%v)", v)
		case math.Abs(v) > maxValue:
			return fmt.Sprintf("a value is beyond all measure (%v)", v)
		}
	}
	return ""
}

// Paces counts the trials that have a pace, and of these the shared ones: in which
// the processor's core was at no moment as fast as in the best of the run.
func (s *Samples) Paces() (shared, paced int) { return s.shared, s.paced }

// All returns the samples in the order of their keys.
func (s *Samples) All() []*Sample { return s.list }

// Get returns the sample of a key, or nil.
func (s *Samples) Get(k Key) *Sample { return s.index[k] }
