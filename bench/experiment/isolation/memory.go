package isolation

import (
	"context"
	"fmt"
	"time"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
)

// held is the memory of so many live instances, in bytes.
type held struct {
	live, available, pss float64
}

// memory lets live instances of the guest grow in steps under the policy, in an agent of
// their own, and gives what each further one costs: the slope from the first to the last
// step, so that fixed costs do not count. The steps so far must do where one is not
// reached.
func (t *trial) memory(ctx context.Context) ([]results.Metric, error) {
	if len(t.effort.Steps) == 0 {
		return nil, nil
	}
	before, err := t.Node.Memory()
	if err != nil {
		return nil, err
	}
	if err := t.begin(); err != nil {
		return nil, err
	}
	floor, _ := t.effort.Floor(before)
	q := agent.Grow{Dir: t.world.dir, Starts: t.effort.Starts, Floor: floor}
	until := runners.Now() + time.Duration(t.effort.Duration)
	var first, last held
	for i, n := range t.effort.Steps {
		q.To, q.Within = n, max(0, until-runners.Now())
		grown, now, err := t.grow(ctx, q)
		if err != nil {
			return nil, err
		}
		if last = now; i == 0 {
			first = now
		}
		if further := last.live - first.live; grown.Live < n && further <= 0 {
			return nil, fmt.Errorf("only %d of %d instances live: %s", grown.Live, n, stopOf(grown))
		} else if grown.Live < n {
			break
		}
	}
	further := last.live - first.live
	return []results.Metric{
		confinedMemory.Of((first.available - last.available) / further),
		confinedPSS.Of((last.pss - first.pss) / further),
	}, nil
}

// grow takes one step.
func (t *trial) grow(ctx context.Context, p agent.Grow) (grown agent.Grown, now held, err error) {
	q, err := protocol.NewTask(agent.GrowTask, t.subject, p)
	if err != nil {
		return grown, now, err
	}
	reply, err := t.agent.Ask(ctx, q)
	if err != nil {
		return grown, now, err
	}
	if err := reply.Decode(&grown); err != nil {
		return grown, now, err
	}
	var owners runners.MemoryOwners
	if grown.Owners != nil {
		owners = *grown.Owners
	}
	r, err := t.Node.Read(ctx, t.agent.PID(), owners)
	if err != nil {
		return grown, now, fmt.Errorf("read the memory at %d instances: %w", grown.Live, err)
	}
	return grown, held{live: float64(grown.Live), available: float64(r.Available), pss: float64(r.PSS + r.Daemons)}, nil
}

// stopOf says why there are no more instances.
func stopOf(grown agent.Grown) string {
	switch {
	case grown.Stopped != "":
		return grown.Stopped
	case grown.AtFloor:
		return "the reserve of memory is reached"
	case grown.AtLimit != nil:
		return "a limit of the process is reached"
	}
	return "the duration is over"
}

// checkSteps rejects implausible steps; none reads no memory.
func (e *Effort) checkSteps(deadline time.Duration) error {
	switch n := len(e.Steps); {
	case n == 0:
		return nil
	case n < 2:
		return fmt.Errorf("steps has one number of instances, want at least two: what a further instance costs lies between them")
	}
	return e.Effort.Check(deadline)
}
