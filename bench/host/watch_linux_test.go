package host

import (
	"math"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"edgebench/results"
)

// between is what a machine with two processors tells of a time in which they
// did what the columns say and this process ran for a time of its own.
func between(t *testing.T, elapsed time.Duration, columns string, own time.Duration) map[string]float64 {
	t.Helper()
	at := func(columns, stalled, throttled string) Moment {
		m := lay(t, fstest.MapFS{
			"proc/stat":                       {Data: []byte("cpu " + columns + " 0 0\ncpu0 1 0 0\ncpu1 1 0 0\n")},
			"proc/pressure/cpu":               {Data: []byte("some avg10=0.00 avg60=0.00 avg300=0.00 total=" + stalled + "\n")},
			"proc/loadavg":                    {Data: []byte("0.50 0.40 0.30 1/100 7\n")},
			"sys/fs/cgroup/cpu/work/cpu.stat": {Data: []byte("nr_periods 1\nthrottled_time " + throttled + "\n")},
		}).moment([]string{"sys/fs/cgroup/cpu/work", "sys/fs/cgroup/cpu"})
		m.own = 0
		return m
	}
	before, after := at("0 0 0 0 0 0 0 0", "1000000", "0"), at(columns, "1250000", "100000000")
	after.at, after.own = before.at.Add(elapsed), own
	return after.Since(before)
}

func TestMoments(t *testing.T) {
	got := between(t, time.Second, "100 0 0 40 0 0 0 60", 500*time.Millisecond)
	for name, want := range map[string]float64{
		results.MachineSteal:       0.3,  // 60 of 200 ticks
		results.MachineOthers:      0.25, // half of the ticks, less half a second of two processors' one
		results.MachineCPUPressure: 0.25,
		results.MachineThrottled:   0.1,
		results.MachineLoad:        0.5,
	} {
		if math.Abs(got[name]-want) > 1e-9 {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	if _, ok := got[results.MachineMemoryPressure]; ok {
		t.Error("a pressure that nobody tells is there")
	}
}

// What others had is what neither the sampled work nor the idle time excludes,
// and one tick more or less is the grain of the counters.
func TestSharesOfProcessors(t *testing.T) {
	const ms = time.Millisecond
	cases := []struct {
		name          string
		elapsed       time.Duration
		columns       string // user nice system idle iowait irq softirq steal
		own           time.Duration
		steal, others float64
	}{
		{"idle", time.Second, "0 0 0 200 0 0 0 0", 0, 0, 0},
		{"others on one", time.Second, "80 0 20 100 0 0 0 0", 0, 0, 0.5},
		{"own work alone", time.Second, "100 0 0 100 0 0 0 0", time.Second, 0, 0},
		{"own work in bursts that the ticks overrate", time.Second, "150 0 0 100 0 0 0 0", time.Second, 0, 0},
		{"own work in bursts that the ticks underrate", time.Second, "20 0 0 100 0 0 0 0", time.Second, 0, 0},
		{"waiting for the disk is idle", time.Second, "0 0 0 100 100 0 0 0", 0, 0, 0},
		{"one tick of steal in a short trial", 20 * ms, "0 0 0 3 0 0 0 1", 0, 0, 0},
		{"two ticks of steal in a short trial", 20 * ms, "0 0 0 2 0 0 0 2", 0, 0.5, 0},
		{"one tick of others in a short trial", 20 * ms, "1 0 0 3 0 0 0 0", 0, 0, 0},
		{"two ticks of others in a short trial", 20 * ms, "2 0 0 2 0 0 0 0", 0, 0, 0.5},
		{"children of long ago are waited for", 20 * ms, "2 0 0 2 0 0 0 0", time.Second, 0, 0},
		{"more steal than time", 20 * ms, "0 0 0 0 0 0 0 9", 0, 1, 0},
	}
	for _, c := range cases {
		got := between(t, c.elapsed, c.columns, c.own)
		if math.Abs(got[results.MachineSteal]-c.steal) > 1e-9 || math.Abs(got[results.MachineOthers]-c.others) > 1e-9 {
			t.Errorf("%s: steal %v, others %v, want %v and %v", c.name, got[results.MachineSteal], got[results.MachineOthers], c.steal, c.others)
		}
	}
	if got := between(t, 5*ms, "0 0 0 0 0 0 0 0", 0); got[results.MachineSteal] != 0 || len(got) != 3 {
		t.Errorf("a trial shorter than a tick tells %v", got)
	}
}

// The counters of this machine, as far as it has them, give shares.
func TestMomentsOfThisMachine(t *testing.T) {
	before := Now()
	time.Sleep(30 * time.Millisecond)
	for name, share := range Now().Since(before) {
		if !(share >= 0) || name != results.MachineLoad && share > 1 {
			t.Errorf("%s is %v", name, share)
		}
	}
}

func TestMomentsOfNothing(t *testing.T) {
	empty := lay(t, fstest.MapFS{})
	first := empty.moment(nil)
	second := empty.moment(nil)
	second.at = first.at.Add(time.Second)
	if got := second.Since(first); len(got) != 0 {
		t.Errorf("a machine that tells nothing gives %v", got)
	}
}

func TestOwnGroups(t *testing.T) {
	m := lay(t, machine(t, "microvm"))
	for controller, want := range map[string]string{
		"cpu":    "sys/fs/cgroup/cpu/suite sys/fs/cgroup/cpu",
		"memory": "sys/fs/cgroup/memory/suite sys/fs/cgroup/memory",
		"pids":   "sys/fs/cgroup/unified",
	} {
		if got := strings.Join(m.ownGroups(controller), " "); got != want {
			t.Errorf("%s: %q, want %q", controller, got, want)
		}
	}
	if got := lay(t, fstest.MapFS{}).ownGroups("cpu"); got != nil {
		t.Errorf("a machine without groups has %q", got)
	}
}
