// Package coldstart is the experiment that measures the time to the first
// verified response, on each rung of the cold-start ladder.
//
// One trial repeats its rung within one fresh agent, where the rung can be
// repeated. Short rungs are also watched by a contention probe: a fixed piece of
// work between iterations that takes longer where another thread shares the
// processor's core. The shortest time of a trial in which the core was
// uncontended is its steadiest figure (Chen and Revels, Robust benchmarking in
// noisy environments, 2016).
package coldstart

import (
	"context"
	"fmt"
	"time"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
)

// Name of the experiment.
const Name results.Experiment = "coldstart"

// Names of its metrics.
const (
	FirstResponse    = "first_response"
	Minimum          = "first_response_minimum"
	Iterations       = "iterations"
	ContentionProbe  = "contention_probe"
	EmptyMeasurement = "empty_measurement"
)

// coldStart is the experiment. It remembers the shortest probe of a run, so it
// belongs to one run.
type coldStart struct{ uncontended uncontended }

// New gives the experiment for one run.
func New() experiment.Experiment { return &coldStart{} }

var (
	firstResponse = experiment.Metric{Name: FirstResponse, Unit: results.Seconds, Better: experiment.Lower,
		Meaning: "time from the start of the rung to the first verified response, one value for each iteration that is kept"}
	minimum = experiment.Metric{Name: Minimum, Unit: results.Seconds, Better: experiment.Lower,
		Meaning: "shortest of all times to the first verified response in a trial, those between two kept ones included"}
	iterations = experiment.Metric{Name: Iterations, Unit: results.Count,
		Meaning: "number of times that the minimum is the shortest of"}
	contentionProbe = experiment.Metric{Name: ContentionProbe, Unit: results.Seconds,
		Meaning: "k-th shortest time of a fixed CPU-bound loop that runs between iterations; longer where the core was shared throughout"}
	emptyMeasurement = experiment.Metric{Name: EmptyMeasurement, Unit: results.Seconds,
		Meaning: "median cost of a timed region with nothing in it, in the same process"}
)

// Describe implements experiment.Experiment.
func (*coldStart) Describe() experiment.Description {
	return experiment.Description{
		Name: Name, Asks: "How long from a given state to the first verified response?",
		Metrics:  []experiment.Metric{firstResponse, minimum, iterations, contentionProbe, emptyMeasurement},
		Headline: FirstResponse, Adaptive: true, Slowable: true,
		OwnDoing: ownDoing,
	}
}

// ownDoing: a start from a new artefact or an empty page cache waits for the disk.
func ownDoing(p results.Params) []string {
	if p.Rung() == results.Deploy || p.Get(results.PageCacheParam) == results.PageCacheDropped {
		return []string{results.MachineIOPressure}
	}
	return nil
}

// Run implements experiment.Experiment.
func (c *coldStart) Run(ctx context.Context, t *experiment.Trial) (r experiment.Result, err error) {
	var e Effort
	if err := t.ReadEffort(&e); err != nil {
		return r, fmt.Errorf("read the plan's effort: %w", err)
	}
	if t.Cell.Params.Get(results.PageCacheParam) == results.PageCacheDropped {
		if err := t.Node.DropPageCache(); err != nil {
			return r, err
		}
	}
	task := agent.ColdStart{
		Rung: t.Cell.Rung(), Iterations: e.Iterations, Within: time.Duration(e.Duration),
		Spread: time.Duration(e.Spread), Slow: t.Slow,
		Placement: agent.Placement(t.Cell.Params.Get(results.PlacementParam)),
	}
	if task.Rung.Loaded() {
		task.Uncontended = c.uncontended.longest(t.Cell)
	}
	times, err := ask(ctx, t, task)
	if err != nil {
		return r, err
	}
	c.uncontended.add(t.Cell, times.Probe)
	return result(times), nil
}

func ask(ctx context.Context, t *experiment.Trial, task agent.ColdStart) (times agent.ColdStartTimes, err error) {
	a, err := t.Start()
	if err != nil {
		return times, err
	}
	subject := t.Subject
	if task.Rung == results.Boot {
		// The agent reads its request on the clock: no more than it needs.
		subject.Exchanges = subject.Exchanges[:min(1, len(subject.Exchanges))]
	}
	q, err := protocol.NewTask(agent.ColdStartTask, subject, task)
	if err != nil {
		return times, err
	}
	if task.Rung == results.Boot {
		return boot(ctx, a, q)
	}
	reply, err := a.Ask(ctx, q)
	if err == nil {
		err = reply.Decode(&times)
	}
	if err == nil && len(times.FirstResponse) == 0 {
		err = fmt.Errorf("the agent gave no times")
	}
	return times, err
}

// boot measures its time in this process, since it begins before the agent's
// process. The part that the agent can't measure is the phase spawn: the start of
// the process up to main, and the transfer of request and response.
func boot(ctx context.Context, a experiment.Agent, q protocol.Request) (times agent.ColdStartTimes, err error) {
	reply, took, err := a.AskBoot(ctx, q)
	if err == nil {
		err = reply.Decode(&times)
	}
	if err != nil {
		return times, err
	}
	if len(times.FirstResponse) != 1 {
		return times, fmt.Errorf("the agent gave %d times for the boot rung, want one", len(times.FirstResponse))
	}
	spawn := agent.Phase{Name: runners.PhaseSpawn, Values: []time.Duration{took - times.FirstResponse[0]}}
	times.Phases = append([]agent.Phase{spawn}, times.Phases...)
	times.FirstResponse[0] = took
	return times, nil
}

func result(t agent.ColdStartTimes) experiment.Result {
	r := experiment.Result{Metrics: []results.Metric{
		firstResponse.OfDurations(t.FirstResponse...), emptyMeasurement.OfDurations(t.Empty),
	}}
	if t.Iterations > 1 {
		r.Metrics = append(r.Metrics, minimum.OfDurations(t.Minimum), iterations.Of(float64(t.Iterations)))
	}
	if t.Probe > 0 {
		r.Metrics = append(r.Metrics, contentionProbe.OfDurations(t.Probe))
	}
	r.Checks = tiers(t.Tiers)
	for _, p := range t.Phases {
		r.Phases = append(r.Phases, experiment.Durations(p.Name, p.Values...))
	}
	return r
}

// TierGroup is the group of the checks that say which of a runtime's compilers made the
// code of the guest's entry: that of an instance's first response, and of the trial's
// last one. The results are runners.Tier.
const TierGroup = "tier"

func tiers(t agent.Tiers) (checks []results.Check) {
	for _, c := range []struct {
		name string
		tier runners.Tier
	}{{"first_response", t.First}, {"last_response", t.Last}} {
		if c.tier != "" {
			checks = append(checks, results.Check{Group: TierGroup, Name: c.name, Result: string(c.tier)})
		}
	}
	return checks
}
