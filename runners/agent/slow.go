package agent

import (
	"fmt"
	"time"

	"edgebench/results"
	"edgebench/runners"
)

// clock is the clock of hold. Tests set one that advances when it is read.
var clock = runners.Now

// slowness is the share by which the duration of an operation is extended on
// purpose, inside the timed region; 0 for none.
type slowness float64

func (s slowness) check() error {
	if s != 0 && !results.Slowable(float64(s)) {
		return fmt.Errorf("slow is %v, want a share up to %d, or 0", float64(s), results.MaxSlowed)
	}
	return nil
}

// hold waits for the share of the duration of an operation that ended at a moment,
// and returns the moment at which the wait ended. It reads the clock in a loop,
// since a sleep would end late: the error is less than one read of the clock. The
// wait includes time in which other threads have the processor.
func (s slowness) hold(at, took time.Duration) time.Duration {
	until := at + time.Duration(float64(took)*float64(s))
	for at < until {
		at = clock()
	}
	return at
}
