//go:build linux

package oci

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"syscall"

	"golang.org/x/sys/unix"

	"edgebench/runners"
	"edgebench/runners/frame"
	"edgebench/runners/oci/enter"
	"edgebench/runners/oci/seccomp"
)

// namespaces are those that a container is born in. The one of control groups
// is made inside (package enter).
const namespaces = unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWNET

// embedded makes containers by itself: this program starts itself again in new
// namespaces, and package enter does the rest.
type embedded struct {
	*host
	// plan is what is told to all containers alike.
	plan enter.Plan
}

func newEmbedded(h *host) (*embedded, error) {
	filter, err := seccomp.Program()
	if err != nil {
		return nil, err
	}
	e := &embedded{host: h, plan: enter.Plan{ID: h.user(), Filter: filter}}
	for _, l := range h.rlimits() {
		e.plan.Limits = append(e.plan.Limits, enter.Limit{Resource: l.resource, Value: l.value})
	}
	return e, nil
}

// launch starts a container and returns when it is about to execute its
// workload. What is written to its stdin from then on is the workload's.
func (e *embedded) launch(ctx context.Context, p *program, t *runners.Trace) (*container, error) {
	c, err := e.prepare()
	if err != nil {
		return nil, err
	}
	plan := e.plan
	plan.Root, plan.Args, plan.Env, plan.Dir, plan.Name = p.Root, p.Args, e.environ(p), p.Dir, c.name
	for _, f := range e.folders(p) {
		plan.Folders = append(plan.Folders, enter.Mounted{Host: f.Host, Guest: f.Guest, Writable: f.Writable})
	}
	if err := e.finish(ctx, c, plan, t); err != nil {
		return nil, err
	}
	return c, nil
}

// rehearse starts a container without a workload and ends it.
func (e *embedded) rehearse(ctx context.Context, root string) error {
	c, err := e.prepare()
	if err != nil {
		return err
	}
	plan := e.plan
	plan.Root, plan.Name, plan.Rehearsal = root, c.name, true
	if err := e.finish(ctx, c, plan, nil); err != nil {
		return err
	}
	return c.end()
}

// prepare makes a container's groups and pipes.
func (e *embedded) prepare() (*container, error) {
	c := &container{}
	for c.group == nil {
		c.name = nextName(e.scope)
		group, err := e.tree.Make(c.name, e.limits())
		if err != nil && !errors.Is(err, fs.ErrExist) { // else left by a process that had our scope
			return nil, err
		}
		c.group = group
	}
	var err error
	if c.stdio, err = e.newStdio(); err != nil {
		return nil, join(err, c.group.Remove())
	}
	return c, nil
}

// finish starts the process of a prepared container and hears its report. On an
// error nothing is left of the container.
func (e *embedded) finish(ctx context.Context, c *container, plan enter.Plan, t *runners.Trace) error {
	_, err := c.stdin.Write(plan.Encode())
	if err == nil {
		err = e.thread.do(func() error { return c.group.Around(func(unified int) error { return e.spawn(c, unified) }) })
	}
	c.closeTheirs()
	if err == nil {
		err = interruptible(ctx, c.kill, func() error { return c.hear(t) })
	}
	if err != nil {
		return join(fmt.Errorf("start a container: %w", err), c.end())
	}
	return nil
}

// spawn starts this program again in new namespaces.
func (e *embedded) spawn(c *container, unified int) (err error) {
	attr := syscall.ProcAttr{
		Env:   enter.Environ(),
		Files: []uintptr{uintptr(c.theirs[0]), uintptr(c.theirs[1]), uintptr(c.theirs[2])},
		Sys:   &syscall.SysProcAttr{Cloneflags: namespaces, Setsid: true, UseCgroupFD: unified >= 0, CgroupFD: max(unified, 0)},
	}
	e.users.separated(attr.Sys)
	c.pid, err = syscall.ForkExec("/proc/self/exe", []string{"edgebench-oci-enter"}, &attr)
	if err != nil {
		return fmt.Errorf("start this program again in new namespaces: %w", err)
	}
	return nil
}

// hear reads the report that comes before all that the workload writes.
func (c *container) hear(t *runners.Trace) error {
	var b [enter.ReportSize]byte
	if _, err := io.ReadFull(c.stdout, b[:]); err != nil {
		return fmt.Errorf("no report from inside (%s): %w", c.epitaph(), err)
	}
	r, n, ok := enter.DecodeReport(b)
	if !ok {
		return errors.New("the report from inside cannot be read")
	}
	if n > 0 {
		why := make([]byte, n)
		if _, err := io.ReadFull(c.stdout, why); err != nil {
			return fmt.Errorf("read the report from inside: %w", err)
		}
		return fmt.Errorf("inside: %s", why)
	}
	if at, ok := frame.OnOurClock(uint64(r.At)); ok {
		t.MarkAt(runners.PhaseCreate, at)
	}
	return nil
}

// forget has nothing on disk to remove.
func (*embedded) forget(*container) error { return nil }

func (*embedded) close() error { return nil }
