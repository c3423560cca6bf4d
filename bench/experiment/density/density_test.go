package density_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/density"
	. "edgebench/bench/experiment/experimenttest"
	"edgebench/bench/experiment/instances"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/client"
	"edgebench/runners/limits"
	"edgebench/runners/protocol"
)

// process is a fake agent: it has room for so many instances, and then ends as said.
type process struct {
	room int
	end  agent.Grown
	// outside says that the instances are other processes.
	outside bool
	// shims says that each instance has an owner outside of the agent.
	shims bool
	// latency is that of the probe. wrong is from how many instances on the probe
	// gets wrong responses, dies from how many on the process dies, and sticks from how
	// many on it does not answer in time; 0 is never.
	latency             time.Duration
	wrong, dies, sticks int
	// settings are limits of 1,000, of which each instance takes one.
	settings map[string]limits.Limit

	opened bool
	asked  []int // the probe's requests of each task
}

func (p *process) answer(t *testing.T) func(protocol.Task) (any, error) {
	return func(q protocol.Task) (any, error) {
		ask := Decode[agent.Grow](t, q)
		if brings := len(q.Subject.Exchanges) > 0; q.Name != agent.GrowTask || brings == p.opened || ask.Probe == nil {
			t.Errorf("%s to %d brings a subject: %v", q.Name, ask.To, brings)
		}
		p.opened = true
		p.asked = append(p.asked, ask.Probe.Requests)
		g := agent.Grown{}
		if ask.To > p.room {
			g = p.end
		}
		g.Live, g.Outside, g.Elapsed = min(ask.To, p.room), p.outside, time.Duration(ask.To)*time.Millisecond
		if p.dies > 0 && g.Live >= p.dies {
			return nil, fmt.Errorf("%w (signal: killed)", client.ErrDied)
		}
		if p.sticks > 0 && g.Live >= p.sticks {
			return nil, client.ErrDeadline
		}
		for setting, l := range p.settings {
			l.Setting, l.Used, l.Most = setting, uint64(g.Live), 1000
			g.Limits = append(g.Limits, l)
		}
		if ask.Owners && p.outside {
			g.Owners = &runners.MemoryOwners{}
			if p.shims {
				g.Owners.PIDs = make([]int, g.Live)
			}
		}
		g.Probed = p.probed(t, ask.Probe.Requests, g.Live)
		return g, nil
	}
}

func (p *process) probed(t *testing.T, requests, live int) *agent.Probed {
	found := &agent.Probed{Requests: uint64(requests), Right: uint64(requests)}
	if p.wrong > 0 && live >= p.wrong {
		found.Right--
		found.Failed = "a live instance did not answer: it is gone"
	}
	if requests == 0 || live == 0 {
		return &agent.Probed{}
	}
	h := hdrhistogram.New(1, int64(time.Minute), 3)
	if err := h.RecordValues(max(1, int64(p.latency)), int64(found.Right)); err != nil {
		t.Fatal(err)
	}
	b, err := h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		t.Fatal(err)
	}
	found.Latency = string(b)
	return found
}

// run makes a trial whose processes are those given, one after the other.
func run(t *testing.T, e density.Effort, p results.Params, n *Node, list ...*process) (experiment.Result, error) {
	t.Helper()
	e.Duration = experiment.Duration(time.Minute)
	trial := Trial(t, density.Name, p, e, nil, n)
	trial.Subject.Options.Scratch = t.TempDir()
	started := 0
	trial.Start = func() (experiment.Agent, error) {
		if started++; started > len(list) {
			return nil, fmt.Errorf("there are only %d processes", len(list))
		}
		return &Agent{Answer: list[started-1].answer(t)}, nil
	}
	trial.Confine = func(memory uint64) (string, error) { return fmt.Sprintf("/limited-to-%d", memory), nil }
	return density.New().Run(t.Context(), trial)
}

func steps(list ...int) density.Effort {
	return density.Effort{Effort: instances.Effort{Steps: list}}
}

// resource is a limit of a process of its own.
func resource(r results.Resource) limits.Limit { return limits.Limit{Resource: r} }

// of is a limit of the node.
func of(r results.Resource) limits.Limit { return limits.Limit{Resource: r, Node: true} }

func stopped(why string) agent.Grown { return agent.Grown{Stopped: why} }

