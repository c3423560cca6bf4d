// Package density is the experiment that measures how many live instances the
// node carries, and what limits it. A trial that ends at a budget of the plan
// gives a lower bound and no capacity.
package density

import (
	"context"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/instances"
	"edgebench/results"
)

// Name of the experiment.
const Name results.Experiment = "density"

type density struct{}

// New gives the experiment.
func New() experiment.Experiment { return density{} }

// Describe implements experiment.Experiment.
func (density) Describe() experiment.Description {
	return experiment.Description{
		Name: Name, Asks: "How many live instances does the node carry, and what stops it?",
		Metrics: instances.Metrics(), Headline: instances.Live, OwnDoing: instances.OwnDoing,
	}
}

// Parameters implements experiment.Experiment.
func (density) Parameters() experiment.Parameters { return &instances.Parameters{} }

// Run implements experiment.Experiment.
func (density) Run(ctx context.Context, t *experiment.Trial) (experiment.Result, error) {
	return instances.Run(ctx, t)
}
