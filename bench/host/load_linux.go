package host

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/prometheus/procfs"
)

// cpuTimes is what all processors together have done since the machine
// started, in ticks. Guest time is within busy.
type cpuTimes struct {
	busy, idle, steal uint64
	cpus              int
}

func (c cpuTimes) total() uint64 { return c.busy + c.idle + c.steal }

// since is what was done after an earlier moment. Counters of idle time may
// run backwards (proc(5)); such a step counts as none.
func (c cpuTimes) since(before cpuTimes) cpuTimes {
	less := func(a, b uint64) uint64 { return a - min(a, b) }
	return cpuTimes{
		busy: less(c.busy, before.busy), idle: less(c.idle, before.idle),
		steal: less(c.steal, before.steal), cpus: c.cpus,
	}
}

// cpuTimes reads the lines of processors in /proc/stat, which come first.
// Without them all times are zero.
func (t tree) cpuTimes() cpuTimes {
	text, _ := t.text("proc/stat")
	var c cpuTimes
	for line := range strings.Lines(text) {
		columns, all := strings.CutPrefix(line, "cpu ")
		switch {
		case all:
			c.busy, c.idle, c.steal = sumTimes(strings.Fields(columns))
		case strings.HasPrefix(line, "cpu"):
			c.cpus++
		default:
			return c
		}
	}
	return c
}

// sumTimes sorts the columns of a line of /proc/stat: user, nice, system,
// idle, iowait, irq, softirq, steal.
func sumTimes(columns []string) (busy, idle, steal uint64) {
	if len(columns) < 8 {
		return 0, 0, 0
	}
	for i, column := range columns[:8] {
		n, err := strconv.ParseUint(column, 10, 60)
		if err != nil {
			return 0, 0, 0
		}
		switch i {
		case 3, 4:
			idle += n
		case 7:
			steal += n
		default:
			busy += n
		}
	}
	return busy, idle, steal
}

// load is the load average over a minute.
func (t tree) load() (average float64, ok bool) {
	found, ok := ask(t, procfs.FS.LoadAvg)
	if !ok || !(found.Load1 >= 0 && found.Load1 < 1e9) {
		return 0, false
	}
	return found.Load1, true
}

// Processors that other processes may use before the doctor warns.
const (
	noticeableLoad = 0.1
	heavyLoad      = 0.5
)

// checkLoad reports the load of other processes while this one sleeps.
func (t tree) checkLoad(spent cpuTimes) Finding {
	f := Finding{Name: "load", State: OK,
		Meaning: "other processes take processor time, caches and memory bandwidth from the measured program"}
	if spent.total() == 0 || spent.cpus == 0 {
		f.State = Unknown
		return f
	}
	busy := float64(spent.busy) / float64(spent.total()) * float64(spent.cpus)
	f.Value = fmt.Sprintf("%.2f of %d processors busy", busy, spent.cpus)
	if average, ok := t.load(); ok {
		f.Value += fmt.Sprintf(", load average %.2f", average)
	}
	switch {
	case busy >= heavyLoad:
		f.State = Bad
	case busy >= noticeableLoad:
		f.State = Warn
	default:
		return f
	}
	f.Remedy = "stop other work, see top(1), and wait until the machine is idle"
	return f
}

// Shares of all processor time that a hypervisor may take before the doctor
// warns.
const (
	noticeableSteal = 0.01
	heavySteal      = 0.1
)

// checkSteal reports the steal time, now and since the machine started.
func (t tree) checkSteal(spent cpuTimes) Finding {
	f := Finding{Name: "steal", State: OK,
		Meaning: "the hypervisor runs other virtual machines on these processors during measurements"}
	all := t.cpuTimes()
	if spent.total() == 0 || all.total() == 0 {
		f.State = Unknown
		return f
	}
	now := float64(spent.steal) / float64(spent.total())
	ever := float64(all.steal) / float64(all.total())
	f.Value = fmt.Sprintf("%.1f %% now, %.1f %% since start", now*100, ever*100)
	switch {
	case now >= heavySteal:
		f.State = Bad
	case now >= noticeableSteal || ever >= noticeableSteal:
		f.State = Warn
	default:
		return f
	}
	f.Remedy = "use a machine with dedicated processors, measure more blocks, and compare only within one run"
	return f
}
