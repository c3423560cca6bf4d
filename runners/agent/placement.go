package agent

import (
	"context"
	"fmt"
	"os"
	"slices"

	"edgebench/results"
	"edgebench/runners"
)

// Placement is where the two sides of an exchange run: the agent, and the processes
// that its instances are.
type Placement string

// The placements.
const (
	// Anywhere leaves it to the scheduler.
	Anywhere Placement = ""
	// SameCore holds both sides on one core. Instances without processes of their
	// own are inside the agent.
	SameCore Placement = results.PlacementSameCore
	// OtherCore holds the agent on one core and the instances on another.
	OtherCore Placement = results.PlacementOtherCore
)

// cores are what a placement needs of the machine. Tests replace it.
type cores struct {
	// list gives the logical processors that this process may use. Each is followed by
	// one of another physical core, as far as there is one.
	list func() ([]int, error)
	// pin holds all threads of a process, and those that they will start, on one
	// logical processor.
	pin func(pid, core int) error
}

// pair picks the logical processors of the agent and of the instances.
func (p Placement) pair(c cores) (agent, instances int, err error) {
	if p != SameCore && p != OtherCore {
		return 0, 0, fmt.Errorf("placement %q is unknown", p)
	}
	list, err := c.list()
	if err != nil {
		return 0, 0, fmt.Errorf("find the cores of this process: %w", err)
	}
	if p == SameCore && len(list) > 0 {
		return list[0], list[0], nil
	}
	if len(list) < 2 {
		return 0, 0, fmt.Errorf("this process may use %d cores, and the placement %s needs 2: %w", len(list), p, runners.ErrUnavailable)
	}
	return list[0], list[1], nil
}

// hold places the agent and the live instances of a runtime. It is called when
// these live, and before anything is timed.
func (p Placement) hold(ctx context.Context, c cores, rt runners.Runtime) error {
	if p == Anywhere {
		return nil
	}
	own, theirs, err := p.pair(c)
	if err != nil {
		return err
	}
	owner, ok := rt.(runners.MemoryOwner)
	if !ok && p == OtherCore {
		return fmt.Errorf("instances inside the agent have no core of their own: %w", runners.ErrUnavailable)
	}
	if err := c.pin(os.Getpid(), own); err != nil {
		return fmt.Errorf("hold the agent on core %d: %w", own, err)
	}
	if !ok {
		return nil
	}
	processes, err := owner.MemoryOwners(ctx)
	if err != nil {
		return fmt.Errorf("find the processes of the instances: %w", err)
	}
	for _, pid := range slices.Compact(slices.Sorted(slices.Values(processes.PIDs))) {
		if err := c.pin(pid, theirs); err != nil {
			return fmt.Errorf("hold process %d on core %d: %w", pid, theirs, err)
		}
	}
	return nil
}
