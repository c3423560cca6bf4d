package estimate

import (
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/instances"
	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/stattest"

	"github.com/google/go-cmp/cmp"
)

func TestStartsAreDivided(t *testing.T) {
	all := stattest.Sample(coldstart.FirstResponse, []float64{9, 1, 3}, []float64{8}, []float64{7, 2})
	all.Trials[2].Disturbed = true
	for name, c := range map[string]struct {
		daemon       bool
		first, later []stat.Values
	}{
		"a process of its own": {false,
			[]stat.Values{{Seq: 0, Values: []float64{9}}, {Seq: 1, Values: []float64{8}}, {Seq: 2, Values: []float64{7}, Disturbed: true}},
			[]stat.Values{{Seq: 0, Values: []float64{1, 3}}, {Seq: 2, Values: []float64{2}, Disturbed: true}}},
		"a daemon": {true, nil, all.Trials},
	} {
		first, later := Starts(all, c.daemon)
		if later.Metric != "later_starts" || later.Unit != all.Unit || later.Cell != all.Cell {
			t.Errorf("%s: later starts are %s in %s", name, later.Key, later.Unit)
		}
		if d := cmp.Diff(c.later, later.Trials); d != "" {
			t.Errorf("%s: later starts: %s", name, d)
		}
		if first == nil {
			first = &stat.Sample{}
		}
		if d := cmp.Diff(c.first, first.Trials); d != "" {
			t.Errorf("%s: first starts: %s", name, d)
		}
	}
}

func TestOneStartATrialIsTheFirst(t *testing.T) {
	first, later := Starts(stattest.Sample(coldstart.FirstResponse, []float64{9}, []float64{7}), false)
	if later != nil || first.Median() != 8 || first.Metric != "first_start" {
		t.Errorf("first %+v, later %+v", first, later)
	}
}

func TestRecordedNames(t *testing.T) {
	for name, want := range map[string]string{
		FirstStart: coldstart.FirstResponse, LaterStarts: coldstart.FirstResponse,
		PerInstance(instances.PSS): instances.PSS, Fixed(instances.PSS): instances.PSS,
		"p99_latency": "latency", coldstart.Minimum: coldstart.Minimum, "unknown": "unknown",
	} {
		if got := Recorded(name); got != want {
			t.Errorf("%s is made from %q, want %q", name, got, want)
		}
	}
}
