// Package density is the experiment that measures how many live instances the
// node carries, and what limits it. A trial that ends at a budget of the plan
// gives a lower bound and no capacity.
//
// Instances are added in steps until something ends the trial. A probe asks random
// live instances meanwhile. A process that ends at a limit of its own, such as its
// address space, is not the end: the trial goes on with a further process, until the
// node has no more. Two figures follow: the instances of the first process and those
// of the node.
//
// With a limit of memory, all processes of the trial share a control group that has
// no more. The trial then gives the instances per GiB.
package density

import (
	"context"
	"errors"
	"fmt"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/instances"
	"edgebench/bench/experiment/parallel"
	"edgebench/results"
)

// Name of the experiment.
const Name results.Experiment = "density"

// Names of the metrics. Those that begin with "probe" have one value for each step
// after the first, which has no instances to ask.
const (
	StartRate     = "step_start_rate"
	ProbeMedian   = "probe_p50"
	ProbeP99      = "probe_p99"
	ProbeRequests = "probe_requests"
	ProbeRight    = "probe_right"
	MemoryStall   = "memory_stall"
	PerProcess    = "instances_per_process"
	PerGiB        = "instances_per_gib"
	UsableMemory  = "usable_memory"
)

// MemoryLimitParam is the limit of memory of a cell, in MiB.
const MemoryLimitParam = "memory_limit_mib"

type density struct{}

// New gives the experiment.
func New() experiment.Experiment { return density{} }

var (
	startRate = experiment.Metric{Name: StartRate, Unit: parallel.StartsPerSecond, Better: experiment.Higher,
		Meaning: "instances added in a step, divided by the time in which they were added"}
	probeMedian = experiment.Metric{Name: ProbeMedian, Unit: results.Seconds, Better: experiment.Lower,
		Meaning: "median time of a request to a random live instance during a step; 0 if none was answered rightly"}
	probeP99 = experiment.Metric{Name: ProbeP99, Unit: results.Seconds, Better: experiment.Lower,
		Meaning: "99th percentile of the same times"}
	probeRequests = experiment.Metric{Name: ProbeRequests, Unit: results.Count, Better: experiment.Neither,
		Meaning: "requests to random live instances during a step"}
	probeRight = experiment.Metric{Name: ProbeRight, Unit: results.Count, Better: experiment.Higher,
		Meaning: "how many of them were answered with the right bytes"}
	memoryStall = experiment.Metric{Name: MemoryStall, Unit: results.Seconds, Better: experiment.Lower,
		Meaning: "how long some task waited for memory during a step (pressure stall information)"}
	perProcess = experiment.Metric{Name: PerProcess, Unit: results.Count, Better: experiment.Higher,
		Meaning: "live instances of the first process when it reached a limit of its own"}
	perGiB = experiment.Metric{Name: PerGiB, Unit: results.Count, Better: experiment.Higher,
		Meaning: "live instances for each GiB of the limit of memory that all processes share"}
	usableMemory = experiment.Metric{Name: UsableMemory, Unit: results.Bytes, Better: experiment.Neither,
		Meaning: "memory for instances: MemAvailable with one process and no instance, less the reserve; or the limit of memory"}
)

// Describe implements experiment.Experiment.
func (density) Describe() experiment.Description {
	return experiment.Description{
		Name: Name, Asks: "How many live instances does the node carry, and what stops it?",
		Metrics: []experiment.Metric{
			instances.LiveMetric, perProcess, perGiB, instances.AvailableDropMetric, instances.StepTimeMetric,
			startRate, probeMedian, probeP99, probeRequests, probeRight, memoryStall, usableMemory,
		},
		Headline: instances.Live, OwnDoing: instances.OwnDoing,
	}
}

// Parameters are the experiment's keys of a configuration.
type Parameters struct {
	// MemoryLimit is the memory of all processes of a trial, in MiB; 0 for that of
	// the node.
	MemoryLimit uint64 `toml:"memory_limit_mib"`
	Effort
}

// Effort is how much one trial does.
type Effort struct {
	instances.Effort
	// LatencyBound ends a trial whose probe's 99th percentile exceeds it; 0 for no
	// bound.
	LatencyBound experiment.Duration `toml:"latency_bound" json:"latency_bound,omitempty"`
}

// Parameters implements experiment.Experiment.
func (density) Parameters() experiment.Parameters { return &Parameters{} }

// maxMemoryLimit is in MiB: more than any node has.
const maxMemoryLimit = 1 << 30

// Check implements experiment.Parameters.
func (p *Parameters) Check(deadline time.Duration) error {
	if p.MemoryLimit > maxMemoryLimit {
		return fmt.Errorf("memory_limit_mib is %d, want at most %d", p.MemoryLimit, maxMemoryLimit)
	}
	if p.LatencyBound < 0 || p.LatencyBound > experiment.MaxDuration {
		return fmt.Errorf("latency_bound is %v, want 0s (none) to %v", time.Duration(p.LatencyBound), time.Duration(experiment.MaxDuration))
	}
	return p.Effort.Effort.Check(deadline)
}

// Expand implements experiment.Parameters: one cell.
func (p *Parameters) Expand(t experiment.Target) []experiment.Case {
	if !instances.Possible(t) {
		return nil
	}
	e := p.Effort
	e.Effort = e.Fill()
	c := experiment.Case{Effort: e}
	if p.MemoryLimit > 0 {
		c.Params = results.NewParams(map[string]string{MemoryLimitParam: fmt.Sprint(p.MemoryLimit)})
	}
	return []experiment.Case{c}
}

// Run implements experiment.Experiment.
func (density) Run(ctx context.Context, t *experiment.Trial) (r experiment.Result, err error) {
	var e Effort
	if err := t.ReadEffort(&e); err != nil {
		return r, fmt.Errorf("read the plan's effort: %w", err)
	}
	if len(e.Steps) == 0 {
		return r, errors.New("the plan gives no steps")
	}
	g, err := newGrowth(ctx, t, e)
	if err != nil {
		return r, err
	}
	if err := e.Climb(g.stopped, func(n int) error { return g.step(ctx, n) }); err != nil {
		return r, err
	}
	return g.result()
}
