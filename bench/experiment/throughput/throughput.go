// Package throughput is the experiment that measures requests per second and
// latency in a closed loop: each worker sends its next request after it has
// verified the response to its last one. A closed loop hides queueing.
package throughput

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
const Name results.Experiment = "throughput"

// Names of its metrics.
const (
	RequestRate = "request_rate"
	Latency     = "latency"
)

// InstanceParam says where a request's instance comes from: Reused or Fresh.
const InstanceParam = "instance"

// Values of InstanceParam.
const (
	// Reused: each worker has one live instance for all of its requests.
	Reused = "reused"
	// Fresh: each request gets an instance of its own, from a loaded module or, for
	// containers and processes, from disk.
	Fresh = "fresh"
)

type throughput struct{}

// New gives the experiment.
func New() experiment.Experiment { return throughput{} }

var (
	requestRate = experiment.Metric{Name: RequestRate, Unit: results.RequestsPerSecond, Better: experiment.Higher,
		Meaning: "verified responses divided by the time of the loop"}
	latency = experiment.Metric{Name: Latency, Unit: results.Seconds, Better: experiment.Lower, Histogram: true,
		Meaning: "time of one request, from its sending to its response; with a fresh instance its making is included"}
)

// Describe implements experiment.Experiment.
func (throughput) Describe() experiment.Description {
	return experiment.Description{
		Name: Name, Asks: "How many requests a second, at which latency?",
		Metrics: []experiment.Metric{requestRate, latency}, Headline: RequestRate, Slowable: true,
	}
}

// Parameters are the experiment's keys of a configuration.
type Parameters struct {
	// Instances are Reused, Fresh or both (the default).
	Instances []string `toml:"instances"`
	// Concurrency lists numbers of workers, 0 for one for each core. The default
	// is one worker.
	Concurrency []int `toml:"concurrency"`
	// Placements are those of one worker with a reused instance, see
	// experiment.CheckPlacements.
	Placements []string `toml:"placements"`
	Effort
}

// Effort is how much one trial does.
type Effort struct {
	Duration experiment.Duration `toml:"duration" json:"duration"`
}

// Parameters implements experiment.Experiment.
func (throughput) Parameters() experiment.Parameters { return &Parameters{} }

// Check implements experiment.Parameters.
func (p *Parameters) Check(deadline time.Duration) error {
	for _, i := range p.Instances {
		if i != Reused && i != Fresh {
			return fmt.Errorf("instances is %q, want %q or %q", i, Reused, Fresh)
		}
	}
	if err := experiment.CheckConcurrency(p.Concurrency); err != nil {
		return err
	}
	if err := experiment.CheckPlacements(p.Placements); err != nil {
		return err
	}
	return experiment.CheckDuration("duration", p.Duration, deadline)
}

// Expand implements experiment.Parameters.
func (p *Parameters) Expand(t experiment.Target) []experiment.Case {
	instances, workers := p.Instances, p.Concurrency
	if len(instances) == 0 {
		instances = []string{Reused, Fresh}
	}
	if len(workers) == 0 {
		workers = []int{1}
	}
	var all []experiment.Case
	for _, instance := range instances {
		if t.SingleShot && instance == Reused {
			continue
		}
		for _, n := range workers {
			if n == 0 {
				n = t.Cores
			}
			if n > 1 && t.Exclusive {
				continue
			}
			for _, params := range p.placed(instance, n, t) {
				if !slices.ContainsFunc(all, func(o experiment.Case) bool { return o.Params == params }) {
					all = append(all, experiment.Case{Params: params, Effort: p.Effort})
				}
			}
		}
	}
	return all
}

// placed gives the parameters of a loop, for one worker with a reused instance those
// of each placement.
func (p *Parameters) placed(instance string, workers int, t experiment.Target) []results.Params {
	params := Params(instance, workers)
	if instance != Reused || workers > 1 {
		return []results.Params{params}
	}
	return experiment.Placed(params, p.Placements, t.Mode)
}

// Params are the parameters of a cell.
func Params(instance string, workers int) results.Params {
	return results.NewParams(map[string]string{InstanceParam: instance, results.ConcurrencyParam: strconv.Itoa(workers)})
}

// Run implements experiment.Experiment.
func (throughput) Run(ctx context.Context, t *experiment.Trial) (r experiment.Result, err error) {
	var e Effort
	if err := t.ReadEffort(&e); err != nil {
		return r, fmt.Errorf("read the plan's effort: %w", err)
	}
	var found agent.ThroughputResult
	err = t.Ask(ctx, agent.ThroughputTask, agent.Throughput{
		Workers: t.Cell.Params.Int(results.ConcurrencyParam), Duration: time.Duration(e.Duration),
		Fresh: t.Cell.Params.Get(InstanceParam) == Fresh, Slow: t.Slow,
		Placement: agent.Placement(t.Cell.Params.Get(results.PlacementParam)),
	}, &found)
	if err != nil {
		return r, err
	}
	if found.Requests == 0 || found.Elapsed <= 0 {
		return r, fmt.Errorf("no request was answered within %v", time.Duration(e.Duration))
	}
	r.Metrics = []results.Metric{requestRate.Of(float64(found.Requests) / found.Elapsed.Seconds())}
	r.Histograms = []results.Histogram{{Name: Latency, Unit: results.Seconds, Scale: 1e-9, Encoded: found.Latency}}
	return r, nil
}
