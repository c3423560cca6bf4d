// Package memory is the experiment that asks what each further live instance
// costs the node. The cost is a slope over steps (Theil, 1950; Sen, 1968), so
// that fixed costs do not count.
package memory

import (
	"context"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/instances"
	"edgebench/results"
)

// Name of the experiment.
const Name results.Experiment = "memory"

type memory struct{}

// New gives the experiment.
func New() experiment.Experiment { return memory{} }

// Describe implements experiment.Experiment.
func (memory) Describe() experiment.Description {
	return experiment.Description{
		Name: Name, Asks: "What does each further live instance cost the node?",
		Metrics: instances.Metrics(), Headline: instances.AvailableDrop, OwnDoing: instances.OwnDoing,
	}
}

// Parameters implements experiment.Experiment.
func (memory) Parameters() experiment.Parameters { return &instances.Parameters{} }

// Run implements experiment.Experiment.
func (memory) Run(ctx context.Context, t *experiment.Trial) (experiment.Result, error) {
	return instances.Run(ctx, t)
}
