package isolation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners/agent"
	"edgebench/runners/client"
	"edgebench/runners/protocol"
)

// trial makes all attempts in one system under one policy.
type trial struct {
	*experiment.Trial
	world    *world
	effort   effort
	patience time.Duration

	agent   experiment.Agent // nil until it is needed
	subject protocol.Subject // of the agent
	started int              // agents
	stops   []time.Duration  // how long a computation went on that was stopped
	// starts are of instances, before and meanwhile latencies of neighbours.
	starts, before, meanwhile []time.Duration
	reachable                 float64 // negative where it was not counted
}

// attempts makes them all. A system that ends or hangs is started again.
func (t *trial) attempts(ctx context.Context) (r experiment.Result, err error) {
	if t.effort.HostPaths {
		t.world.onHost()
	}
	t.reachable = -1
	for _, a := range Attempts() {
		check, err := t.attempt(ctx, a)
		if err != nil {
			return r, fmt.Errorf("attempt %s/%s: %w", a.Group, a.Name, err)
		}
		check.Expected = expected(a, t.Cell.System, t.Cell.Params.Get(PolicyParam)).Result
		r.Checks = append(r.Checks, check)
	}
	requests, err := t.requestTimes(ctx)
	if err != nil {
		return r, fmt.Errorf("time requests: %w", err)
	}
	memory, err := t.memory(ctx)
	if err != nil {
		return r, fmt.Errorf("measure memory: %w", err)
	}
	r.Metrics = slices.Concat(counts(r.Checks), []results.Metric{requestTime.OfDurations(requests...)}, memory, t.metrics())
	return r, nil
}

// timedRequests is how many requests are timed.
const timedRequests = 100

// requestTimes times the smallest requests.
func (t *trial) requestTimes(ctx context.Context) ([]time.Duration, error) {
	found, err := t.ask(ctx, agent.Attempt{Dir: t.world.dir, Deadline: t.patience, Steps: slices.Repeat([]string{agent.Present}, timedRequests)})
	if err == nil && found.Failure != "" {
		err = errors.New(found.Failure)
	}
	return found.Times, err
}

// counts are the metrics that follow from the checks.
func counts(checks []results.Check) []results.Metric {
	goals := map[Goal]bool{}
	others := 0
	list := Attempts()
	for i, c := range checks {
		if c.Result == Allowed && list[i].Goal != NoGoal {
			goals[list[i].Goal] = true
		}
		if c.Unexpected() {
			others++
		}
	}
	return []results.Metric{goalsReached.Of(float64(len(goals))), unexpected.Of(float64(others))}
}

// attempt makes one. What a system does is a result; an error is one of the harness.
func (t *trial) attempt(ctx context.Context, a Attempt) (results.Check, error) {
	if err := t.world.reset(); err != nil {
		return results.Check{}, fmt.Errorf("set up what attempts aim at: %w", err)
	}
	q, err := t.question(a)
	if errors.Is(err, errors.ErrUnsupported) {
		return check(a, verdict{Absent, err.Error()}), nil
	}
	if err != nil {
		return results.Check{}, err
	}
	within, cancel := context.WithTimeout(ctx, cmp.Or(a.patience, t.patience))
	defer cancel()
	found, err := t.ask(within, q)
	if v, ok := outcomeOf(ctx, err); ok {
		t.agent = nil // which has been killed
		return check(a, v), nil
	}
	if err != nil {
		return results.Check{}, err
	}
	v, err := t.world.judge(a, found)
	if err != nil {
		return results.Check{}, err
	}
	t.note(a, v, found)
	return check(a, v), nil
}

// outcomeOf says what became of a system that has not answered.
func outcomeOf(ctx context.Context, err error) (verdict, bool) {
	switch {
	case ctx.Err() != nil:
		return verdict{}, false
	case errors.Is(err, client.ErrDeadline):
		return verdict{Hung, "the system had to be killed"}, true
	case errors.Is(err, client.ErrDied):
		return verdict{Crashed, err.Error()}, true
	}
	return verdict{}, false
}

// question makes the agent's task of an attempt.
func (t *trial) question(a Attempt) (q agent.Attempt, err error) {
	q = agent.Attempt{Dir: t.world.dir, Own: a.own, Deadline: cmp.Or(a.deadline, a.patience, t.patience)}
	if a.crowded {
		q.Neighbours, q.Quiet = t.effort.Neighbours, quiet
	}
	for _, x := range []struct {
		to   *[]string
		from []string
	}{{&q.Former, a.former}, {&q.Tenant, a.tenant}, {&q.Steps, a.steps}} {
		if *x.to, err = t.requests(x.from); err != nil {
			return q, err
		}
	}
	if a.beside != "" {
		q.Beside, err = t.world.request(a.beside)
	}
	return q, err
}

func (t *trial) requests(templates []string) (all []string, err error) {
	for _, template := range templates {
		request, err := t.world.request(template)
		if err != nil {
			return nil, err
		}
		all = append(all, request)
	}
	return all, nil
}

// quiet is for how long neighbours are measured before an attempt.
const quiet = 200 * time.Millisecond

// begin starts an agent in place of the one before.
func (t *trial) begin() (err error) {
	if t.agent, err = t.Start(); err != nil {
		return err
	}
	t.subject, err = t.SubjectFor(t.started)
	t.started++
	return err
}

// ask has the trial's agent make an attempt.
func (t *trial) ask(ctx context.Context, a agent.Attempt) (found agent.Attempted, err error) {
	if t.agent == nil {
		if err := t.begin(); err != nil {
			return found, err
		}
	}
	q, err := protocol.NewTask(agent.IsolationTask, t.subject, a)
	if err != nil {
		return found, err
	}
	reply, err := t.agent.Ask(ctx, q)
	if err != nil {
		return found, err
	}
	return found, reply.Decode(&found)
}

// note keeps what an attempt has measured.
func (t *trial) note(a Attempt, v verdict, found agent.Attempted) {
	if found.Start > 0 {
		t.starts = append(t.starts, found.Start)
	}
	if a.deadline > 0 && v.result == Limited && len(found.Times) > 0 {
		t.stops = append(t.stops, found.Times[len(found.Times)-1])
	}
	t.before, t.meanwhile = append(t.before, found.Before...), append(t.meanwhile, found.Meanwhile...)
	if a.counts && v.result == Allowed {
		fmt.Sscanf(v.evidence, "%g", &t.reachable)
	}
}

// metrics are the figures of the whole trial.
func (t *trial) metrics() (all []results.Metric) {
	if len(t.starts) > 0 {
		all = append(all, startTime.OfDurations(t.starts...))
	}
	if len(t.stops) > 0 {
		all = append(all, stopTime.OfDurations(t.stops...))
	}
	if len(t.before) > 0 && len(t.meanwhile) > 0 {
		all = append(all, quietP99.OfDurations(p99(t.before)), neighbourP99.OfDurations(p99(t.meanwhile)))
	}
	if t.reachable >= 0 {
		all = append(all, reachableCalls.Of(t.reachable))
	}
	return all
}

// p99 is the 99th percentile, the nearest rank.
func p99(list []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[(len(sorted)*99+99)/100-1]
}

// check is an attempt's check in a record.
func check(a Attempt, v verdict) results.Check {
	return results.Check{Group: string(a.Group), Name: a.Name, Result: v.result, Evidence: results.Evidence(v.evidence)}
}
