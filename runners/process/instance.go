package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"edgebench/runners"
	"edgebench/runners/frame"
	"edgebench/runners/spawn"
)

// loaded is a binary on disk: a process has no state between that and alive.
type loaded struct {
	system *system
	path   string
}

// Close has nothing to release.
func (*loaded) Close() error { return nil }

// Instantiate spawns the workload.
func (l *loaded) Instantiate(_ context.Context, t *runners.Trace) (runners.Instance, error) {
	in, err := l.spawn()
	if err != nil {
		return nil, err
	}
	t.Mark(runners.PhaseStart)
	return in, nil
}

func (l *loaded) spawn() (*instance, error) {
	cmd := exec.Command(l.path)
	cmd.Env = []string{}
	w, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("spawn: %w", err)
	}
	r, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("spawn: %w", err)
	}
	if err := spawn.Start(cmd); err != nil {
		// The file was there when it was loaded: what the system then does not
		// find is the interpreter that it asks for.
		if errors.Is(err, syscall.ENOEXEC) || errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%w: %w", runners.ErrMalformed, err)
		}
		return nil, fmt.Errorf("spawn: %w", err)
	}
	if err := limit(cmd.Process.Pid, l.system.memory); err != nil {
		cmd.Process.Kill()
		cmd.Wait()
		return nil, fmt.Errorf("limit the memory of the process: %w", err)
	}
	l.system.account(cmd.Process.Pid, true)
	return &instance{system: l.system, cmd: cmd, in: w, conn: frame.NewConn(r, w)}, nil
}

// instance is a live process.
type instance struct {
	system *system
	cmd    *exec.Cmd
	in     io.Closer
	conn   *frame.Conn
	dead   bool
	once   sync.Once
}

// Call sends a frame. A process that does not answer is one that trapped, and
// is asked how it ended.
func (in *instance) Call(_ context.Context, dst, request []byte) ([]byte, error) {
	if in.dead {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	dst, err := in.conn.Call(dst, request)
	if errors.Is(err, runners.ErrTrap) {
		in.end()
		err = fmt.Errorf("%w (%s)", err, in.cmd.ProcessState)
	}
	return dst, err
}

// Entered asks the workload when its main was entered.
func (in *instance) Entered(context.Context) (time.Duration, bool, error) {
	entry, err := in.conn.Ping()
	if err != nil {
		return 0, false, fmt.Errorf("ask for the entry: %w", err)
	}
	at, ok := frame.OnOurClock(entry)
	return at, ok, nil
}

// Close ends the process and waits for it.
func (in *instance) Close() error {
	in.end()
	return nil
}

func (in *instance) end() {
	in.once.Do(func() {
		in.dead = true
		in.in.Close()
		in.cmd.Process.Kill()
		in.cmd.Wait()
		in.system.account(in.cmd.Process.Pid, false)
	})
}

// Park spawns a process, waits until it lives and stops it.
func (l *loaded) Park(context.Context) (runners.Parked, error) {
	in, err := l.spawn()
	if err != nil {
		return nil, err
	}
	if _, err := in.conn.Ping(); err != nil {
		in.end()
		return nil, fmt.Errorf("wait for the process to live: %w", err)
	}
	if err := hold(in.cmd.Process); err != nil {
		in.end()
		return nil, fmt.Errorf("stop the process: %w", err)
	}
	return &parked{in}, nil
}

// parked is a stopped process.
type parked struct{ in *instance }

// Resume continues it.
func (p *parked) Resume(_ context.Context, t *runners.Trace) (runners.Instance, error) {
	if p.in == nil {
		return nil, fmt.Errorf("resume: %w", runners.ErrClosed)
	}
	if err := release(p.in.cmd.Process); err != nil {
		return nil, fmt.Errorf("continue the process: %w", err)
	}
	t.Mark(runners.PhaseResume)
	in := p.in
	p.in = nil
	return in, nil
}

// Close ends a process that was not resumed.
func (p *parked) Close() error {
	if p.in != nil {
		p.in.end()
	}
	return nil
}
