package calibrate

import (
	"context"
	"fmt"
	"time"

	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
)

// task is one request to an agent that was visited.
type task struct {
	system    results.System
	rung      results.Rung
	ready     runners.Prepared
	exchanges []runners.Exchange
	// turns of the exchanges; none means that the first alone is asked.
	turns      []int
	iterations int
	within     time.Duration
	// baseline is done by the loop against the library alone.
	baseline bool
}

// ask has a task done by an agent that lives, and gives its times.
func (x *calibration) ask(ctx context.Context, a trial.Agent, scratch string, t task) ([]time.Duration, error) {
	subject := protocol.Subject{
		Options:  runners.Options{Mode: t.system.Mode, Scratch: scratch, Scope: x.Trials.Scope},
		Prepared: t.ready, Exchanges: t.exchanges,
	}
	name := agent.ColdStartTask
	if t.baseline {
		name = agent.BaselineTask
	}
	q, err := protocol.NewTask(name, subject, agent.ColdStart{
		Rung: t.rung, Iterations: t.iterations, Within: t.within, Turns: t.turns,
	})
	if err != nil {
		return nil, err
	}
	reply, err := a.Ask(ctx, q)
	if err != nil {
		return nil, err
	}
	var times agent.ColdStartTimes
	if err := reply.Decode(&times); err != nil {
		return nil, err
	}
	if len(times.FirstResponse) == 0 {
		return nil, fmt.Errorf("the agent gave no times")
	}
	return times.FirstResponse, nil
}

// inTurns measures several exchanges alternately in one process, so that drift
// and differences between processes affect all alike. Each exchange has one turn
// a round, in random order. The times are those of each exchange, in seconds.
func (x *calibration) inTurns(ctx context.Context, t task, rounds int) ([][]float64, error) {
	for range rounds {
		t.turns = append(t.turns, x.random.Perm(len(t.exchanges))...)
	}
	t.iterations, t.within = len(t.turns), within
	var all []time.Duration
	err := x.visit(ctx, t.system, func(ctx context.Context, a trial.Agent, scratch string) (err error) {
		all, err = x.ask(ctx, a, scratch, t)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(all) < len(t.exchanges) {
		return nil, fmt.Errorf("%d turns were taken within %v, of %d exchanges", len(all), within, len(t.exchanges))
	}
	times := make([][]float64, len(t.exchanges))
	for i, took := range all {
		times[t.turns[i]] = append(times[t.turns[i]], took.Seconds())
	}
	return times, nil
}
