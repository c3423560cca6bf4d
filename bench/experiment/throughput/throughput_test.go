package throughput_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"edgebench/bench/experiment"
	. "edgebench/bench/experiment/experimenttest"
	"edgebench/bench/experiment/throughput"
	"edgebench/results"
	"edgebench/runners"
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
		if d := cmp.Diff(c.want, expanded(all, c.target)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func expanded(p throughput.Parameters, t experiment.Target) (list []results.Params) {
	for _, x := range p.Expand(t) {
		list = append(list, x.Params)
	}
	return list
}

// One worker with a reused instance is placed, and nothing else.
func TestExpandPlacements(t *testing.T) {
	p := throughput.Parameters{Concurrency: []int{1, 0}, Effort: effort, Placements: []string{results.PlacementSameCore, results.PlacementOtherCore}}
	outside := experiment.Target{Cores: 2, Mode: runners.Mode{Processes: true}}
	others := []results.Params{"concurrency=2/instance=reused", "concurrency=1/instance=fresh", "concurrency=2/instance=fresh"}
	same, other := results.Params("concurrency=1/instance=reused/placement=same-core"), results.Params("concurrency=1/instance=reused/placement=other-core")
	if d := cmp.Diff(append([]results.Params{same, other}, others...), expanded(p, outside)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(append([]results.Params{same}, others...), expanded(p, experiment.Target{Cores: 2})); d != "" {
		t.Errorf("an instance inside the agent: %s", d)
	}
	if err := p.Check(time.Minute); err != nil {
		t.Error(err)
	}
	p.Placements = []string{"elsewhere"}
	if err := p.Check(time.Minute); err == nil {
		t.Error("an unknown placement is accepted")
	}
}

// The agent is told of the placement.
func TestPlacedTrial(t *testing.T) {
	a := &Agent{Answer: func(q protocol.Task) (any, error) {
		if p := Decode[agent.Throughput](t, q).Placement; p != agent.OtherCore {
			t.Errorf("the agent gets the placement %q", p)
		}
		return agent.ThroughputResult{Requests: 1, Elapsed: time.Second}, nil
	}}
	params := throughput.Params(throughput.Reused, 1).With(results.PlacementParam, results.PlacementOtherCore)
	if _, err := throughput.New().Run(t.Context(), Trial(t, throughput.Name, params, effort, a, &Node{})); err != nil {
		t.Error(err)
	}
}
