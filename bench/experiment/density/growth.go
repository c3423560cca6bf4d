package density

import (
	"context"
	"errors"
	"fmt"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/instances"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/client"
)

// growth is the way of one trial from no instances to its end.
type growth struct {
	trial  *experiment.Trial
	effort Effort
	until  time.Duration
	floor  uint64
	// limit is that of the trial's processes' memory, in bytes; 0 for none.
	limit uint64
	// group is the control group that has the limit, charge what counted against it
	// with one process and no instances.
	group  string
	charge experiment.Charge

	members []*member
	// before is the node's memory before the first process, first with that and no
	// instances, now after the last step.
	before, first, now experiment.NodeMemory
	steps              []step

	stop *results.Stop
	// perProcess and processStop tell where the first process reached a limit of
	// its own; 0 and nil where it did not.
	perProcess  int
	processStop *results.Stop
}

// newGrowth starts the first process and takes the reading without instances.
func newGrowth(ctx context.Context, t *experiment.Trial, e Effort) (*growth, error) {
	g := &growth{trial: t, effort: e, limit: uint64(t.Cell.Params.Int(MemoryLimitParam)) << 20}
	var err error
	if g.before, err = t.Node.Memory(); err != nil {
		return nil, err
	}
	g.floor, _ = e.Floor(g.before)
	if g.limit > 0 {
		if g.group, err = t.Confine(g.limit); err != nil {
			return nil, err
		}
		t.Subject.Options.Group = g.group
	}
	if err := g.join(ctx); err != nil {
		return nil, err
	}
	if g.first, err = t.Node.Memory(); err != nil {
		return nil, err
	}
	g.now, g.steps = g.first, []step{{stall: stalled(g.first, g.first)}}
	g.until = runners.Now() + time.Duration(e.Duration)
	return g, nil
}

func (g *growth) stopped() bool { return g.stop != nil }

// step grows to n instances and records what was found. A step that adds nothing to
// the one before is left out, unless a probe failed.
func (g *growth) step(ctx context.Context, n int) error {
	s := step{}
	grown, err := g.grow(ctx, n, &s)
	for err == nil && g.goesOn(ctx, grown, &s) {
		grown, err = g.grow(ctx, n, &s)
	}
	if errors.Is(err, client.ErrDied) || errors.Is(err, client.ErrDeadline) && ctx.Err() == nil {
		return g.died(err)
	}
	if err != nil {
		return err
	}
	now, err := g.trial.Node.Memory()
	if err != nil {
		return fmt.Errorf("read the memory at %d instances: %w", s.live, err)
	}
	if over, err := g.exceeds(grown); err != nil || over {
		return err
	}
	s.drop, s.stall = float64(g.first.Available)-float64(now.Available), stalled(g.now, now)
	if g.stop == nil {
		if g.stop, err = g.ending(n, grown, &s, now); err != nil {
			return err
		}
	}
	if g.stop != nil && g.stop.Reason == results.StopFailure && now.Killed > g.now.Killed {
		g.stop = g.outOfMemory(g.stop.Detail)
	}
	g.now = now
	if s.live > g.steps[len(g.steps)-1].live || s.probes.failed != "" {
		g.steps = append(g.steps, s)
	}
	return nil
}

// exceeds says that more memory counts against the limit than there is, where instances
// have owners outside of the control group: the kernel does not see these. The step
// does not count then.
func (g *growth) exceeds(grown agent.Grown) (bool, error) {
	if g.limit == 0 || grown.Owners == nil {
		return false, nil
	}
	c, err := g.trial.Node.Charge(g.group, *grown.Owners)
	if err != nil {
		return false, err
	}
	sum := c.Group + c.Beside + c.Daemons - min(c.Daemons, g.charge.Daemons)
	if sum <= g.limit {
		return false, nil
	}
	g.stop = g.outOfMemory(fmt.Sprintf("at %d instances, %d bytes of them outside of the control group", grown.Live, sum-c.Group))
	g.stop.Used = float64(sum)
	return true, nil
}

// maxMembers bounds the number of processes of a trial.
const maxMembers = 256

// goesOn decides what a failed start or a limit means. Where the last process is at a limit of
// its own, a further one is started and the step goes on; all else is the stop.
func (g *growth) goesOn(ctx context.Context, grown agent.Grown, s *step) bool {
	if s.probes.failed != "" || grown.Stopped == "" && grown.AtLimit == nil {
		return false
	}
	last := g.members[len(g.members)-1]
	stop, own := instances.Failed(last.before, g.effort.Starts, grown)
	if grown.Stopped == "" {
		stop, own = instances.At(*grown.AtLimit), true
	}
	if !own || last.outside || last.live == 0 || len(g.members) == maxMembers {
		g.stop = stop
		return false
	}
	if g.processStop == nil {
		g.perProcess, g.processStop = last.live, stop
	}
	if err := g.join(ctx); err != nil {
		g.stop = &results.Stop{Reason: results.StopFailure, Detail: instances.OneLine("start a further process: " + err.Error())}
		return false
	}
	return true
}

