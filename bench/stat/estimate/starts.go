package estimate

import "edgebench/bench/stat"

// The samples that Starts derives from first responses, in seconds. FirstStart has
// the first start of a trial's process, one value for each trial. LaterStarts has
// all further ones.
const (
	FirstStart  = "first_start"
	LaterStarts = "later_starts"
)

// Starts divides first responses into those of first and of later starts. A daemon
// that has run before the trial has made its first start elsewhere: all starts
// through it are later ones. A sample is nil if no trial has such a start.
func Starts(responses *stat.Sample, daemon bool) (first, later *stat.Sample) {
	first = &stat.Sample{Key: responses.Key, Unit: responses.Unit}
	first.Metric = FirstStart
	later = &stat.Sample{Key: responses.Key, Unit: responses.Unit}
	later.Metric = LaterStarts
	at := 1
	if daemon {
		at = 0
	}
	for _, t := range responses.Trials {
		add(first, t, t.Values[:at])
		add(later, t, t.Values[at:])
	}
	return orNil(first), orNil(later)
}

// add adds values of a trial, unless there are none.
func add(s *stat.Sample, of stat.Values, values []float64) {
	if len(values) > 0 {
		of.Values = values
		s.Trials = append(s.Trials, of)
	}
}

func orNil(s *stat.Sample) *stat.Sample {
	if len(s.Trials) == 0 {
		return nil
	}
	return s
}
