package calibrate

import (
	"slices"

	"edgebench/bench/stat"
	"edgebench/results"
)

// Part is one of the parts of a calibration.
type Part string

// The parts.
const (
	Known    Part = "known"
	Empty    Part = "empty"
	Baseline Part = "baseline"
	AA       Part = "aa"
	Caches   Part = "caches"
)

// Parts lists all parts in their order.
func Parts() []Part { return []Part{Known, Empty, Baseline, AA, Caches} }

// Verdict is the answer to a question.
type Verdict string

// The verdicts.
const (
	Pass      Verdict = "pass"
	Fail      Verdict = "fail"
	Undecided Verdict = "undecided"
	// Unavailable: the system does not support this here.
	Unavailable Verdict = "unavailable"
)

// Row is one question with its answer.
type Row struct {
	results.System
	Rung results.Rung `json:"rung"`
	// What was asked for, in words.
	What string `json:"what"`
	Unit string `json:"unit"`
	// Put is what was put in.
	Put float64 `json:"put"`
	// Found is the estimate; it has no meaning where there are no Blocks.
	Found float64 `json:"found"`
	// Interval of Found, at 95 %; nil where there is none.
	Interval *Range `json:"interval,omitempty"`
	// Tolerance is what Found may be.
	Tolerance Range `json:"tolerance"`
	// Blocks is the number of values that Found rests on.
	Blocks int `json:"blocks"`
	// Trials is the number of trials. Disturbed counts those that other activity
	// of the machine disturbed.
	Trials    int `json:"trials"`
	Disturbed int `json:"disturbed"`
	// DisturbedBy is what disturbed the last of them.
	DisturbedBy *stat.Disturbance `json:"disturbed_by,omitempty"`
	Verdict     Verdict           `json:"verdict"`
	// Reason says why a verdict is not pass.
	Reason string `json:"reason,omitempty"`
}

// Range holds both of its ends.
type Range struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// within says whether a range lies in another; apart that they share nothing.
func (r Range) within(o Range) bool { return o.Low <= r.Low && r.High <= o.High }
func (r Range) apart(o Range) bool  { return r.High < o.Low || o.High < r.Low }

// Distribution describes values of one kind, in seconds.
type Distribution struct {
	What   string  `json:"what"`
	Values int     `json:"values"`
	P50    float64 `json:"p50"`
	P90    float64 `json:"p90"`
	P99    float64 `json:"p99"`
	Max    float64 `json:"max"`
}

// Alarms is the outcome of comparing equals.
type Alarms struct {
	// Pairs of equal cells, each side with at most so many trials.
	Pairs  int `json:"pairs"`
	Trials int `json:"trials"`
	// What the comparison called them. Faster and slower are false alarms.
	Faster    int `json:"faster"`
	Slower    int `json:"slower"`
	Same      int `json:"same"`
	Undecided int `json:"undecided"`
	// Bare is how many of the ratios' own 95 % intervals, uncorrected for
	// their number, leave out 1: about one of twenty should.
	Bare int `json:"bare"`
	// Level is the chance of any alarm that the comparison promises.
	Level   float64 `json:"level"`
	Verdict Verdict `json:"verdict"`
	// Reason says why the verdict is not pass.
	Reason string `json:"reason,omitempty"`
	// Alarmed are the pairs that were called faster or slower.
	Alarmed []string `json:"alarmed,omitempty"`
}

// Report is the outcome of a calibration. What was not asked for is empty.
type Report struct {
	Quick    bool           `json:"quick"`
	Seed     uint64         `json:"seed"`
	Known    []Row          `json:"known,omitempty"`
	Empty    []Distribution `json:"empty,omitempty"`
	Baseline []Row          `json:"baseline,omitempty"`
	AA       *Alarms        `json:"aa,omitempty"`
	Caches   []Row          `json:"caches,omitempty"`
	// Elapsed seconds, all in all.
	Elapsed float64 `json:"elapsed_sec"`
}

// Count gives the number of questions that had this answer.
func (r Report) Count(v Verdict) int {
	n := 0
	for _, row := range slices.Concat(r.Known, r.Baseline, r.Caches) {
		if row.Verdict == v {
			n++
		}
	}
	if r.AA != nil && r.AA.Verdict == v {
		n++
	}
	return n
}
