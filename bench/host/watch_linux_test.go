package host

import (
	"math"
	"testing"
	"testing/fstest"
	"time"

	"edgebench/results"
)

func watched(stat, pressure, throttled string) tree {
	return tree{fstest.MapFS{
		"proc/stat":                       {Data: []byte(stat)},
		"proc/pressure/cpu":               {Data: []byte(pressure)},
		"proc/loadavg":                    {Data: []byte("0.50 0.40 0.30 1/100 7\n")},
		"proc/self/cgroup":                {Data: []byte("2:cpu,cpuacct:/work\n0::/\n")},
		"sys/fs/cgroup/cpu/work/cpu.stat": {Data: []byte("nr_periods 1\nthrottled_time " + throttled + "\n")},
	}}
}

func TestMoments(t *testing.T) {
	before := watched("cpu 100 0 0 100 0 0 0 0 0 0\ncpu0 1 0 0\ncpu1 1 0 0\n", "some avg10=0.00 avg60=0.00 avg300=0.00 total=1000000\n", "0").moment()
	after := watched("cpu 150 0 0 120 0 0 0 30 0 0\ncpu0 1 0 0\ncpu1 1 0 0\n", "some avg10=0.00 avg60=0.00 avg300=0.00 total=1250000\n", "100000000").moment()
	after.at, after.own = before.at.Add(time.Second), before.own+500*time.Millisecond
	got := after.Since(before)
	for name, want := range map[string]float64{
		results.MachineSteal:     0.3,  // 30 of 100 ticks
		results.MachineOthers:    0.25, // half of the ticks, less half a second of two processors' one
		"cpu_pressure":           0.25,
		results.MachineThrottled: 0.1,
		results.MachineLoad:      0.5,
	} {
		if math.Abs(got[name]-want) > 1e-9 {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	if _, ok := got["memory_pressure"]; ok {
		t.Error("a pressure that nobody tells is there")
	}
	if words := Disturbed(got, false); len(words) != 3 {
		t.Errorf("disturbed by %q", words)
	}
	if words := Disturbed(got, true); len(words) != 2 {
		t.Errorf("beside an engine disturbed by %q", words)
	}
	if words := Disturbed(map[string]float64{results.MachineLoad: 9}, false); words != nil {
		t.Errorf("a quiet moment is disturbed by %q", words)
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
	empty := tree{fstest.MapFS{}}
	if got := empty.moment().Since(empty.moment()); got[results.MachineSteal] != 0 || Disturbed(got, false) != nil {
		t.Errorf("a machine that tells nothing gives %v", got)
	}
}
