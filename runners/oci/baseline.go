//go:build linux

package oci

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/cgroup"
	"edgebench/runners/internal/rawframe"
	"edgebench/runners/oci/enter"
	"edgebench/runners/oci/seccomp"
)

// Baseline runs the rung cold with os/exec and pipes: a runtime's command `run`
// with a bundle, or this program again in new namespaces, where package enter does
// the rest. The control group of an embedded container comes from package cgroup.
// It shares no timed code with the adapter's side outside the container. There is none
// for runsc.
func (r runner) Baseline(ctx context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	a := l.Prepared.Artefact
	if l.Rung != results.Cold || a.Interface != runners.Frames || !a.Use.Zero() || l.Options.Mode == modeRunsc {
		return out, fmt.Errorf("no baseline loop for %s on the rung %s: %w", l.Options.Mode, l.Rung, runners.ErrUnavailable)
	}
	setUp := noSetUp
	if l.Options.Mode == modeCrun {
		setUp = hideUnified
	}
	h, err := newHost(l.Options, setUp)
	if err != nil {
		return out, err
	}
	defer h.close()
	b := &baseline{host: h, root: filepath.Dir(l.Prepared.Path)}
	start := b.embedded
	if l.Options.Mode != modeEmbedded {
		if start, err = b.tool(l.Options); err != nil {
			return out, err
		}
		defer os.RemoveAll(b.dir)
		if err := takeOrphans(+1); err != nil {
			return out, err
		}
		helpers := orphans{comm: l.Options.Mode, awaited: map[int]bool{}}
		defer func() {
			helpers.reapAll()
			err = errors.Join(err, takeOrphans(-1))
		}()
	}
	out.Times, err = l.Repeat(ctx, func() (took time.Duration, err error) {
		runtime.GC() // as before each cold start
		name := nextName(h.scope)
		from := time.Now()
		c, err := start(name)
		if err != nil {
			return 0, err
		}
		out.Response, err = c.Call(out.Response[:0], l.Request)
		took = time.Since(from)
		return took, errors.Join(err, c.end())
	})
	return out, err
}

// baseline is what the containers of a loop share.
type baseline struct {
	*host
	// root is the root file system of all containers.
	root string
	// command is an OCI runtime's, dir the folder for its state and bundles.
	command, dir string
}

// baselineContainer is a container with a pipe each way.
type baselineContainer struct {
	rawframe.Frames
	// end kills it and removes what is left of it.
	end func() error
}

// pipes gives a command a pipe each way. It is started by the thread that makes
// containers.
func pipes(cmd *exec.Cmd) (in io.WriteCloser, out io.ReadCloser, err error) {
	if in, err = cmd.StdinPipe(); err != nil {
		return nil, nil, err
	}
	out, err = cmd.StdoutPipe()
	return in, out, err
}

// embedded starts this program again in new namespaces.
func (b *baseline) embedded(name string) (*baselineContainer, error) {
	filter, err := seccomp.Program()
	if err != nil {
		return nil, err
	}
	plan := enter.Plan{ID: b.user(), Filter: filter, Root: b.root, Args: []string{enter.Workload}, Name: name}
	for _, l := range b.rlimits() {
		plan.Limits = append(plan.Limits, enter.Limit{Resource: l.resource, Value: l.value})
	}
	group, err := b.tree.Make(name, cgroup.Limits{Memory: b.memory, Pids: mostTasks})
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = enter.Environ()
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: namespaces, Setsid: true}
	if b.rootless {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Geteuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getegid(), Size: 1}}
	}
	in, out, err := pipes(cmd)
	if err != nil {
		return nil, errors.Join(err, group.Remove())
	}
	err = b.thread.do(func() error {
		return group.Around(func(unified int) error {
			cmd.SysProcAttr.UseCgroupFD, cmd.SysProcAttr.CgroupFD = unified >= 0, max(unified, 0)
			return cmd.Start()
		})
	})
	if err != nil {
		return nil, errors.Join(err, group.Remove())
	}
	c := &baselineContainer{Frames: rawframe.Frames{In: in, Out: out}}
	c.end = func() error {
		err := errors.Join(in.Close(), cmd.Process.Kill())
		_ = cmd.Wait() // it was killed
		return errors.Join(err, group.Remove())
	}
	if _, err := in.Write(plan.Encode()); err != nil {
		return nil, errors.Join(err, c.end())
	}
	var report [enter.ReportSize]byte
	if _, err := io.ReadFull(out, report[:]); err != nil {
		return nil, errors.Join(err, c.end())
	}
	if _, failure, ok := enter.DecodeReport(report); !ok || failure > 0 {
		return nil, errors.Join(errors.New("the container could not be entered"), c.end())
	}
	return c, nil
}

// tool finds the command of an OCI runtime and gives what starts a container by it.
func (b *baseline) tool(o runners.Options) (start func(name string) (*baselineContainer, error), err error) {
	if b.command, err = find(o.Mode); err != nil {
		return nil, fmt.Errorf("%w: %w", runners.ErrUnavailable, err)
	}
	if b.dir, err = os.MkdirTemp(o.Scratch, "baseline-"); err != nil {
		return nil, err
	}
	return b.run, nil
}

// run starts a container of a bundle. The command leaves it to us.
func (b *baseline) run(name string) (*baselineContainer, error) {
	bundle, state := filepath.Join(b.dir, name), filepath.Join(b.dir, "state")
	if err := os.Mkdir(bundle, 0o711); err != nil {
		return nil, err
	}
	config, err := json.Marshal(b.spec(native(b.root, runners.Use{}), name))
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(bundle, "config.json"), config, 0o644); err != nil {
		return nil, err
	}
	pidFile := filepath.Join(bundle, "pid")
	cmd := exec.Command(b.command, "--root", state, "run", "--detach", "--bundle", bundle, "--pid-file", pidFile, name)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	in, out, err := pipes(cmd)
	if err != nil {
		return nil, err
	}
	if err := b.thread.do(cmd.Start); err != nil {
		return nil, err
	}
	c := &baselineContainer{Frames: rawframe.Frames{In: in, Out: out}}
	c.end = func() error {
		ended, err := cmd.Process.Wait()
		err = errors.Join(err, in.Close(), out.Close()) // the workload ends
		if err == nil && !ended.Success() {
			err = fmt.Errorf("%s: %s", b.command, ended)
		}
		if err == nil {
			err = awaitOrphan(pidFile)
		}
		remove := exec.Command(b.command, "--root", state, "delete", "--force", name)
		return errors.Join(err, b.thread.do(remove.Run), os.RemoveAll(bundle))
	}
	return c, nil
}

// awaitOrphan waits for the end of a process that was left to us. A helper of the
// command may still be its parent.
func awaitOrphan(pidFile string) error {
	b, err := os.ReadFile(pidFile)
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return err
	}
	for {
		_, err = unix.Wait4(pid, nil, 0, nil)
		if !errors.Is(err, unix.ECHILD) || errors.Is(unix.Kill(pid, 0), unix.ESRCH) {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if errors.Is(err, unix.ECHILD) { // the helper has seen its end
		return nil
	}
	return err
}
