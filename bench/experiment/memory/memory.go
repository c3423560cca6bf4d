// Package memory is the experiment that asks what each further live instance
// costs the node. The cost is a slope over steps (Theil, 1950; Sen, 1968), so
// that fixed costs do not count.
package memory

import (
	"context"
	"errors"
	"fmt"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/instances"
	"edgebench/results"
)

// Name of the experiment.
const Name results.Experiment = "memory"

type memory struct{}

// New gives the experiment.
func New() experiment.Experiment { return memory{} }

var (
	pss = experiment.Metric{Name: instances.PSS, Unit: results.Bytes, Better: experiment.Lower,
		Meaning: "proportional set size of all processes that exist for the instances, and growth of daemons"}
	pageTables = experiment.Metric{Name: instances.PageTables, Unit: results.Bytes, Better: experiment.Lower,
		Meaning: "page tables of the same processes"}
	cgroupCharge = experiment.Metric{Name: instances.CgroupCharge, Unit: results.Bytes, Better: experiment.Lower,
		Meaning: "what the instances' control groups are charged"}
)

// Describe implements experiment.Experiment.
func (memory) Describe() experiment.Description {
	return experiment.Description{
		Name: Name, Asks: "What does each further live instance cost the node?",
		Metrics: []experiment.Metric{
			instances.LiveMetric, instances.AvailableDropMetric, pss, pageTables, cgroupCharge, instances.StepTimeMetric,
		},
		Headline: instances.AvailableDrop, OwnDoing: instances.OwnDoing,
	}
}

// Parameters are the experiment's keys of a configuration.
type Parameters struct{ instances.Effort }

// Parameters implements experiment.Experiment.
func (memory) Parameters() experiment.Parameters { return &Parameters{} }

// Expand implements experiment.Parameters: one cell without parameters.
func (p *Parameters) Expand(t experiment.Target) []experiment.Case {
	if !instances.Possible(t) {
		return nil
	}
	return []experiment.Case{{Effort: p.Fill()}}
}

// Run lets live instances grow in steps and reads the memory at each. A step that
// is not reached ends it: the steps so far must do.
func (memory) Run(ctx context.Context, t *experiment.Trial) (r experiment.Result, err error) {
	var e instances.Effort
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
