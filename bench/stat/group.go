package stat

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"edgebench/bench/experiment/registry"
	"edgebench/results"
)

// Rejection is a list of values that did not enter any sample.
type Rejection struct {
	Key
	Seq    int
	Reason string
}

// String names the trial, the metric and the reason.
func (r Rejection) String() string {
	return fmt.Sprintf("trial %d, %s of %s: %s", r.Seq, r.Metric, r.Cell, r.Reason)
}

// Samples are the samples of a run, ordered by their keys.
type Samples struct {
	list  []*Sample
	index map[Key]*Sample
	contention
}

// Group collects the metrics and phases of all OK records into samples. A list
// that holds a value which is no number, absurdly large, or negative where the
// metric can't be, is rejected as a whole, and so is one that a trial gives
// twice, or in a unit that is not the metric's or not that of earlier trials.
// Minima of trials whose core was never uncontended are left out where enough
// others are there for an interval.
func Group(trials []Trial) (*Samples, []Rejection) {
	s := &Samples{index: map[Key]*Sample{}}
	var rejected []Rejection
	for _, r := range trials {
		if r.Outcome != results.OK {
			continue
		}
		key := Key{Cell: r.Cell}
		add := func(name string, m results.Metric) {
			key.Metric = name
			if reason := s.add(key, r, m); reason != "" {
				rejected = append(rejected, Rejection{Key: key, Seq: r.Seq, Reason: reason})
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
	s.judgeContention()
	return s, rejected
}

// All returns the samples in the order of their keys.
func (s *Samples) All() []*Sample { return s.list }

// Get returns the sample of a key, or nil.
func (s *Samples) Get(k Key) *Sample { return s.index[k] }

// add returns why the values were rejected, "" if they were not.
func (s *Samples) add(key Key, r Trial, m results.Metric) string {
	if reason := reject(m, UnitOf(key.Metric)); reason != "" {
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

// UnitOf is the unit that a metric has, "" for one that no experiment records.
func UnitOf(metric string) string {
	if strings.HasPrefix(metric, PhasePrefix) {
		return results.Seconds
	}
	m, _ := registry.Metric(metric)
	return m.Unit
}

// MaxValue is more seconds, bytes or requests than any machine has. Below it no
// sum or product here overflows.
const MaxValue = 1e18

func reject(m results.Metric, unit string) string {
	switch {
	case unit != "" && m.Unit != unit:
		return fmt.Sprintf("the unit is %q, it should be %q", m.Unit, unit)
	case len(m.Values) == 0:
		return "there are no values"
	}
	known, _ := registry.Metric(m.Name)
	for _, v := range m.Values {
		switch {
		case math.IsNaN(v) || math.IsInf(v, 0):
			return fmt.Sprintf("a value is %v", v)
		case v < 0 && !known.Signed:
			return fmt.Sprintf("a value is negative (%v)", v)
		case math.Abs(v) > MaxValue:
			return fmt.Sprintf("a value is beyond all measure (%v)", v)
		}
	}
	return ""
}