// TestWalls drives a staircase into each wall.
func TestWalls(t *testing.T) {
	const room = 1000
	limited := func(setting string, l limits.Limit) *process {
		return &process{room: room, end: stopped("no more"), outside: true, settings: map[string]limits.Limit{setting: l}}
	}
	limit := func(r results.Resource, setting string) results.Stop {
		return results.Stop{Reason: results.StopLimit, Resource: r, Setting: setting, Limit: 1000, Used: 1000}
	}
	late := steps(500, 2000)
	late.LatencyBound = experiment.Duration(10 * time.Millisecond)
	for name, c := range map[string]struct {
		process *process
		effort  density.Effort
		node    *Node
		stop    results.Stop
		live    []float64
	}{
		"address space": {process: limited("RLIMIT_AS", resource(results.ResourceAddressSpace)), stop: limit(results.ResourceAddressSpace, "RLIMIT_AS")},
		"mappings":      {process: limited("vm.max_map_count", resource(results.ResourceMaps)), stop: limit(results.ResourceMaps, "vm.max_map_count")},
		"files":         {process: limited("RLIMIT_NOFILE", resource(results.ResourceFiles)), stop: limit(results.ResourceFiles, "RLIMIT_NOFILE")},
		"processes":     {process: limited("kernel.pid_max", of(results.ResourceProcesses)), stop: limit(results.ResourceProcesses, "kernel.pid_max")},
		"bridge ports":  {process: limited("BR_MAX_PORTS", of(results.ResourceBridgePorts)), stop: limit(results.ResourceBridgePorts, "BR_MAX_PORTS")},
		"memory, by its error number": {
			process: &process{room: room, end: agent.Grown{Stopped: "mmap", Errno: syscall.ENOMEM}},
			stop:    results.Stop{Reason: results.StopLimit, Resource: results.ResourceMemory},
		},
		"a process near its limit": {
			process: &process{room: room, outside: true, end: agent.Grown{AtLimit: &limits.Limit{Resource: results.ResourceMaps, Used: 990, Most: 1000}}},
			stop:    results.Stop{Reason: results.StopLimit, Resource: results.ResourceMaps, Limit: 1000, Used: 990},
		},
		"reserve": {
			process: &process{room: room, end: agent.Grown{AtFloor: true}},
			stop:    results.Stop{Reason: results.StopLimit, Resource: results.ResourceMemory, Setting: "reserve_mib", Limit: 1<<30 - 2<<30/10},
		},
		"time": {
			process: &process{room: room},
			stop:    results.Stop{Reason: results.StopBudget, Resource: results.ResourceTime, Limit: 60},
		},
		"latency": {
			process: &process{room: 2000, latency: 11 * time.Millisecond}, effort: late,
			stop: results.Stop{Reason: results.StopLimit, Resource: results.ResourceLatency, Setting: "latency_bound", Limit: 0.010, Used: 0.011},
			live: []float64{0, 500},
		},
		"steps": {
			process: &process{room: 2000}, live: []float64{0, 500, 2000},
			stop: results.Stop{Reason: results.StopBudget, Resource: results.ResourceInstances, Limit: 2000},
		},
		"an unknown failure": {process: &process{room: room, end: stopped("limit of memory")}, stop: results.Stop{Reason: results.StopFailure}},
		"a failed probe":     {process: &process{room: 2000, wrong: 1200}, stop: results.Stop{Reason: results.StopFailure}, live: []float64{0, 500, 2000}},
		"tasks wait for memory": {
			process: &process{room: 2000}, live: []float64{0, 500},
			node: &Node{Memories: memories(300<<20, 0, 0, time.Hour)},
			stop: results.Stop{Reason: results.StopLimit, Resource: results.ResourceMemory},
		},
		"tasks of others wait for memory": {
			process: &process{room: 2000}, live: []float64{0, 500, 2000},
			node: &Node{Memories: memories(1<<30, 0, 0, time.Hour)},
			stop: results.Stop{Reason: results.StopBudget, Resource: results.ResourceInstances, Limit: 2000},
		},
	} {
		if c.effort.Steps == nil {
			c.effort = steps(500, 2000)
		}
		if c.node == nil {
			c.node = &Node{}
		}
		if c.live == nil {
			c.live = []float64{0, 500, room}
		}
		r, err := run(t, c.effort, "", c.node, c.process)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		near := cmp.Options{cmpopts.IgnoreFields(results.Stop{}, "Detail"), cmpopts.EquateApprox(0.001, 0)}
		if d := cmp.Diff(&c.stop, r.Stop, near) + cmp.Diff(c.live, Values(r, instances.Live)); d != "" || r.ProcessStop != nil {
			t.Errorf("%s: %s (%v)", name, d, r.ProcessStop)
		}
	}
}

