package trial

import (
	"context"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/host"
	"edgebench/runners"
)

// Node is this machine, as experiments read it.
type Node struct{}

// settling: a process releases pages within milliseconds, an engine's daemon
// takes longer. A tolerance below the growth of a single small instance would
// wait for noise.
var settling = host.Settling{Every: 25 * time.Millisecond, Within: time.Second, Tolerance: 128 << 10}

// DropPageCache drops the clean pages of all files.
func (Node) DropPageCache() error { return host.DropPageCache() }

// Memory reads the node's memory.
func (Node) Memory() (experiment.NodeMemory, error) {
	m, err := host.NodeMemory()
	return experiment.NodeMemory(m), err
}

// CPU adds up the processor time of processes.
func (Node) CPU(pids []int) (time.Duration, error) { return host.CPUTime(pids) }

// Charge reads what counts against a limit of memory.
func (Node) Charge(group string, o runners.MemoryOwners) (c experiment.Charge, err error) {
	if c.Group, err = host.GroupCharge(group); err != nil {
		return c, err
	}
	beside, err := host.Memory(host.OutsideGroup(group, o.PIDs))
	if err != nil {
		return c, err
	}
	daemons, err := host.Memory(host.OutsideGroup(group, o.Daemons))
	c.Beside, c.Daemons = beside.PSS, daemons.PSS
	return c, err
}

// Read waits until the processes' memory has settled. It does not wait for
// MemAvailable, which the rest of the node also changes.
func (Node) Read(ctx context.Context, agent int, p runners.MemoryOwners) (experiment.Reading, error) {
	var r experiment.Reading
	processes := append([]int{agent}, p.PIDs...)
	_, err := host.Settle(ctx, settling, func() ([]uint64, error) {
		usage, err := host.Memory(processes)
		if err != nil {
			return nil, err
		}
		daemons, err := host.Memory(p.Daemons)
		if err != nil {
			return nil, err
		}
		r.Gone = len(usage.Gone)
		r.PSS, r.PageTables, r.Daemons = usage.PSS, usage.PageTables, daemons.PSS
		return []uint64{usage.PSS + daemons.PSS}, nil
	})
	if err != nil {
		return r, err
	}
	if r.HasCgroups = len(p.Cgroups) > 0; r.HasCgroups {
		if r.Cgroups, err = host.Cgroup(p.Cgroups); err != nil {
			return r, err
		}
	}
	node, err := host.NodeMemory()
	r.Available, r.Kernel = node.Available, node.Kernel
	return r, err
}
