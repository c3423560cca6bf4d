//go:build linux

package oci

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"edgebench/runners"
	"edgebench/runners/cgroup"
)

// container is one container, whoever made it.
type container struct {
	*stdio
	// process is its process 1, without which the kernel ends all others.
	process
	name  string
	group *cgroup.Group
	// launched is closed when process is known, or failure; nil where the one
	// always is.
	launched <-chan struct{}
	failure  error
	// first was process 1 when it was taken over, 0 before.
	first int
	// ending is held by whoever reaps process 1.
	ending sync.Mutex
	// held says that it has been brought to a halt.
	held bool
}

// prefix begins the names of all containers of a scope. The rest is a number,
// so that no scope's names match another's.
func prefix(scope string) string { return "edgebench-" + scope + "-" }

// named reports whether a container of the scope has this name.
func named(name, scope string) bool {
	number, ok := strings.CutPrefix(name, prefix(scope))
	if !ok {
		return false
	}
	_, err := strconv.ParseUint(number, 10, 64)
	return err == nil
}

// abandoned reports whether a container of this name was rehearsed by a process
// that has ended since.
func abandoned(name string) bool {
	rest, ok := strings.CutPrefix(name, prefix(rehearsal))
	number, _, whole := strings.Cut(rest, "-")
	pid, err := strconv.Atoi(number)
	return ok && whole && err == nil && pid > 0 && unix.Kill(pid, 0) == unix.ESRCH
}

// validScope reports whether a scope is as runners.Options has it: it becomes
// part of paths.
func validScope(scope string) bool {
	const most = 40
	other := func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}
	return scope != "" && len(scope) <= most && !strings.ContainsFunc(scope, other)
}

// serial numbers the containers of this process, of whichever runtime.
var serial atomic.Uint64

// perProcess is how many numbers each process has: an agent that was killed has left
// containers, and the next of its scope must not use their names.
const perProcess = 1_000_000

func nextName(scope string) string {
	return prefix(scope) + strconv.FormatUint(uint64(os.Getpid())*perProcess+serial.Add(1), 10)
}

// settle waits until the container's process is known.
func (c *container) settle() {
	if c.launched != nil {
		<-c.launched
	}
}

// end kills and reaps the container and removes its groups and pipes.
func (c *container) end() error {
	c.settle()
	c.ending.Lock()
	defer c.ending.Unlock()
	var errs []error
	if c.id() != 0 {
		c.kill()
		if c.held {
			errs = append(errs, c.resume()) // the frozen do not die before
		}
		_, err := c.reapKilled(killedWithin)
		errs = append(errs, err)
	}
	errs = append(errs, c.group.Remove())
	c.closeOurs()
	if err := join(errs...); err != nil {
		return fmt.Errorf("end the container %s: %w", c.name, err)
	}
	return nil
}

// hold brings the container to a halt: by its group, or where it has none that
// can, by a signal to process 1.
func (c *container) hold() error {
	c.settle()
	c.held = true
	if c.group.CanFreeze() {
		return c.group.Freeze()
	}
	return c.halt()
}

// resume lets it go on.
func (c *container) resume() error {
	c.held = false
	if c.group.CanFreeze() {
		return c.group.Thaw()
	}
	return c.signal(unix.SIGCONT)
}

// leaveWithin is how long a workload whose output has ended may take to exit,
// which tells its own exit from our kill.
const leaveWithin = 200 * time.Millisecond

// epitaph says how a container ended that should not have: its status, whether
// memory was the reason, and what it said. One that lives on is killed.
func (c *container) epitaph() string {
	c.settle()
	c.ending.Lock()
	defer c.ending.Unlock()
	if c.id() == 0 {
		return "it has ended"
	}
	how := "it ended its output, and was killed for that"
	left := c.ends(leaveWithin)
	c.kill()
	if status, err := c.reapKilled(killedWithin); err == nil && left {
		how = describe(status)
	}
	return c.reasons(how)
}

// leave waits for the end of a container that has nothing more to do, and is an
// ErrTrap that says how it came if not by the right exit code.
func (c *container) leave(right uint8) error {
	c.settle()
	c.ending.Lock()
	defer c.ending.Unlock()
	if c.failure != nil {
		return fmt.Errorf("start a container: %w: %s", c.failure, c.said.line())
	}
	status, err := c.reap()
	if err != nil {
		return err
	}
	how := describe(status)
	switch {
	case status.Exited() && status.ExitStatus() == int(right):
		return nil
	case right != 0:
		how += fmt.Sprintf(" where %d is right", right)
	}
	return fmt.Errorf("%w (%s)", runners.ErrTrap, c.reasons(how))
}

// reasons adds to how a container ended what is known of why.
func (c *container) reasons(how string) string {
	if c.group.OutOfMemory() {
		how += ", out of memory"
	}
	if s := c.said.line(); s != "" {
		how += ", it said: " + s
	}
	return how
}

// interruptible does f, which ends when kill has been called, and calls it when
// the context ends before.
func interruptible(ctx context.Context, kill func(), f func() error) error {
	stop := context.AfterFunc(ctx, kill)
	err := f()
	if !stop() && err != nil {
		return fmt.Errorf("%w: %w", context.Cause(ctx), err)
	}
	return err
}

// kill ends process 1, and the kernel with it all others in the container.
func (c *container) kill() { c.signal(unix.SIGKILL) }
