// Package parallel is the experiment that measures simultaneous cold and pooled
// starts: starts per second, and the latency of one start, against the number of
// simultaneous starts.
//
// Starts come in bursts: all starts of a burst begin at the same moment, and the
// next burst is prepared after all of them have answered and have been closed. A
// lock that a runtime, a kernel or an engine holds while it starts something
// shows as a rate that does not grow with the cores.
package parallel

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners/agent"
)

// Name of the experiment.
const Name results.Experiment = "parallel"

// Names of its metrics. Latency names a histogram.
const (
	StartRate     = "start_rate"
	MedianLatency = "start_latency_median"
	Latency       = "start_latency"
)

// StartsPerSecond is the unit of StartRate.
const StartsPerSecond = "starts/sec"

// perCore is how many starts at a time there are for each core, at most, where a
// configuration does not say.
const perCore = 4

type parallel struct{}

// New gives the experiment.
func New() experiment.Experiment { return parallel{} }

var (
	startRate = experiment.Metric{Name: StartRate, Unit: StartsPerSecond, Better: experiment.Higher,
		Meaning: "starts of a burst divided by the median time until all of them had answered"}
	medianLatency = experiment.Metric{Name: MedianLatency, Unit: results.Seconds, Better: experiment.Lower,
		Meaning: "median time from the beginning of a burst to a start's first verified response"}
	latency = experiment.Metric{Name: Latency, Unit: results.Seconds, Better: experiment.Lower, Histogram: true,
		Meaning: "time from the beginning of a burst to a start's first verified response"}
)

// Describe implements experiment.Experiment.
func (parallel) Describe() experiment.Description {
	return experiment.Description{
		Name: Name, Asks: "How many starts a second, and how long is one, with so many at a time?",
		Metrics: []experiment.Metric{startRate, medianLatency, latency}, Headline: StartRate,
	}
}

// rungs are those that several starts at a time can be on.
var rungs = []results.Rung{results.Cold, results.Pooled}

// Parameters are the experiment's keys of a configuration.
type Parameters struct {
	// Rungs are cold, pooled or both (the default).
	Rungs []results.Rung `toml:"rungs"`
	// Concurrency lists numbers of starts at a time, 0 for one for each core. The
	// default is 1, 2, 4, … up to four times the cores.
	Concurrency []int `toml:"concurrency"`
	Effort
}

// Effort is how much one trial does.
type Effort struct {
	// Duration is when no further burst is begun. There is one at least.
	Duration experiment.Duration `toml:"duration" json:"duration"`
}

// Parameters implements experiment.Experiment.
func (parallel) Parameters() experiment.Parameters { return &Parameters{} }

// Check implements experiment.Parameters.
func (p *Parameters) Check(deadline time.Duration) error {
	for _, r := range p.Rungs {
		if !slices.Contains(rungs, r) {
			return fmt.Errorf("rung %q is not one of %v", r, rungs)
		}
	}
	if err := experiment.CheckConcurrency(p.Concurrency); err != nil {
		return err
	}
	return experiment.CheckDuration("duration", p.Duration, deadline)
}

// Expand implements experiment.Parameters: one cell for each rung and number.
func (p *Parameters) Expand(t experiment.Target) []experiment.Case {
	var all []experiment.Case
	for _, r := range rungs {
		wanted := len(p.Rungs) == 0 || slices.Contains(p.Rungs, r)
		held := r == results.Pooled && t.SingleShot && t.Mode.Parks // gives no sign that it is ready
		if !wanted || held || !slices.Contains(t.Mode.Rungs, r) {
			continue
		}
		for _, n := range p.numbers(t.Cores) {
			if n == 1 || !t.Exclusive {
				all = append(all, experiment.Case{Params: Params(r, n), Effort: p.Effort})
			}
		}
	}
	return all
}

// numbers are those of starts at a time, ascending.
func (p *Parameters) numbers(cores int) []int {
	numbers := slices.Clone(p.Concurrency)
	if len(numbers) == 0 {
		for n := 1; n <= perCore*cores; n *= 2 {
			numbers = append(numbers, n)
		}
	}
	for i, n := range numbers {
		if n == 0 {
			numbers[i] = cores
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// Params are the parameters of a cell.
func Params(r results.Rung, starts int) results.Params {
	return results.NewParams(map[string]string{results.RungParam: string(r), results.ConcurrencyParam: strconv.Itoa(starts)})
}

// Run implements experiment.Experiment.
func (parallel) Run(ctx context.Context, t *experiment.Trial) (r experiment.Result, err error) {
	var e Effort
	if err := t.ReadEffort(&e); err != nil {
		return r, fmt.Errorf("read the plan's effort: %w", err)
	}
	var found agent.ParallelResult
	err = t.Ask(ctx, agent.ParallelTask, agent.Parallel{
		Rung: t.Cell.Rung(), Workers: t.Cell.Params.Int(results.ConcurrencyParam), Duration: time.Duration(e.Duration),
	}, &found)
	if err != nil {
		return r, err
	}
	if found.Starts == 0 || found.Burst <= 0 {
		return r, fmt.Errorf("no start was answered within %v", time.Duration(e.Duration))
	}
	rate := float64(t.Cell.Params.Int(results.ConcurrencyParam)) / found.Burst.Seconds()
	r.Metrics = []results.Metric{startRate.Of(rate), medianLatency.OfDurations(found.Median)}
	r.Histograms = []results.Histogram{{Name: Latency, Unit: results.Seconds, Scale: 1e-9, Encoded: found.Latency}}
	return r, nil
}
