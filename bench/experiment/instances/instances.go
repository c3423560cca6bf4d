// Package instances is what the experiments on live instances share: memory and
// density both let live instances of one workload grow in steps, each of which
// has answered a request, and read the node's memory at each step.
package instances

import (
	"context"
	"errors"
	"fmt"
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
	AvailableDrop = "available_drop"
	StepTime      = "step_time"
)

var (
	live = experiment.Metric{Name: Live, Unit: results.Count, Better: experiment.Higher,
		Meaning: "live instances that have answered, at each step"}
	pss = experiment.Metric{Name: PSS, Unit: results.Bytes, Better: experiment.Lower,
		Meaning: "proportional set size of all processes that exist for the instances, and growth of daemons"}
	pageTables = experiment.Metric{Name: PageTables, Unit: results.Bytes, Better: experiment.Lower,
		Meaning: "page tables of the same processes"}
	cgroupCharge = experiment.Metric{Name: CgroupCharge, Unit: results.Bytes, Better: experiment.Lower,
		Meaning: "what the instances' control groups are charged"}
	availableDrop = experiment.Metric{Name: AvailableDrop, Unit: results.Bytes, Better: experiment.Lower, Signed: true,
		Meaning: "how far the node's MemAvailable has fallen since there were no instances"}
	stepTime = experiment.Metric{Name: StepTime, Unit: results.Seconds, Better: experiment.Lower,
		Meaning: "time in which the step's instances were added"}
)

// Metrics lists all metrics in the order in which they are shown.
func Metrics() []experiment.Metric {
	return []experiment.Metric{live, availableDrop, pss, pageTables, cgroupCharge, stepTime}
}

// OwnDoing: filling the memory makes tasks wait for memory and for disks.
func OwnDoing(results.Params) []string {
	return []string{results.MachineMemoryPressure, results.MachineIOPressure}
}

// Parameters are the keys of a configuration that both experiments have.
type Parameters struct{ Effort }

// Effort is how much one trial does.
type Effort struct {
	// Steps are numbers of live instances, ascending, at which to read.
	Steps []int `toml:"steps" json:"steps"`
	// Duration bounds the growing; readings are not counted.
	Duration experiment.Duration `toml:"duration" json:"duration"`
	// MemoryBudget bounds how far MemAvailable may fall, in MiB; 0 for no bound.
	MemoryBudget uint64 `toml:"memory_budget_mib" json:"memory_budget_mib,omitempty"`
}

const (
	maxSteps     = 1000
	maxInstances = 1_000_000
	// maxMemoryBudget is in MiB: more than any node has.
	maxMemoryBudget = 1 << 30
)

// Check implements experiment.Parameters.
func (p *Parameters) Check(deadline time.Duration) error {
	if len(p.Steps) == 0 || len(p.Steps) > maxSteps {
		return fmt.Errorf("steps has %d numbers of instances, want 1 to %d", len(p.Steps), maxSteps)
	}
	last := 0
	for _, n := range p.Steps {
		if n <= last || n > maxInstances {
			return fmt.Errorf("steps must ascend from 1 to at most %d", maxInstances)
		}
		last = n
	}
	if p.MemoryBudget > maxMemoryBudget {
		return fmt.Errorf("memory_budget_mib is %d, want at most %d", p.MemoryBudget, maxMemoryBudget)
	}
	return experiment.CheckDuration("duration", p.Duration, deadline)
}

// Expand implements experiment.Parameters: one cell without parameters. There is
// none where an instance ends with its answer, or no two can live at a time.
func (p *Parameters) Expand(t experiment.Target) []experiment.Case {
	if t.SingleShot || t.Exclusive {
		return nil
	}
	return []experiment.Case{{Effort: p.Effort}}
}

// Run lets live instances grow in steps and reads the memory at each. A step that
// is not reached ends it: for density that is the answer, for memory the steps so
// far must do.
func Run(ctx context.Context, t *experiment.Trial) (r experiment.Result, err error) {
	var e Effort
	if err := t.ReadEffort(&e); err != nil {
		return r, fmt.Errorf("read the plan's effort: %w", err)
	}
	if len(e.Steps) == 0 {
		return r, errors.New("the plan gives no steps")
	}
	a, err := t.Start()
	if err != nil {
		return r, err
	}
	g := newGrowth(t, e, a)
	if err := g.step(ctx, 0); err != nil {
		return r, err
	}
	for _, n := range e.Steps {
		if g.stop != nil {
			break
		}
		if err := g.step(ctx, n); err != nil {
			return r, err
		}
	}
	return g.result()
}
