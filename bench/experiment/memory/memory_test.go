package memory_test

import (
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"edgebench/bench/experiment"
	. "edgebench/bench/experiment/experimenttest"
	"edgebench/bench/experiment/instances"
	"edgebench/bench/experiment/memory"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
)

// growing answers Grow up to most instances, and then what ended it. Only the first
// request brings a subject.
func growing(t *testing.T, most int, end agent.Grown) *Agent {
	opened := false
	return &Agent{Answer: func(q protocol.Task) (any, error) {
		p := Decode[agent.Grow](t, q)
		if brings := len(q.Subject.Exchanges) > 0; q.Name != agent.GrowTask || brings == opened || !opened && p.To != 0 {
			t.Errorf("%s to %d brings a subject: %v", q.Name, p.To, brings)
		}
		opened = true
		g := agent.Grown{}
		if p.To > most {
			g = end
		}
		g.Live, g.Owners = min(p.To, most), &runners.MemoryOwners{}
		g.Owners.PIDs = make([]int, g.Live)
		return g, nil
	}}
}

func effort(budgetMiB uint64, steps ...int) instances.Effort {
	return instances.Effort{Steps: steps, Duration: experiment.Duration(time.Second), MemoryBudget: budgetMiB}
}

// TestIdle takes the processor time of agent and instances over a minute.
func TestIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		trial := Trial(t, memory.Name, memory.StateParam+"=idle", memory.Effort{
			Effort: effort(0, 10, 20), Idle: experiment.Duration(time.Minute),
		}, growing(t, 100, agent.Grown{}), &Node{})
		from := time.Now()
		r, err := memory.New().Run(t.Context(), trial)
		if err != nil || time.Since(from) < time.Minute {
			t.Fatalf("after %v: %v", time.Since(from), err)
		}
		if cpu, during := Values(r, memory.IdleCPU), Values(r, memory.IdleTime); len(cpu) != 1 || cpu[0] != 21 || during[0] != 60 {
			t.Errorf("%v s in %v s", cpu, during)
		}
	})
}

// Instances that serve no one are asked nothing.
func TestInstantiated(t *testing.T) {
	a := growing(t, 100, agent.Grown{})
	answer := a.Answer
	a.Answer = func(q protocol.Task) (any, error) {
		if !Decode[agent.Grow](t, q).Unserved {
			t.Error("the instances serve")
		}
		return answer(q)
	}
	if _, err := memory.New().Run(t.Context(), Trial(t, memory.Name, memory.StateParam+"=instantiated", effort(0, 10), a, &Node{})); err != nil {
		t.Error(err)
	}
}

// What instances leave behind is read by the number of those that were closed.
func TestChurned(t *testing.T) {
	a := growing(t, 100, agent.Grown{})
	answer := a.Answer
	a.Answer = func(q protocol.Task) (any, error) {
		if !Decode[agent.Grow](t, q).Churn {
			t.Error("the instances are kept")
		}
		return answer(q)
	}
	r, err := memory.New().Run(t.Context(), Trial(t, memory.Name, memory.StateParam+"=churned", effort(0, 10), a, &Node{}))
	if d := cmp.Diff([]float64{0, 10}, Values(r, memory.Closed)); d != "" || err != nil || Values(r, instances.Live) != nil {
		t.Errorf("%s (%v)", d, err)
	}
}

func TestStates(t *testing.T) {
	p := &memory.Parameters{Effort: memory.Effort{Effort: effort(0, 10)}, States: []string{memory.Served, memory.Idle, memory.Instantiated}}
	if err := p.Check(time.Hour); err != nil {
		t.Error(err)
	}
	cells := p.Expand(experiment.Target{})
	if len(cells) != 3 || cells[0].Params != "" || cells[1].Params != "state=idle" || cells[1].Effort.(memory.Effort).Idle != experiment.Duration(time.Minute) {
		t.Errorf("%+v", cells)
	}
	if err := p.Check(time.Minute); err == nil || !strings.Contains(err.Error(), "idle") {
		t.Errorf("a minute of idleness within a deadline of a minute: %v", err)
	}
	p.States = []string{"asleep"}
	if err := p.Check(time.Hour); err == nil || !strings.Contains(err.Error(), "asleep") {
		t.Errorf("an unknown state: %v", err)
	}
}

