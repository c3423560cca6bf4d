package throughput_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"edgebench/bench/experiment"
	. "edgebench/bench/experiment/experimenttest"
	"edgebench/bench/experiment/throughput"
	"edgebench/results"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
)

var effort = throughput.Effort{Duration: experiment.Duration(time.Second)}

func TestResult(t *testing.T) {
	for instance, fresh := range map[string]bool{throughput.Reused: false, throughput.Fresh: true} {
		a := &Agent{Answer: func(q protocol.Task) (any, error) {
			want := agent.Throughput{Workers: 3, Duration: time.Second, Fresh: fresh, Slow: 0.05}
			if d := cmp.Diff(want, Decode[agent.Throughput](t, q)); d != "" || q.Name != agent.ThroughputTask {
				t.Errorf("asked for %s: %s", q.Name, d)
			}
			return agent.ThroughputResult{Requests: 500, Elapsed: 2 * time.Second, Latency: "histogram"}, nil
		}}
		trial := Trial(t, throughput.Name, throughput.Params(instance, 3), effort, a, &Node{})
		trial.Slow = 0.05
		r, err := throughput.New().Run(t.Context(), trial)
		if err != nil {
			t.Fatal(err)
		}
		want := experiment.Result{
			Metrics:    []results.Metric{{Name: throughput.RequestRate, Unit: "req/sec", Values: []float64{250}}},
			Histograms: []results.Histogram{{Name: throughput.Latency, Unit: "sec", Scale: 1e-9, Encoded: "histogram"}},
		}
		if d := cmp.Diff(want, r); d != "" {
			t.Error(d)
		}
	}
}

func TestNoRequestIsAnError(t *testing.T) {
	a := &Agent{Answer: func(protocol.Task) (any, error) { return agent.ThroughputResult{Elapsed: time.Second}, nil }}
	trial := Trial(t, throughput.Name, throughput.Params(throughput.Reused, 1), effort, a, &Node{})
	if _, err := throughput.New().Run(t.Context(), trial); err == nil {
		t.Error("no error")
	}
}

func TestExpand(t *testing.T) {
	all := throughput.Parameters{Concurrency: []int{1, 0, 4}, Effort: effort}
	for name, c := range map[string]struct {
		target experiment.Target
		want   []results.Params
	}{
		"workers for all cores count once": {experiment.Target{Cores: 4}, []results.Params{
			"concurrency=1/instance=reused", "concurrency=4/instance=reused",
			"concurrency=1/instance=fresh", "concurrency=4/instance=fresh",
		}},
		"a command is never reused": {experiment.Target{Cores: 4, SingleShot: true}, []results.Params{
			"concurrency=1/instance=fresh", "concurrency=4/instance=fresh",
		}},
		"one port for all": {experiment.Target{Cores: 4, Exclusive: true}, []results.Params{
			"concurrency=1/instance=reused", "concurrency=1/instance=fresh",
		}},
	} {
		var got []results.Params
		for _, x := range all.Expand(c.target) {
			got = append(got, x.Params)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