// memories are readings of a node with so much available memory, of 2 GiB: before, with
// one process, and then at each step, each with the time for which tasks have waited.
func memories(available uint64, stalled ...time.Duration) (list []experiment.NodeMemory) {
	for _, s := range stalled {
		list = append(list, experiment.NodeMemory{Available: available, Total: 2 << 30, Stalled: s})
	}
	return list
}

// A process at a limit of its own is followed by another, until the node has no more.
func TestPerProcessAndPerNode(t *testing.T) {
	maps := func(room int) *process {
		return &process{room: room, end: stopped("mmap"), settings: map[string]limits.Limit{"vm.max_map_count": resource(results.ResourceMaps)}}
	}
	last := &process{room: 600, end: agent.Grown{AtFloor: true}}
	list := []*process{maps(1000), maps(999), last}
	r, err := run(t, steps(400, 1200, 5000), "", &Node{}, list...)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]float64{0, 400, 1200, 2599}, Values(r, instances.Live)) + cmp.Diff([]float64{1000}, Values(r, density.PerProcess)); d != "" {
		t.Error(d)
	}
	if r.ProcessStop == nil || r.ProcessStop.Resource != results.ResourceMaps || r.Stop.Setting != "reserve_mib" {
		t.Errorf("stops %+v and %+v", r.ProcessStop, r.Stop)
	}
	if n := Values(r, density.ProbeRequests); len(n) != 3 || slices.Min(n) < 100 {
		t.Errorf("the probe sent %v requests", n)
	}
	// Each process gets its share: 1,000 of 5,000 instances, and 3,001.
	if first := list[0].asked; first[len(first)-1] != 20 || last.asked[len(last.asked)-1] != 61 {
		t.Errorf("asked %v and %v", first, last.asked)
	}
}

// A further process that can hold nothing ends the trial.
func TestAFurtherProcessWithoutRoom(t *testing.T) {
	full := map[string]limits.Limit{"vm.max_map_count": resource(results.ResourceMaps)}
	first := &process{room: 1000, end: stopped("mmap"), settings: full}
	for name, c := range map[string]struct {
		list []*process
		want results.StopReason
	}{
		"none starts": {[]*process{first}, results.StopFailure},
		"no room":     {[]*process{first, {room: 0, end: stopped("mmap"), settings: full}}, results.StopFailure},
	} {
		first.opened = false
		r, err := run(t, steps(400, 1200), "", &Node{}, c.list...)
		if err != nil || r.Stop.Reason != c.want || !slices.Equal(Values(r, density.PerProcess), []float64{1000}) {
			t.Errorf("%s: %+v (%v)", name, r.Stop, err)
		}
	}
}

