// Package memory is the experiment that asks what each further live instance
// costs the node. The cost is a slope over steps (Theil, 1950; Sen, 1968), so
// that fixed costs do not count.
package memory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/instances"
	"edgebench/results"
)

// Name of the experiment.
const Name results.Experiment = "memory"

// Names of the metrics of idle instances, with one value each.
const (
	IdleCPU  = "idle_cpu"
	IdleTime = "idle_time"
)

type memory struct{}

// New gives the experiment.
func New() experiment.Experiment { return memory{} }

var (
	pss = experiment.Metric{Name: instances.PSS, Unit: results.Bytes, Better: experiment.Lower,
		Meaning: "proportional set size of all processes that exist for the instances, and growth of daemons"}
	pageTables = experiment.Metric{Name: instances.PageTables, Unit: results.Bytes, Better: experiment.Lower,
		Meaning: "page tables of the same processes"}
	kernelMemory = experiment.Metric{Name: instances.KernelMemory, Unit: results.Bytes, Better: experiment.Lower, Signed: true,
		Meaning: "growth of the node's slabs, kernel stacks, page tables and data of each CPU since there were no instances"}
	closed = experiment.Metric{Name: Closed, Unit: results.Count, Better: experiment.Neither,
		Meaning: "instances that were made, have answered and were closed, at each step"}
	idleCPU = experiment.Metric{Name: IdleCPU, Unit: results.Seconds, Better: experiment.Lower,
		Meaning: "processor time that agent, instances, shims and daemons used while nobody asked them anything"}
	idleTime = experiment.Metric{Name: IdleTime, Unit: results.Seconds, Better: experiment.Neither,
		Meaning: "how long that was"}
	cgroupCharge = experiment.Metric{Name: instances.CgroupCharge, Unit: results.Bytes, Better: experiment.Lower,
		Meaning: "what the instances' control groups are charged"}
)

// Describe implements experiment.Experiment.
func (memory) Describe() experiment.Description {
	return experiment.Description{
		Name: Name, Asks: "What does each further live instance cost the node?",
		Metrics: []experiment.Metric{
			instances.LiveMetric, closed, instances.AvailableDropMetric, pss, pageTables, kernelMemory, cgroupCharge, instances.StepTimeMetric, idleCPU, idleTime,
		},
		Headline: instances.AvailableDrop, OwnDoing: instances.OwnDoing,
	}
}

// StateParam is what live instances have done before the memory is read. A cell
// without it is Served.
const StateParam = "state"

// Values of StateParam.
const (
	// Instantiated: no request was sent to them.
	Instantiated = "instantiated"
	// Served: each has answered its first request.
	Served = "served"
	// Idle: as Served, and at the end the processor time is taken that all of them
	// use while nobody asks them anything.
	Idle = "idle"
	// Churned: each was closed after its first response, so that only what it has
	// left behind is read. The steps are numbers of closed instances.
	Churned = "churned"
)

// Closed names the metric that takes the place of live instances where these are
// Churned.
const Closed = "closed_instances"

// Parameters are the experiment's keys of a configuration.
type Parameters struct {
	// States are values of StateParam; the default is Served.
	States []string `toml:"state"`
	Effort
}

// Effort is how much one trial does.
type Effort struct {
	instances.Effort
	// Idle is for how long idle instances are left alone; the default is a minute.
	Idle experiment.Duration `toml:"idle" json:"idle,omitempty"`
}

// defaultIdle is a minute, in which a garbage collector runs of itself in a few
// systems, and health checks in most.
const defaultIdle = experiment.Duration(time.Minute)

// Parameters implements experiment.Experiment.
func (memory) Parameters() experiment.Parameters { return &Parameters{} }

// Check implements experiment.Parameters.
func (p *Parameters) Check(deadline time.Duration) error {
	for _, s := range p.States {
		switch s {
		case Instantiated, Served, Churned:
		case Idle:
			if err := experiment.CheckDuration("idle", cmp.Or(p.Idle, defaultIdle), deadline); err != nil {
				return err
			}
		default:
			return fmt.Errorf("state is %q, want %q, %q, %q or %q", s, Instantiated, Served, Idle, Churned)
		}
	}
	return p.Effort.Effort.Check(deadline)
}

// Expand implements experiment.Parameters: one cell for each state.
func (p *Parameters) Expand(t experiment.Target) []experiment.Case {
	if !instances.Possible(t) {
		return nil
	}
	states := p.States
	if len(states) == 0 {
		states = []string{Served}
	}
	var all []experiment.Case
	for _, s := range states {
		c := experiment.Case{}
		e := Effort{Effort: p.Fill()}
		if s != Served {
			c.Params = results.NewParams(map[string]string{StateParam: s})
		}
		if s == Idle {
			e.Idle = cmp.Or(p.Idle, defaultIdle)
		}
		c.Effort = e
		all = append(all, c)
	}
	return all
}

// Run lets live instances grow in steps and reads the memory at each. A step that
// is not reached ends it: the steps so far must do.
func (memory) Run(ctx context.Context, t *experiment.Trial) (r experiment.Result, err error) {
	var e Effort
	if err := t.ReadEffort(&e); err != nil {
		return r, fmt.Errorf("read the plan's effort: %w", err)
	}
	if len(e.Steps) == 0 {
		return r, errors.New("the plan gives no steps")
	}
	before, err := t.Node.Memory()
	if err != nil {
		return r, err
	}
	a, err := t.Start()
	if err != nil {
		return r, err
	}
	g := newGrowth(t, e, a, before)
	if err := g.step(ctx, 0); err != nil {
		return r, err
	}
	if err := e.Climb(g.stopped, func(n int) error { return g.step(ctx, n) }); err != nil {
		return r, err
	}
	if err := g.idle(ctx); err != nil {
		return r, err
	}
	return g.result()
}
