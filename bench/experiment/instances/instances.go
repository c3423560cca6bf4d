// Package instances is what the experiments on live instances share: memory and
// density both let live instances of one workload grow in steps, each of which
// has answered a request.
package instances

import (
	"fmt"
	"math"
	"time"

	"edgebench/bench/experiment"
	"edgebench/results"
)

// Names of the metrics, each with one value for each step. The first step has no
// instances.
const (
	Live          = "instances"
	PSS           = "pss"
	PageTables    = "page_tables"
	CgroupCharge  = "cgroup_charge"
	KernelMemory  = "kernel_memory"
	AvailableDrop = "available_drop"
	StepTime      = "step_time"
)

// The metrics that both experiments record.
var (
	LiveMetric = experiment.Metric{Name: Live, Unit: results.Count, Better: experiment.Higher,
		Meaning: "live instances that have answered, at each step"}
	AvailableDropMetric = experiment.Metric{Name: AvailableDrop, Unit: results.Bytes, Better: experiment.Lower, Signed: true,
		Meaning: "how far the node's MemAvailable has fallen since there were no instances"}
	StepTimeMetric = experiment.Metric{Name: StepTime, Unit: results.Seconds, Better: experiment.Lower,
		Meaning: "time in which the step's instances were added"}
)

// OwnDoing: filling the memory makes tasks wait for memory and for disks.
func OwnDoing(results.Params) []string {
	return []string{results.MachineMemoryPressure, results.MachineIOPressure}
}

// Effort is how much one trial does.
type Effort struct {
	// Steps are numbers of live instances, ascending, at which to read.
	Steps []int `toml:"steps" json:"steps"`
	// StepFactor, if more than 1, adds steps between those: each is the one before
	// times the factor. Fill puts them into Steps.
	StepFactor float64 `toml:"step_factor" json:"-"`
	// Duration bounds the growing; readings are not counted.
	Duration experiment.Duration `toml:"duration" json:"duration"`
	// MemoryBudget bounds how far MemAvailable may fall, in MiB; 0 for no bound.
	MemoryBudget uint64 `toml:"memory_budget_mib" json:"memory_budget_mib,omitempty"`
	// Reserve is how much of MemAvailable is never used, in MiB; 0 for a tenth of
	// the node's memory.
	Reserve uint64 `toml:"reserve_mib" json:"reserve_mib,omitempty"`
	// Starts is how many containers or processes are started at a time; 0 for one.
	Starts int `toml:"starts" json:"starts,omitempty"`
}

const (
	maxSteps     = 1000
	maxInstances = 10_000_000
	// maxMemoryBudget is in MiB: more than any node has.
	maxMemoryBudget = 1 << 30
)

// Check rejects implausible values. Errors are one line that names the key.
func (e *Effort) Check(deadline time.Duration) error {
	if len(e.Steps) == 0 || len(e.Steps) > maxSteps {
		return fmt.Errorf("steps has %d numbers of instances, want 1 to %d", len(e.Steps), maxSteps)
	}
	last := 0
	for _, n := range e.Steps {
		if n <= last || n > maxInstances {
			return fmt.Errorf("steps must ascend from 1 to at most %d", maxInstances)
		}
		last = n
	}
	switch {
	case e.StepFactor != 0 && !(e.StepFactor > 1 && e.StepFactor <= maxInstances):
		return fmt.Errorf("step_factor is %v, want more than 1", e.StepFactor)
	case len(e.Fill().Steps) > maxSteps:
		return fmt.Errorf("step_factor %v gives more than %d steps", e.StepFactor, maxSteps)
	case max(e.MemoryBudget, e.Reserve) > maxMemoryBudget:
		return fmt.Errorf("memory_budget_mib is %d and reserve_mib is %d, want at most %d", e.MemoryBudget, e.Reserve, maxMemoryBudget)
	case e.Starts < 0 || e.Starts > experiment.MaxWorkers:
		return fmt.Errorf("starts is %d, want 0 (one at a time) to %d", e.Starts, experiment.MaxWorkers)
	}
	return experiment.CheckDuration("duration", e.Duration, deadline)
}

// Fill puts the steps of StepFactor between the others.
func (e Effort) Fill() Effort {
	if e.StepFactor <= 1 {
		return e
	}
	var all []int
	for i, n := range e.Steps {
		all = append(all, n)
		for i+1 < len(e.Steps) && len(all) <= maxSteps {
			n = max(n+1, int(math.Round(float64(n)*e.StepFactor)))
			if n >= e.Steps[i+1] {
				break
			}
			all = append(all, n)
		}
	}
	e.Steps, e.StepFactor = all, 0
	return e
}

// Climb takes the steps in their order until the trial has stopped.
func (e Effort) Climb(stopped func() bool, step func(n int) error) error {
	for _, n := range e.Steps {
		if stopped() {
			break
		}
		if err := step(n); err != nil {
			return err
		}
	}
	return nil
}

// Possible says whether instances of a target can live beside each other. They
// cannot where an instance ends with its answer, or all use the same port.
func Possible(t experiment.Target) bool { return !t.SingleShot && !t.Exclusive }

// ReserveOf is how much of a node's MemAvailable is never used, in bytes.
func (e *Effort) ReserveOf(node experiment.NodeMemory) uint64 {
	if e.Reserve == 0 {
		return node.Total / 10
	}
	return e.Reserve << 20
}

// Floor is how much of MemAvailable must remain, in bytes, on a node that has so
// much before the first instance. budget says that this is because of the plan's
// budget, and not of the reserve.
func (e *Effort) Floor(before experiment.NodeMemory) (floor uint64, budget bool) {
	floor = e.ReserveOf(before)
	allowed := e.MemoryBudget << 20
	if allowed == 0 || before.Available < allowed || before.Available-allowed <= floor {
		return floor, false
	}
	return before.Available - allowed, true
}

// AtFloor is the stop of a trial that no further instance was added to, so that
// MemAvailable remains above the floor.
func (e *Effort) AtFloor(before, now experiment.NodeMemory) *results.Stop {
	floor, budget := e.Floor(before)
	stop := &results.Stop{
		Reason: results.StopLimit, Resource: results.ResourceMemory, Setting: "reserve_mib",
		Limit: float64(before.Available - min(before.Available, floor)), Used: float64(before.Available - min(before.Available, now.Available)),
	}
	if budget {
		stop.Reason, stop.Setting = results.StopBudget, "memory_budget_mib"
	}
	return stop
}
