package host

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"edgebench/results"
)

// Moment holds the machine's activity counters at one moment. The difference of
// two describes the activity beside the measured work.
type Moment struct {
	at  time.Time
	cpu cpuTimes
	own time.Duration
	// stalled is by the names of results.Machine….
	stalled map[string]time.Duration
	// throttle is nil where no group tells it.
	throttle *time.Duration
	// load is negative where it is unknown.
	load float64
}

// quotaGroups are the groups whose quota of processor time holds for this
// process. It stays in the group that it was started in.
var quotaGroups = sync.OnceValue(func() []string { return root().ownGroups("cpu") })

// endless is longer than any machine has run: 35 years in microseconds.
const endless = 1 << 50

// Now takes a moment, in some tenths of a millisecond.
func Now() Moment { return root().moment(quotaGroups()) }

func (t tree) moment(groups []string) Moment {
	m := Moment{at: time.Now(), cpu: t.cpuTimes(), own: ownTime(), stalled: map[string]time.Duration{}, load: -1}
	for name, resource := range map[string]string{
		results.MachineCPUPressure: "cpu", results.MachineMemoryPressure: "memory", results.MachineIOPressure: "io",
	} {
		if some, ok := t.pressure(resource); ok && some.Total < endless {
			m.stalled[name] = time.Duration(some.Total) * time.Microsecond
		}
	}
	for _, group := range groups {
		if d, ok := t.throttledIn(group); ok {
			if m.throttle == nil {
				m.throttle = new(time.Duration)
			}
			*m.throttle += d
		}
	}
	if load, ok := t.load(); ok {
		m.load = load
	}
	return m
}

// Since gives the machine's activity after an earlier moment, by the names of
// results.Machine…. Values that the machine does not report are absent.
func (m Moment) Since(before Moment) map[string]float64 {
	found := map[string]float64{}
	if m.load >= 0 {
		found[results.MachineLoad] = m.load
	}
	elapsed := m.at.Sub(before.at)
	if elapsed <= 0 {
		return found
	}
	m.processors(before, elapsed, found)
	share := func(name string, was, is time.Duration) {
		if is >= was { // else the counter began anew
			found[name] = min(1, (is-was).Seconds()/elapsed.Seconds())
		}
	}
	for name, d := range m.stalled {
		if was, ok := before.stalled[name]; ok {
			share(name, was, d)
		}
	}
	if m.throttle != nil && before.throttle != nil {
		share(results.MachineThrottled, *before.throttle, *m.throttle)
	}
	return found
}

const (
	// ticksPerSecond is the unit of /proc/stat (USER_HZ).
	ticksPerSecond = 100
	// minTicks that are more than the counters' own grain: one may be rounding,
	// and in a trial of 20 ms it would be half of a processor.
	minTicks = 2
)

// processors finds the shares of all processors' time that the hypervisor and
// others had. Processor time that is not this process's nor that of children
// it has waited for is that of others. It is found twice, as what was busy and
// as what was neither idle nor stolen: kernels sample at least one of them at
// their ticks, which makes work in bursts too much or too little, and the
// smaller one is what is certain.
func (m Moment) processors(before Moment, elapsed time.Duration, found map[string]float64) {
	spent := m.cpu.since(before.cpu)
	if spent.total() == 0 || spent.cpus == 0 {
		return
	}
	all := elapsed.Seconds() * ticksPerSecond * float64(spent.cpus)
	own := (m.own - before.own).Seconds() * ticksPerSecond
	steal := float64(spent.steal)
	others := min(float64(spent.busy), all-float64(spent.idle)-steal) - own
	for name, ticks := range map[string]float64{results.MachineSteal: steal, results.MachineOthers: others} {
		found[name] = 0
		if ticks >= minTicks {
			found[name] = min(1, ticks/all)
		}
	}
}

// ownTime is the processor time of this process and of the children that it
// has waited for, theirs included.
func ownTime() time.Duration {
	var sum time.Duration
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if unix.Getrusage(who, &u) == nil {
			sum += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return sum
}

// throttledIn reads for how long a group has been kept from running by its
// quota: nanoseconds in v1, microseconds in v2.
func (t tree) throttledIn(group string) (time.Duration, bool) {
	text, ok := t.text(group + "/cpu.stat")
	if !ok {
		return 0, false
	}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < 0 || n > 1<<60 {
			continue
		}
		switch name {
		case "throttled_time":
			return time.Duration(n), true
		case "throttled_usec":
			return time.Duration(n) * time.Microsecond, true
		}
	}
	return 0, false
}
