package parallel_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"edgebench/bench/experiment"
	. "edgebench/bench/experiment/experimenttest"
	"edgebench/bench/experiment/parallel"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
)

var effort = parallel.Effort{Duration: experiment.Duration(time.Second)}

func TestResult(t *testing.T) {
	a := &Agent{Answer: func(q protocol.Task) (any, error) {
		want := agent.Parallel{Rung: results.Cold, Workers: 8, Duration: time.Second}
		if d := cmp.Diff(want, Decode[agent.Parallel](t, q)); d != "" || q.Name != agent.ParallelTask {
			t.Errorf("asked for %s: %s", q.Name, d)
		}
		return agent.ParallelResult{Starts: 80, Burst: 160 * time.Millisecond, Median: 2 * time.Millisecond, Latency: "histogram"}, nil
	}}
	r, err := parallel.New().Run(t.Context(), Trial(t, parallel.Name, parallel.Params(results.Cold, 8), effort, a, &Node{}))
	if err != nil {
		t.Fatal(err)
	}
	want := experiment.Result{
		Metrics: []results.Metric{
			{Name: parallel.StartRate, Unit: "starts/sec", Values: []float64{50}},
			{Name: parallel.MedianLatency, Unit: "sec", Values: []float64{0.002}},
		},
		Histograms: []results.Histogram{{Name: parallel.Latency, Unit: "sec", Scale: 1e-9, Encoded: "histogram"}},
	}
	if d := cmp.Diff(want, r); d != "" {
		t.Error(d)
	}
}

func TestNoStartIsAnError(t *testing.T) {
	a := &Agent{Answer: func(protocol.Task) (any, error) { return agent.ParallelResult{}, nil }}
	if _, err := parallel.New().Run(t.Context(), Trial(t, parallel.Name, parallel.Params(results.Cold, 1), effort, a, &Node{})); err == nil {
		t.Error("no error")
	}
}

func TestExpand(t *testing.T) {
	ladder := runners.Mode{Rungs: results.Rungs()}
	for name, c := range map[string]struct {
		parameters parallel.Parameters
		target     experiment.Target
		want       []results.Params
	}{
		"up to four times the cores": {parallel.Parameters{Rungs: []results.Rung{results.Cold}}, experiment.Target{Mode: ladder, Cores: 2},
			[]results.Params{"concurrency=1/rung=cold", "concurrency=2/rung=cold", "concurrency=4/rung=cold", "concurrency=8/rung=cold"}},
		"numbers of one's own": {parallel.Parameters{Concurrency: []int{4, 0, 3}}, experiment.Target{Mode: ladder, Cores: 3},
			[]results.Params{"concurrency=3/rung=cold", "concurrency=4/rung=cold", "concurrency=3/rung=pooled", "concurrency=4/rung=pooled"}},
		"a rung that a mode has not": {parallel.Parameters{Concurrency: []int{1}}, experiment.Target{Mode: runners.Mode{Rungs: []results.Rung{results.Cold}}},
			[]results.Params{"concurrency=1/rung=cold"}},
		"one port for all": {parallel.Parameters{Rungs: []results.Rung{results.Cold}}, experiment.Target{Mode: ladder, Cores: 2, Exclusive: true},
			[]results.Params{"concurrency=1/rung=cold"}},
	} {
		var got []results.Params
		for _, x := range c.parameters.Expand(c.target) {
			got = append(got, x.Params)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	for name, p := range map[string]parallel.Parameters{
		"a rung without parallel starts": {Rungs: []results.Rung{results.Hot}, Effort: effort},
		"too many":                       {Concurrency: []int{1 << 20}, Effort: effort},
		"no duration":                    {},
	} {
		if p.Check(time.Minute) == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
