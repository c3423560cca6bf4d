//go:build linux

package oci

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"edgebench/runners"
	"edgebench/runners/cgroup"
)

// command is what is particular to an OCI runtime's command.
type command struct {
	flags []string
	// helper is the kernel's name for the processes that it leaves to us.
	helper string
	// states are the files or folders that it keeps of a container in the folder of its
	// state.
	states func(container string) []string
}

func sameName(container string) []string { return []string{container} }

// commands are the OCI runtimes by mode. gVisor's helpers are what it starts through
// /proc/self/exe: the sandbox, which is the container's process 1, and the process that
// opens files for it.
var commands = map[string]command{
	modeRunc: {helper: modeRunc, states: sameName},
	modeCrun: {helper: modeCrun, states: sameName},
	modeRunsc: {helper: "exe", flags: []string{"--network=none"}, states: func(c string) []string {
		name := c + "_sandbox:" + c
		return []string{name + ".state", name + ".lock"}
	}},
}

// tool makes containers by an OCI runtime's command.
type tool struct {
	*host
	name, path string
	// dir holds the folder in which the command keeps its containers, and a
	// bundle for each.
	dir     string
	orphans orphans
}

func newTool(h *host, name, path, scratch string) (*tool, error) {
	dir, err := os.MkdirTemp(scratch, name+"-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for %s: %w", name, err)
	}
	// The command leaves the container to whoever takes orphans: us, so that
	// we learn how it ends.
	if err := takeOrphans(+1); err != nil {
		return nil, join(err, os.RemoveAll(dir))
	}
	return &tool{host: h, name: name, path: path, dir: dir, orphans: orphans{comm: commands[name].helper, awaited: map[int]bool{}}}, nil
}

// close removes the folder.
func (l *tool) close() error {
	l.orphans.reapAll()
	err := join(takeOrphans(-1), os.RemoveAll(l.dir))
	if err != nil {
		return fmt.Errorf("close %s: %w", l.name, err)
	}
	return nil
}

// hybridRefused is why crun is unavailable to others than root.
const hybridRefused = "crun refuses hybrid control groups, which root alone can hide from it: become root"

// hideUnified lets crun run in hybrid mode, of which it wants nothing to know:
// where it runs, there is version 1 alone.
func hideUnified(tree *cgroup.Tree) error {
	if !tree.Hybrid() {
		return nil
	}
	if !privileged() {
		return fmt.Errorf("%w: %s", runners.ErrUnavailable, hybridRefused)
	}
	if err := ownMounts(); err != nil {
		return err
	}
	if err := tree.HideUnified(); err != nil {
		return fmt.Errorf("hide version 2 of the control groups: %w", err)
	}
	return nil
}

// launch starts a container. It waits until a workload that serves frames has
// answered a ping, but not until the command has returned: by then it has
// answered for a while, and no client would wait for that.
func (l *tool) launch(ctx context.Context, p *program, t *runners.Trace) (*container, error) {
	c, err := l.prepare(p)
	if err != nil {
		return nil, err
	}
	command := &process{}
	err = l.thread.do(func() error { return l.spawn(command, c) })
	c.closeTheirs()
	if err != nil {
		return nil, join(err, c.end(), l.forget(c))
	}
	launched := make(chan struct{})
	c.launched = launched
	go func() {
		defer close(launched)
		c.failure = l.await(command, c)
	}()
	if p.iface != runners.Frames {
		return c, nil
	}
	kill := func() {
		command.signal(unix.SIGKILL)
		c.group.Kill()
	}
	err = interruptible(ctx, kill, func() error {
		_, err := c.conn.Ping()
		return err
	})
	if err == nil {
		t.Mark(runners.PhaseConnect)
		return c, nil
	}
	kill()
	<-launched
	switch {
	case ctx.Err() != nil:
	case c.failure != nil:
		err = fmt.Errorf("%w: %s", c.failure, c.said.line())
	default:
		err = fmt.Errorf("%w (%s)", err, c.epitaph())
	}
	return nil, join(fmt.Errorf("start a container: %w", err), c.end(), l.forget(c))
}

// prepare makes a container's bundle and pipes.
func (l *tool) prepare(p *program) (*container, error) {
	c := &container{name: nextName(l.scope), group: &cgroup.Group{}}
	if l.grouped() {
		c.group = l.tree.Named(c.name)
	}
	if err := l.writeBundle(l.bundle(c), p, c.name); err != nil {
		return nil, join(err, l.forget(c))
	}
	var err error
	if c.stdio, err = l.newStdio(); err != nil {
		return nil, join(err, l.forget(c))
	}
	return c, nil
}

func (l *tool) state() string { return filepath.Join(l.dir, "state") }

func (l *tool) bundle(c *container) string { return filepath.Join(l.dir, c.name) }

func (l *tool) pidFile(c *container) string { return filepath.Join(l.bundle(c), "pid") }

// spawn starts the command. `run --detach` is create and start in one process,
// and leaves none of its own behind.
func (l *tool) spawn(command *process, c *container) (err error) {
	args := append([]string{l.path, "--root", l.state()}, commands[l.name].flags...)
	args = append(args, "run", "--detach", "--bundle", l.bundle(c), "--pid-file", l.pidFile(c), c.name)
	attr := syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{uintptr(c.theirs[0]), uintptr(c.theirs[1]), uintptr(c.theirs[2])},
		Sys:   &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL},
	}
	command.pid, err = l.orphans.except(func() (int, error) { return syscall.ForkExec(l.path, args, &attr) })
	if err != nil {
		return fmt.Errorf("start %s: %w", l.path, err)
	}
	return nil
}

// await waits until the command has returned and takes over its container.
func (l *tool) await(command *process, c *container) error {
	defer l.orphans.done(command.pid)
	status, err := command.reap()
	if err != nil {
		return err
	}
	if status != 0 {
		return fmt.Errorf("%s run: %s", l.name, describe(status))
	}
	b, err := os.ReadFile(l.pidFile(c))
	if err != nil {
		return fmt.Errorf("find the container of %s: %w", l.name, err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || pid <= 1 {
		return fmt.Errorf("find the container of %s: its process is %.20q", l.name, b)
	}
	l.orphans.await(pid)
	c.first = pid
	return c.adopt(pid)
}

// helpers are the processes that live beside the containers.
func (l *tool) helpers() []int {
	l.orphans.reap()
	l.orphans.mu.Lock()
	defer l.orphans.mu.Unlock()
	return l.orphans.find()
}

// forget removes the folders that the command and we have of a container, which
// has ended and whose groups are removed: all that the command's own `delete
// --force` would do, without starting it once more.
func (l *tool) forget(c *container) error {
	l.orphans.done(c.first)
	l.orphans.reap()
	err := os.RemoveAll(l.bundle(c))
	for _, name := range commands[l.name].states(c.name) {
		err = join(err, os.RemoveAll(filepath.Join(l.state(), name)))
	}
	if err != nil {
		return fmt.Errorf("forget the container %s: %w", c.name, err)
	}
	return nil
}