func run(t *testing.T, e instances.Effort, a *Agent) (experiment.Result, error) {
	t.Helper()
	return memory.New().Run(t.Context(), Trial(t, memory.Name, "", e, a, &Node{}))
}

func TestStops(t *testing.T) {
	for name, c := range map[string]struct {
		most   int
		why    string
		errno  syscall.Errno
		floor  bool
		budget uint64
		live   []float64
		stop   results.Stop
	}{
		"all steps": {most: 100, live: []float64{0, 10, 20},
			stop: results.Stop{Reason: results.StopBudget, Resource: results.ResourceInstances, Limit: 20}},
		"fails in between": {most: 14, why: "mmap:\nno memory", errno: syscall.ENOMEM, live: []float64{0, 10, 14},
			stop: results.Stop{Reason: results.StopLimit, Resource: results.ResourceMemory, Detail: "instance 15: mmap: no memory"}},
		"words are no evidence": {most: 14, why: "out of memory", live: []float64{0, 10, 14},
			stop: results.Stop{Reason: results.StopFailure, Detail: "instance 15: out of memory"}},
		"reserve": {most: 14, floor: true, live: []float64{0, 10, 14},
			stop: results.Stop{Reason: results.StopLimit, Resource: results.ResourceMemory, Setting: "reserve_mib",
				Limit: 1<<30 - 2<<30/10, Used: 14 * 20 << 20}},
		"fails at a step": {most: 10, why: "it is ill", live: []float64{0, 10},
			stop: results.Stop{Reason: results.StopFailure, Detail: "instance 11: it is ill"}},
		"budget of time": {most: 13, live: []float64{0, 10, 13},
			stop: results.Stop{Reason: results.StopBudget, Resource: results.ResourceTime, Limit: 1}},
		"budget of memory": {most: 100, budget: 150, live: []float64{0, 10},
			stop: results.Stop{Reason: results.StopBudget, Resource: results.ResourceMemory, Limit: 150 << 20}},
	} {
		r, err := run(t, effort(c.budget, 10, 20), growing(t, c.most, agent.Grown{Stopped: c.why, Errno: c.errno, AtFloor: c.floor}))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := cmp.Diff(c.live, Values(r, instances.Live)) + cmp.Diff(&c.stop, r.Stop); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestOwnersAreCounted(t *testing.T) {
	r, err := run(t, effort(0, 10), growing(t, 100, agent.Grown{}))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]float64{
		instances.PSS:           {1000, 1100 + 20}, // the daemon's growth counts, its size does not
		instances.PageTables:    {100, 110},
		instances.KernelMemory:  {0, 50},
		instances.CgroupCharge:  {0, 70},
		instances.AvailableDrop: {0, 200 << 20},
	} {
		if d := cmp.Diff(want, Values(r, name)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestNoInstanceIsAnError(t *testing.T) {
	if _, err := run(t, effort(0, 10), growing(t, 0, agent.Grown{Stopped: "no room"})); err == nil || !strings.Contains(err.Error(), "no room") {
		t.Errorf("got %v", err)
	}
}

func TestNoCellWhereInstancesCannotLive(t *testing.T) {
	p := &memory.Parameters{Effort: memory.Effort{Effort: effort(0, 1)}}
	for _, target := range []experiment.Target{{SingleShot: true}, {Exclusive: true}} {
		if cells := p.Expand(target); len(cells) > 0 {
			t.Errorf("%+v: %+v", target, cells)
		}
	}
	if cells := p.Expand(experiment.Target{}); len(cells) != 1 || cells[0].Params != "" {
		t.Errorf("%+v", cells)
	}
}