// The end of a process that dies is a limit where the kernel has killed one for want of
// memory.
func TestAProcessThatDies(t *testing.T) {
	killed := &Node{Memories: []experiment.NodeMemory{{Total: 1 << 30}, {}, {}, {Killed: 1}}}
	for name, c := range map[string]struct {
		node *Node
		p    *process
		want results.Stop
	}{
		"killed":  {killed, &process{room: 3000, dies: 1500}, results.Stop{Reason: results.StopLimit, Resource: results.ResourceMemory}},
		"unknown": {&Node{}, &process{room: 3000, dies: 1500}, results.Stop{Reason: results.StopFailure}},
		"stuck":   {&Node{}, &process{room: 3000, sticks: 1500}, results.Stop{Reason: results.StopFailure}},
	} {
		r, err := run(t, steps(500, 2000), "", c.node, c.p)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := cmp.Diff(&c.want, r.Stop, cmpopts.IgnoreFields(results.Stop{}, "Detail")) + cmp.Diff([]float64{0, 500}, Values(r, instances.Live)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	if _, err := run(t, steps(500), "", &Node{}, &process{room: 3000, dies: 1}); err == nil || !strings.Contains(err.Error(), "died") {
		t.Errorf("a process that dies in the first step gives %v", err)
	}
}

// A control group's limit gives instances per GiB, as far as all probes were right.
func TestPerGiB(t *testing.T) {
	node := &Node{Memories: []experiment.NodeMemory{{Total: 1 << 30}, {}, {}, {}, {Killed: 1}}}
	p := &process{room: 3000, wrong: 1500, outside: true}
	r, err := run(t, steps(500, 1000, 2000), density.MemoryLimitParam+"=256", node, p)
	if err != nil {
		t.Fatal(err)
	}
	want := &results.Stop{Reason: results.StopLimit, Resource: results.ResourceMemory, Setting: "memory_limit_mib", Limit: 256 << 20}
	if d := cmp.Diff(want, r.Stop, cmpopts.IgnoreFields(results.Stop{}, "Detail")); d != "" {
		t.Error(d)
	}
	if got := Values(r, density.PerGiB); !slices.Equal(got, []float64{4000}) {
		t.Errorf("per GiB: %v", got)
	}
	if got := Values(r, density.ProbeRight); !slices.Equal(got, []float64{100, 100, 99}) {
		t.Errorf("right: %v", got)
	}
}

// Shims count against the limit, although their memory is not in the group: 31 of two
// megabytes, beside one of the group. What daemons have before does not count.
func TestShimsCountAgainstTheLimit(t *testing.T) {
	p := &process{room: 3000, outside: true, shims: true}
	r, err := run(t, steps(30, 31, 32), density.MemoryLimitParam+"=64", &Node{}, p)
	if err != nil {
		t.Fatal(err)
	}
	want := &results.Stop{Reason: results.StopLimit, Resource: results.ResourceMemory, Setting: "memory_limit_mib", Limit: 64 << 20, Used: 65 << 20}
	if d := cmp.Diff(want, r.Stop, cmpopts.IgnoreFields(results.Stop{}, "Detail")) + cmp.Diff([]float64{31 * 16}, Values(r, density.PerGiB)); d != "" {
		t.Error(d)
	}
}

func TestEachStepIsRecorded(t *testing.T) {
	node := &Node{Memories: []experiment.NodeMemory{
		{Available: 9000}, {Available: 8000}, {Available: 7000, Stalled: 2 * time.Millisecond}, {Available: 5500, Stalled: 3 * time.Millisecond},
	}}
	for i := range node.Memories {
		node.Memories[i].Total = 10_000
	}
	r, err := run(t, steps(100, 250), "", node, &process{room: 300, latency: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	for metric, want := range map[string][]float64{
		instances.Live: {0, 100, 250}, instances.AvailableDrop: {0, 1000, 2500}, instances.StepTime: {0, 0.1, 0.25},
		density.StartRate: {0, 1000, 600}, density.ProbeMedian: {0.001, 0.001}, density.ProbeP99: {0.001, 0.001},
		density.ProbeRequests: {100, 100}, density.ProbeRight: {100, 100}, density.MemoryStall: {0, 0.002, 0.001},
		density.PerProcess: nil, density.PerGiB: nil, density.UsableMemory: {7000},
	} {
		if d := cmp.Diff(want, Values(r, metric), cmpopts.EquateApprox(0.001, 1e-12)); d != "" {
			t.Errorf("%s: %s", metric, d)
		}
	}
}

func TestExpand(t *testing.T) {
	p := &density.Parameters{Effort: steps(10, 40), MemoryLimit: 256}
	p.StepFactor = 2
	cells := p.Expand(experiment.Target{})
	if len(cells) != 1 || cells[0].Params != density.MemoryLimitParam+"=256" || !slices.Equal(cells[0].Effort.(density.Effort).Steps, []int{10, 20, 40}) {
		t.Errorf("%+v", cells)
	}
	for _, target := range []experiment.Target{{SingleShot: true}, {Exclusive: true}} {
		if cells := p.Expand(target); len(cells) > 0 {
			t.Errorf("%+v: %+v", target, cells)
		}
	}
}

func TestNoGroupIsUnavailable(t *testing.T) {
	trial := Trial(t, density.Name, density.MemoryLimitParam+"=256", steps(1), &Agent{}, &Node{})
	trial.Confine = func(uint64) (string, error) { return "", context.Canceled }
	if _, err := density.New().Run(t.Context(), trial); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}
