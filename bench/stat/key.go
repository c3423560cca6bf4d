package stat

import (
	"cmp"
	"fmt"
	"slices"

	"edgebench/bench/experiment/registry"
	"edgebench/results"
)

// PhasePrefix stands before a phase's name where a phase is used as a metric.
const PhasePrefix = "phase:"

// Key says what the values of a sample are values of. It is comparable.
type Key struct {
	results.Cell
	// Metric is a metric's name, or PhasePrefix and a phase's name, or the
	// name of something derived from metrics (see bench/stat/estimate).
	Metric string
}

// String gives the key in one line, for messages.
func (k Key) String() string { return fmt.Sprintf("%s %s", k.Cell, k.Metric) }

// Compare orders keys as they are reported: by experiment, workload, build,
// rung, runner, mode, other parameters and metric.
func (k Key) Compare(o Key) int {
	return cmp.Or(
		cmp.Compare(registry.Index(k.Experiment), registry.Index(o.Experiment)),
		cmp.Compare(k.Experiment, o.Experiment),
		cmp.Compare(k.Workload, o.Workload),
		cmp.Compare(k.Build, o.Build),
		cmp.Compare(slices.Index(results.Rungs(), k.Rung()), slices.Index(results.Rungs(), o.Rung())),
		cmp.Compare(k.Runner, o.Runner),
		cmp.Compare(k.Mode, o.Mode),
		cmp.Compare(k.Params, o.Params),
		cmp.Compare(k.Metric, o.Metric),
	)
}
