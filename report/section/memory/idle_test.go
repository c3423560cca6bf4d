package memory

import (
	"testing"

	"edgebench/bench/experiment/instances"
	"edgebench/bench/experiment/memory"
	"edgebench/bench/stat"
	"edgebench/results"
)

// 100 instances that used 3 s in half a minute used 60 ms each in a whole one.
func TestIdle(t *testing.T) {
	c := results.Cell{Experiment: memory.Name}
	r := stat.Trial{Record: &results.Record{}}
	r.Outcome, r.Cell = results.OK, c
	r.Metrics = []results.Metric{
		{Name: instances.Live, Unit: results.Count, Values: []float64{0, 50, 100}},
		{Name: memory.IdleCPU, Unit: results.Seconds, Values: []float64{3}},
		{Name: memory.IdleTime, Unit: results.Seconds, Values: []float64{30}},
	}
	samples, _ := stat.Group([]stat.Trial{r})
	live := samples.Get(stat.Key{Cell: c, Metric: instances.Live})
	s := idle(live, samples)
	if s == nil || s.Trials[0].Values[0] < 0.0599 || s.Trials[0].Values[0] > 0.0601 {
		t.Errorf("got %+v", s)
	}
	if s := idle(live, &stat.Samples{}); s != nil {
		t.Errorf("without idleness: %+v", s)
	}
}
