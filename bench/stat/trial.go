package stat

import "edgebench/results"

// Trial is a record with the judgement of what went on beside it, which
// diagnose.Judge makes.
type Trial struct {
	*results.Record
	// Disturbances are what its figures may show; none where nothing happened.
	Disturbances []Disturbance
}

// Disturbed says whether the figures may show something of the machine.
func (t Trial) Disturbed() bool { return len(t.Disturbances) > 0 }

// Disturbance is one thing that went on beside a trial.
type Disturbance struct {
	// Cause is a name of results.Machine….
	Cause string `json:"cause"`
	// Share is of the trial's time; of steal and others, of all processors' time.
	Share float64 `json:"share"`
}
