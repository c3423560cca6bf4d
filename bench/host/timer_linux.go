package host

import (
	"fmt"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// timer is how fine the kernel's timers are; zero where that is unknown.
type timer struct {
	// resolution of the clock of waits.
	resolution time.Duration
	// late is by how much a short wait ends too late, at the median.
	late time.Duration
}

const (
	// shortWaits are taken to find how late one ends, each of shortWait.
	shortWaits = 21
	shortWait  = 100 * time.Microsecond
)

// measureTimer takes a few milliseconds. It asks the kernel without the Go
// scheduler, which rounds waits by rules of its own.
func measureTimer() timer {
	var resolution unix.Timespec
	if unix.ClockGetres(unix.CLOCK_MONOTONIC, &resolution) != nil {
		return timer{}
	}
	late := make([]time.Duration, 0, shortWaits)
	for range shortWaits {
		wait := unix.NsecToTimespec(int64(shortWait))
		from := time.Now()
		if unix.ClockNanosleep(unix.CLOCK_MONOTONIC, 0, &wait, nil) == nil {
			late = append(late, time.Since(from)-shortWait)
		}
	}
	t := timer{resolution: time.Duration(resolution.Nano())}
	if len(late) > 0 {
		slices.Sort(late)
		t.late = max(0, late[len(late)/2])
	}
	return t
}

// coarse is when waits end too late for what lasts a millisecond.
const coarse = time.Millisecond

// checkTimer judges the timers. The slack is what the kernel may add to each
// wait so as to wake fewer times (prctl(2), PR_SET_TIMERSLACK).
func (t tree) checkTimer(found timer) Finding {
	f := Finding{Name: "timer", State: OK,
		Meaning: "waits, pauses, timeouts and periodic samples end late by this much"}
	if found.resolution <= 0 {
		f.State = Unknown
		return f
	}
	f.Value = fmt.Sprintf("resolution %v, a short wait ends %v late", found.resolution, found.late.Round(time.Microsecond))
	if slack, ok := t.number("proc/self/timerslack_ns"); ok && slack < 1<<60 {
		f.Value += fmt.Sprintf(", slack %v", time.Duration(slack))
	}
	switch {
	case found.resolution >= coarse:
		f.State, f.Remedy = Bad, "boot without highres=off and nohz=off, on a kernel with CONFIG_HIGH_RES_TIMERS"
	case found.late >= coarse:
		f.State, f.Remedy = Warn, "stop other work and check again: a busy machine and one with deep sleep states wake late"
	}
	return f
}
