package density

import (
	"context"
	"errors"
	"sync"
	"time"

	"edgebench/bench/experiment"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/limits"
	"edgebench/runners/protocol"
)

// member is one process of a trial with its live instances.
type member struct {
	agent   experiment.Agent
	subject protocol.Subject
	// outside says that the instances are other processes.
	outside bool
	live    int
	// before are the limits without instances.
	before []limits.Limit
}

// join starts a process that has no instances yet. A further one has a scratch
// folder of its own.
func (g *growth) join(ctx context.Context) error {
	m := &member{}
	var err error
	if m.agent, err = g.trial.Start(); err != nil {
		return err
	}
	if m.subject, err = g.trial.SubjectFor(len(g.members)); err != nil {
		return err
	}
	grown, err := m.grow(ctx, agent.Grow{Probe: &agent.Probe{}, Owners: g.limit > 0})
	if err != nil {
		return err
	}
	if g.limit > 0 && grown.Owners != nil {
		if g.charge, err = g.trial.Node.Charge(g.group, *grown.Owners); err != nil {
			return err
		}
	}
	m.before, m.outside = grown.Limits, grown.Outside
	g.members = append(g.members, m)
	return nil
}

func (m *member) grow(ctx context.Context, q agent.Grow) (grown agent.Grown, err error) {
	task, err := protocol.NewTask(agent.GrowTask, m.subject, q)
	if err != nil {
		return grown, err
	}
	m.subject = protocol.Subject{} // the agent has it from here on
	reply, err := m.agent.Ask(ctx, task)
	if err != nil {
		return grown, err
	}
	if err := reply.Decode(&grown); err != nil {
		return grown, err
	}
	if grown.Probed == nil {
		return grown, errors.New("the agent did not probe")
	}
	m.live = grown.Live
	return grown, nil
}

// live is the number of live instances of all processes.
func (g *growth) live() (n int) {
	for _, m := range g.members {
		n += m.live
	}
	return n
}

// stuckAfter is for how long after the end of the trial's time a process may be busy with
// its last starts and its probe. One that is silent for longer is stuck, as at a limit of
// memory at which nothing is killed.
const stuckAfter = time.Minute

// leastProbes is how many requests a step's probe sends at least.
const leastProbes = 100

// grow lets the last process grow until there are n instances in all, while all
// processes are probed, each by its share of the instances. It gives what the last
// process says and adds the findings to the step.
func (g *growth) grow(ctx context.Context, n int, s *step) (agent.Grown, error) {
	ctx, cancel := context.WithTimeout(ctx, max(0, g.until-runners.Now())+stuckAfter)
	defer cancel()
	last := len(g.members) - 1
	replies, errs := make([]agent.Grown, last+1), make([]error, last+1)
	others := g.live() - g.members[last].live
	var wg sync.WaitGroup
	for i, m := range g.members {
		q := agent.Grow{To: m.live, Floor: g.floor, Probe: &agent.Probe{Seed: uint64(n)}}
		if i == last {
			q.Owners = g.limit > 0
			q.To, q.Within, q.Starts = max(m.live, n-others), max(0, g.until-runners.Now()), g.effort.Starts
		}
		q.Probe.Requests = (leastProbes*q.To + n - 1) / n
		wg.Go(func() { replies[i], errs[i] = m.grow(ctx, q) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return agent.Grown{}, err
		}
	}
	for _, r := range replies {
		if err := s.probes.add(*r.Probed); err != nil {
			return agent.Grown{}, err
		}
	}
	s.live = g.live()
	s.elapsed += replies[last].Elapsed
	return replies[last], nil
}
