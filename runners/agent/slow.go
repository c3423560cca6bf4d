package agent

import (
	"fmt"
	"time"

	"edgebench/results"
	"edgebench/runners"
)

// clock is what hold waits by. Tests set one that moves on when it is read.
var clock = runners.Now

// slowness is the share of its time by which an operation is made longer on
// purpose, inside the timed region; 0 for none.
type slowness float64

func (s slowness) check() error {
	if s != 0 && !results.Slowable(float64(s)) {
		return fmt.Errorf("slow is %v, want a share up to %d, or 0", float64(s), results.MaxSlowed)
	}
	return nil
}

// hold is busy for the share of what an operation took that ended at a moment,
// and gives the moment at which it was enough. It looks at the clock all the
// time and does not sleep, which would wake late: it is too long by less than a
// read of the clock. By the clock also means that where others have the
// processor meanwhile, that time counts too.
func (s slowness) hold(at, took time.Duration) time.Duration {
	until := at + time.Duration(float64(took)*float64(s))
	for at < until {
		at = clock()
	}
	return at
}
