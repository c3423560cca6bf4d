package host

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"edgebench/results"
)

// Moment is what the machine had done up to one moment. Two of them tell what
// went on in between, beside the work that was measured.
type Moment struct {
	at       time.Time
	cpu      cpuTimes
	own      time.Duration
	stalled  map[string]time.Duration
	throttle time.Duration
	load     float64
}

// Now takes a moment, in some tenths of a millisecond.
func Now() Moment { return root().moment() }

func (t tree) moment() Moment {
	m := Moment{at: time.Now(), cpu: t.cpuTimes(), own: ownTime(), stalled: map[string]time.Duration{}}
	for _, resource := range []string{"cpu", "memory", "io"} {
		if d, ok := t.stalled(resource); ok {
			m.stalled[resource+"_pressure"] = d
		}
	}
	m.throttle = t.throttled()
	if average, ok := t.value("proc/loadavg"); ok {
		first, _, _ := strings.Cut(average, " ")
		m.load, _ = strconv.ParseFloat(first, 64)
	}
	return m
}

// Since says what went on after an earlier moment, by the names of
// results.Machine…; what the machine does not tell is not there. Processor
// time that is not this process's nor that of children it has waited for is
// that of others.
func (m Moment) Since(before Moment) map[string]float64 {
	found := map[string]float64{results.MachineLoad: m.load}
	elapsed := m.at.Sub(before.at)
	if elapsed <= 0 {
		return found
	}
	spent := m.cpu.since(before.cpu)
	if total := spent.total(); total > 0 {
		found[results.MachineSteal] = float64(spent.steal) / float64(total)
		all := elapsed.Seconds() * float64(max(m.cpu.cpus, 1))
		busy := float64(spent.busy) / float64(total)
		found[results.MachineOthers] = max(0, busy-(m.own-before.own).Seconds()/all)
	}
	for name, d := range m.stalled {
		if was, ok := before.stalled[name]; ok && d >= was {
			found[name] = min(1, (d-was).Seconds()/elapsed.Seconds())
		}
	}
	found[results.MachineThrottled] = min(1, max(0, (m.throttle-before.throttle).Seconds()/elapsed.Seconds()))
	return found
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

// stalled reads for how long some task has waited for a resource since the
// machine started (Documentation/accounting/psi.rst of the kernel).
func (t tree) stalled(resource string) (time.Duration, bool) {
	text, ok := t.text("proc/pressure/" + resource)
	for line := range strings.Lines(text) {
		if f := strings.Fields(line); ok && len(f) == 5 && f[0] == "some" {
			total, err := strconv.ParseInt(strings.TrimPrefix(f[4], "total="), 10, 64)
			if err == nil && total >= 0 && total < 1<<50 {
				return time.Duration(total) * time.Microsecond, true
			}
		}
	}
	return 0, false
}

// throttled reads for how long the control group of this process has been kept
// from running by its quota.
func (t tree) throttled() time.Duration {
	text, _ := t.text("proc/self/cgroup")
	for line := range strings.Lines(text) {
		f := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(f) != 3 || (f[1] != "" && !hasWord(f[1], ",", "cpu")) {
			continue
		}
		for _, folder := range []string{"cpu", "cpu,cpuacct", ""} {
			path := strings.Trim("sys/fs/cgroup/"+folder, "/") + "/" + strings.Trim(f[2], "/")
			if d, ok := t.throttledIn(strings.Trim(path, "/")); ok {
				return d
			}
		}
	}
	return 0
}

// throttledIn reads one group's cpu.stat: nanoseconds in v1, microseconds in
// v2.
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
