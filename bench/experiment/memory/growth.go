package memory

import (
	"context"
	"fmt"
	"slices"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/instances"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
)

// growth is the way of live instances through their steps.
type growth struct {
	effort Effort
	// unserved instances have not been asked anything, churned ones are closed.
	unserved, churned bool
	node              experiment.Node
	agent             experiment.Agent
	subject           protocol.Subject
	until             time.Duration

	live                              []float64
	pss, tables, cgroups, drop, times []float64
	kernel                            []float64
	owners                            runners.MemoryOwners
	idleCPU                           time.Duration
	hasCgroups                        bool
	// before is the node's memory when no agent ran, first the reading at no
	// instances.
	before experiment.NodeMemory
	first  experiment.Reading
	stop   *results.Stop
}

func newGrowth(t *experiment.Trial, e Effort, a experiment.Agent, before experiment.NodeMemory) *growth {
	return &growth{
		effort: e, node: t.Node, agent: a, subject: t.Subject, before: before,
		churned:  t.Cell.Params.Get(StateParam) == Churned,
		unserved: t.Cell.Params.Get(StateParam) == Instantiated,
		until:    runners.Now() + time.Duration(e.Duration),
	}
}

func (g *growth) stopped() bool { return g.stop != nil }

// step grows to n instances and reads. The first, to none, opens the workload. A
// step that adds nothing to the one before is left out.
func (g *growth) step(ctx context.Context, n int) error {
	grown, err := g.grow(ctx, n)
	if err != nil {
		return err
	}
	var owners runners.MemoryOwners
	if grown.Owners != nil {
		owners = *grown.Owners
	}
	g.owners = owners
	reading, err := g.node.Read(ctx, g.agent.PID(), owners)
	if err != nil {
		return fmt.Errorf("read the memory at %d instances: %w", grown.Live, err)
	}
	if n == 0 {
		g.first = reading
	}
	if n == 0 || float64(grown.Live) > g.live[len(g.live)-1] && reading.Gone == 0 {
		g.add(grown, reading)
	}
	g.stop = g.ending(n, grown, reading)
	return nil
}

func (g *growth) grow(ctx context.Context, n int) (grown agent.Grown, err error) {
	floor, _ := g.effort.Floor(g.before)
	q, err := protocol.NewTask(agent.GrowTask, g.subject, agent.Grow{
		To: n, Within: max(0, g.until-runners.Now()), Starts: g.effort.Starts, Floor: floor,
		Unserved: g.unserved, Churn: g.churned,
	})
	if err != nil {
		return grown, err
	}
	g.subject = protocol.Subject{} // the agent has it from here on
	reply, err := g.agent.Ask(ctx, q)
	if err != nil {
		return grown, err
	}
	return grown, reply.Decode(&grown)
}

func (g *growth) add(grown agent.Grown, now experiment.Reading) {
	daemons := max(0, float64(now.Daemons)-float64(g.first.Daemons))
	g.live = append(g.live, float64(grown.Live))
	g.pss = append(g.pss, float64(now.PSS)+daemons)
	g.tables = append(g.tables, float64(now.PageTables))
	g.cgroups = append(g.cgroups, float64(now.Cgroups))
	g.drop = append(g.drop, float64(g.first.Available)-float64(now.Available))
	g.kernel = append(g.kernel, float64(now.Kernel)-float64(g.first.Kernel))
	g.times = append(g.times, grown.Elapsed.Seconds())
	g.hasCgroups = g.hasCgroups || now.HasCgroups
}

// ending says what ends the growth at this step, nil when nothing does.
func (g *growth) ending(n int, grown agent.Grown, now experiment.Reading) *results.Stop {
	budget := g.effort.MemoryBudget << 20
	node := experiment.NodeMemory{Available: now.Available}
	switch {
	case now.Gone > 0:
		return &results.Stop{Reason: results.StopFailure, Detail: fmt.Sprintf("%d processes of %d live instances have ended", now.Gone, grown.Live)}
	case grown.Stopped != "":
		stop, _ := instances.Failed(nil, g.effort.Starts, grown)
		return stop
	case grown.AtLimit != nil:
		return instances.At(*grown.AtLimit)
	case grown.AtFloor:
		return g.effort.AtFloor(g.before, node)
	case grown.Live < n:
		return &results.Stop{Reason: results.StopBudget, Resource: results.ResourceTime, Limit: time.Duration(g.effort.Duration).Seconds()}
	case budget > 0 && now.Available+budget < g.first.Available:
		return &results.Stop{Reason: results.StopBudget, Resource: results.ResourceMemory, Limit: float64(budget)}
	case n == g.effort.Steps[len(g.effort.Steps)-1]:
		return &results.Stop{Reason: results.StopBudget, Resource: results.ResourceInstances, Limit: float64(n)}
	}
	return nil
}

// idle leaves the instances alone and takes the processor time that they use.
func (g *growth) idle(ctx context.Context) error {
	if g.effort.Idle == 0 {
		return nil
	}
	pids := append([]int{g.agent.PID()}, slices.Concat(g.owners.PIDs, g.owners.Daemons)...)
	before, err := g.node.CPU(pids)
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Duration(g.effort.Idle)):
	}
	after, err := g.node.CPU(pids)
	g.idleCPU = after - before
	return err
}

func (g *growth) result() (r experiment.Result, err error) {
	if len(g.live) < 2 {
		return r, fmt.Errorf("no instance started: %s", g.stop.Detail)
	}
	count := instances.LiveMetric
	if g.churned {
		count = closed
	}
	r.Metrics = []results.Metric{count.Of(g.live...), pss.Of(g.pss...), pageTables.Of(g.tables...)}
	if g.first.Kernel > 0 {
		r.Metrics = append(r.Metrics, kernelMemory.Of(g.kernel...))
	}
	if g.hasCgroups {
		r.Metrics = append(r.Metrics, cgroupCharge.Of(g.cgroups...))
	}
	r.Metrics = append(r.Metrics, instances.AvailableDropMetric.Of(g.drop...), instances.StepTimeMetric.Of(g.times...))
	if g.effort.Idle > 0 {
		r.Metrics = append(r.Metrics, idleCPU.OfDurations(max(0, g.idleCPU)), idleTime.OfDurations(time.Duration(g.effort.Idle)))
	}
	r.Stop = g.stop
	return r, nil
}
