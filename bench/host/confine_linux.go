package host

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"

	"edgebench/runners/cgroup"
)

// Confinement is a control group that limits the memory of all processes within it.
type Confinement struct {
	tree  *cgroup.Tree
	group *cgroup.Group
	name  string
}

// Confine makes a control group that limits memory, in bytes. A name that is taken is
// an error that is fs.ErrExist. In version 2 a group with processes can't have groups
// within it that control memory, so that it serves in version 1 alone; without it the
// error wraps errors.ErrUnsupported.
func Confine(name string, memory uint64) (*Confinement, error) {
	tree, err := cgroup.Discover()
	if err != nil {
		return nil, err
	}
	if !tree.Divides(cgroup.Memory) {
		tree.Close()
		return nil, fmt.Errorf("a control group of version 1 with the memory controller, which needs root: %w", errors.ErrUnsupported)
	}
	group, err := tree.Make(name, cgroup.Limits{Memory: memory})
	if err != nil {
		tree.Close()
		return nil, err
	}
	return &Confinement{tree: tree, group: group, name: name}, nil
}

// Path is the group's, from the root of each hierarchy.
func (c *Confinement) Path() string { return c.tree.Path(c.name) }

// Start calls a function on a thread that is within the group meanwhile, so that
// processes that it starts are.
func (c *Confinement) Start(start func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		// The thread lives on: children that die with it are started on it.
		defer runtime.UnlockOSThread()
		done <- c.group.Around(func(int) error { return start() })
	}()
	return <-done
}

// Remove kills what is within the group, and removes it with the groups within it and
// with those of its name that an engine may have made in other hierarchies.
func (c *Confinement) Remove() error { return cmp.Or(RemoveGroup(c.name), c.tree.Close()) }

// RemoveGroup kills what is within the control groups of a name, and removes them with
// the groups within them.
func RemoveGroup(name string) error {
	tree, err := cgroup.Discover()
	if err != nil {
		return err
	}
	return cmp.Or(tree.Sweep(func(other string) bool { return other == name }), tree.Close())
}
