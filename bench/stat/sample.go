package stat

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"edgebench/results"

	mstats "github.com/montanaflynn/stats"
)

// PhasePrefix stands before a phase's name where a phase is used as a metric.
const PhasePrefix = "phase:"

// Key says what the values of a sample are values of.
type Key struct {
	Experiment results.Experiment
	Cell       results.Cell
	Conditions Conditions
	// Metric is a metric's name, or PhasePrefix and a phase's name, or the
	// name of something derived from metrics such as PerInstance(metric).
	Metric string
}

// String gives the key in one line, for seeds and messages.
func (k Key) String() string {
	return fmt.Sprintf("%s %s [%s] %s", k.Experiment, k.Cell, k.Conditions, k.Metric)
}

// Compare orders keys as they are reported: by experiment, workload, language,
// rung, runner, mode, conditions and metric.
func (k Key) Compare(o Key) int {
	return cmp.Or(
		cmp.Compare(slices.Index(results.Experiments(), k.Experiment), slices.Index(results.Experiments(), o.Experiment)),
		cmp.Compare(k.Cell.Workload, o.Cell.Workload),
		cmp.Compare(k.Cell.Language, o.Cell.Language),
		cmp.Compare(slices.Index(results.Rungs(), k.Cell.Rung), slices.Index(results.Rungs(), o.Cell.Rung)),
		cmp.Compare(k.Cell.Runner, o.Cell.Runner),
		cmp.Compare(k.Cell.Mode, o.Cell.Mode),
		cmp.Compare(k.Conditions, o.Conditions),
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
		all[i] = median(t.Values)
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
func (s *Sample) Median() float64 { return middle(s.Medians()) }

// median is 0 for no values, which no sample has.
func median(values []float64) float64 {
	m, err := mstats.Median(values)
	if err != nil {
		return 0
	}
	return m
}

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
func Group(records []results.Record) (*Samples, []Refusal) {
	s := &Samples{index: map[Key]*Sample{}}
	var refused []Refusal
	for _, r := range bySeq(records) {
		if r.Outcome != results.OK {
			continue
		}
		key := Key{Experiment: r.Experiment, Cell: r.Cell, Conditions: NewConditions(r.Conditions)}
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

// bySeq returns pointers to the records in the order of the plan, which need
// not be that in which they were read.
func bySeq(records []results.Record) []*results.Record {
	all := make([]*results.Record, len(records))
	for i := range records {
		all[i] = &records[i]
	}
	slices.SortStableFunc(all, func(a, b *results.Record) int { return cmp.Compare(a.Seq, b.Seq) })
	return all
}

// add returns why the values were refused, "" if they were not.
func (s *Samples) add(key Key, r *results.Record, m results.Metric) string {
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
	sample.Trials = append(sample.Trials, Values{Seq: r.Seq, Values: m.Values, Disturbed: len(r.Disturbed) > 0})
	return ""
}

// unitOf is the unit that a metric has, "" for one that is not known here.
func unitOf(metric string) string {
	switch metric {
	case results.FirstResponse, results.LeastResponse, results.EmptyMeasurement, results.Pace, results.StepTime, results.Latency:
		return results.Seconds
	case results.ProportionalSetSize, results.PageTables, results.CgroupCharge, results.AvailableDrop,
		results.ArtefactSize, results.PreparedSize, results.CompressedSize, results.UncompressedSize:
		return results.Bytes
	case results.Instances, results.Layers, results.Iterations:
		return results.Count
	case results.RequestRate:
		return results.RequestsPerSecond
	}
	if strings.HasPrefix(metric, PhasePrefix) {
		return results.Seconds
	}
	return ""
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
		case v < 0 && m.Name != results.AvailableDrop: // memory that others free makes it negative
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
