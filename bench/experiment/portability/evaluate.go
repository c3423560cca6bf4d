package portability

import (
	"context"
	"errors"
	"fmt"
	"time"

	"edgebench/bench/experiment"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
)

// outcome is what became of a module: that of the agent, or the agent's death.
type outcome struct {
	agent.ModuleOutcome
	// died is why the agent ended; nil where it did not.
	died error
}

// evaluator runs modules in agents of one system.
type evaluator struct {
	start   func() (experiment.Agent, error)
	subject protocol.Subject
}

// evaluate runs modules in one agent. If that dies, all of them run again, each in an
// agent of its own from the first death on.
func (e evaluator) evaluate(ctx context.Context, modules []agent.Module) ([]outcome, error) {
	a, err := e.start()
	if err != nil {
		return nil, err
	}
	found, err := e.ask(ctx, timeOf(modules), a, modules)
	if err == nil {
		return found, nil
	}
	if !isDeath(ctx, err) {
		return nil, err
	}
	return e.oneByOne(ctx, modules)
}

// oneByOne gives each module a request of its own, and a new agent after a death.
func (e evaluator) oneByOne(ctx context.Context, modules []agent.Module) ([]outcome, error) {
	var all []outcome
	var a experiment.Agent
	for _, m := range modules {
		if a == nil {
			var err error
			if a, err = e.start(); err != nil {
				return nil, err
			}
		}
		found, err := e.ask(ctx, moduleTime, a, []agent.Module{m})
		switch {
		case err == nil:
			all = append(all, found...)
		case isDeath(ctx, err):
			all = append(all, outcome{died: err})
			a = nil
		default:
			return nil, err
		}
	}
	return all, nil
}

// isDeath says whether the agent's process ended, where an error of its own or the
// trial's deadline did not end the request.
func isDeath(ctx context.Context, err error) bool {
	_, replied := errors.AsType[*protocol.Error](err)
	return !replied && ctx.Err() == nil
}

// A module that does not end is ended with its agent after moduleTime, or after batchTime
// if it runs among others. A runtime without interruption would go on for ever.
const (
	batchTime  = 40 * time.Second
	moduleTime = 10 * time.Second
)

// errEndless is why an agent was ended.
var errEndless = errors.New("the module was not done with in time")

func timeOf(modules []agent.Module) time.Duration {
	if len(modules) > 1 {
		return batchTime
	}
	return moduleTime
}

// ask has an agent run modules, and ends it where that takes longer.
func (e evaluator) ask(ctx context.Context, within time.Duration, a experiment.Agent, modules []agent.Module) ([]outcome, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, within, errEndless)
	defer cancel()
	q, err := protocol.NewTask(agent.EvaluateTask, e.subject, agent.Evaluate{Modules: modules})
	if err != nil {
		return nil, err
	}
	reply, err := a.Ask(ctx, q)
	if err != nil {
		return nil, err
	}
	var found agent.Evaluated
	if err := reply.Decode(&found); err != nil {
		return nil, err
	}
	if err := complete(found.Modules, modules); err != nil {
		return nil, err
	}
	all := make([]outcome, len(found.Modules))
	for i, o := range found.Modules {
		all[i].ModuleOutcome = o
	}
	return all, nil
}

// complete refuses a reply that does not have an outcome for everything.
func complete(found []agent.ModuleOutcome, modules []agent.Module) error {
	if len(found) != len(modules) {
		return fmt.Errorf("the agent gives %d outcomes of %d modules", len(found), len(modules))
	}
	for i, o := range found {
		if o.Refused == nil && len(o.Requests) != len(modules[i].Requests) {
			return fmt.Errorf("the agent gives %d outcomes of %d requests to the module %s", len(o.Requests), len(modules[i].Requests), modules[i].Name)
		}
	}
	return nil
}
