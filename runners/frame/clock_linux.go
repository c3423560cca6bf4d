package frame

import (
	"time"

	"golang.org/x/sys/unix"

	"edgebench/runners"
)

// OnOurClock puts a workload's CLOCK_MONOTONIC, in nanoseconds, on the clock
// of runners.Now. It is false for a workload that has no such clock.
func OnOurClock(monotonic uint64) (time.Duration, bool) {
	var ts unix.Timespec
	if monotonic == 0 || unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts) != nil {
		return 0, false
	}
	return runners.Now() - (time.Duration(ts.Nano()) - time.Duration(monotonic)), true
}
