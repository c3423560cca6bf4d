package frame

import (
	"time"

	"golang.org/x/sys/unix"

	"edgebench/runners"
)

// OnOurClock puts a workload's CLOCK_MONOTONIC, in nanoseconds, on the clock
// of runners.Now. It is false for a workload that has no such clock.
func OnOurClock(monotonic uint64) (time.Duration, bool) {
	now := runners.Now()
	var ts unix.Timespec
	if monotonic == 0 || unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts) != nil {
		return 0, false
	}
	if monotonic > uint64(ts.Nano()) {
		return 0, false // it has not come yet: another clock
	}
	return now - time.Duration(uint64(ts.Nano())-monotonic), true
}