// mostStalled is the share of the time in which instances are added, or of a second
// where that is longer, for which tasks may wait for memory. A node or a group that
// waits longer reclaims pages that are in use.
const mostStalled = 0.5

// ending says what else ends the growth at a step, nil if nothing does.
func (g *growth) ending(n int, grown agent.Grown, s *step, now experiment.NodeMemory) (*results.Stop, error) {
	p99, bound := s.probes.quantile(99), time.Duration(g.effort.LatencyBound)
	last := g.effort.Steps[len(g.effort.Steps)-1]
	switch {
	case s.probes.failed != "":
		return &results.Stop{Reason: results.StopFailure, Detail: instances.OneLine(s.probes.failed)}, nil
	case grown.AtFloor:
		return g.effort.AtFloor(g.before, now), nil
	case s.live < n:
		return &results.Stop{Reason: results.StopBudget, Resource: results.ResourceTime, Limit: time.Duration(g.effort.Duration).Seconds()}, nil
	case bound > 0 && p99 > bound:
		return &results.Stop{Reason: results.StopLimit, Resource: results.ResourceLatency, Setting: "latency_bound", Limit: bound.Seconds(), Used: p99.Seconds()}, nil
	}
	if s.stall > time.Duration(mostStalled*float64(max(s.elapsed, time.Second))) {
		if short, err := g.short(now); err != nil || short {
			return g.outOfMemory(fmt.Sprintf("tasks waited for memory for %v while instances were added for %v", s.stall, s.elapsed)), err
		}
	}
	if n == last {
		return &results.Stop{Reason: results.StopBudget, Resource: results.ResourceInstances, Limit: float64(n)}, nil
	}
	return nil, nil
}

// nearly is the part of a limit of memory from which on it is short.
const nearly = 0.8

// short says whether there is so little memory that waiting for it can be the trial's
// own doing: less than twice the reserve, or most of the limit used. Tasks of others
// may wait for memory of their own.
func (g *growth) short(now experiment.NodeMemory) (bool, error) {
	if g.limit == 0 {
		return now.Available < 2*g.effort.ReserveOf(g.before), nil
	}
	c, err := g.trial.Node.Charge(g.group, runners.MemoryOwners{})
	return float64(c.Group) > nearly*float64(g.limit), err
}

// outOfMemory is the stop of a trial for whose processes the memory, of the node or
// of their control group, does not suffice.
func (g *growth) outOfMemory(detail string) *results.Stop {
	stop := &results.Stop{Reason: results.StopLimit, Resource: results.ResourceMemory, Limit: float64(g.limit), Detail: detail}
	if g.limit > 0 {
		stop.Setting = MemoryLimitParam
	}
	return stop
}

// died is the end of a trial one of whose processes ended with its instances, or was
// stuck and had to be ended. The steps before stand. The only evidence is the kernel's
// count of killed processes.
func (g *growth) died(err error) error {
	if len(g.steps) < 2 {
		return err
	}
	detail := instances.OneLine(err.Error())
	now, readErr := g.trial.Node.Memory()
	if readErr != nil {
		return readErr
	}
	g.stop = &results.Stop{Reason: results.StopFailure, Detail: detail}
	if now.Killed > g.now.Killed {
		g.stop = g.outOfMemory(detail)
	}
	return nil
}

// usable is the memory that instances may take, in bytes.
func (g *growth) usable() float64 {
	if g.limit > 0 {
		return float64(g.limit)
	}
	return max(0, float64(g.first.Available)-float64(g.effort.ReserveOf(g.before)))
}

func (g *growth) result() (r experiment.Result, err error) {
	if len(g.steps) < 2 {
		return r, fmt.Errorf("no instance started: %s", g.stop.Detail)
	}
	r.Metrics = append(metrics(g.steps), usableMemory.Of(g.usable()))
	if g.processStop != nil {
		r.Metrics = append(r.Metrics, perProcess.Of(float64(g.perProcess)))
	}
	if g.limit > 0 {
		r.Metrics = append(r.Metrics, perGiB.Of(float64(reached(g.steps))*(1<<30)/float64(g.limit)))
	}
	r.Stop, r.ProcessStop = g.stop, g.processStop
	return r, nil
}
