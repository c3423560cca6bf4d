package process

import (
	"context"
	"errors"
	"fmt"
	"time"

	"edgebench/runners"
	"edgebench/runners/frame"
	"edgebench/runners/interfaces"
)

// loaded is a binary on disk: a process has no state between that and alive.
type loaded struct {
	system   *system
	path     string
	files    string // the folder of the artefact's files, "" for none
	iface    runners.Interface
	use      runners.Use
	endpoint interfaces.Endpoint // of a server
}

// Close has nothing to release.
func (*loaded) Close() error { return nil }

// Instantiate spawns the workload. Of a server it also waits until it listens.
func (l *loaded) Instantiate(ctx context.Context, t *runners.Trace) (runners.Instance, error) {
	if interfaces.IsHTTP(l.iface) {
		return made(l.spawnServer(ctx, t))
	}
	if l.iface == runners.Stdio {
		in, err := made(l.spawnCommand())
		t.Mark(runners.PhaseStart)
		return in, err
	}
	in, err := made(l.spawnFramed())
	t.Mark(runners.PhaseStart)
	return in, err
}

// made keeps a nil pointer from becoming an instance.
func made[T runners.Instance](in T, err error) (runners.Instance, error) {
	if err != nil {
		return nil, err
	}
	return in, nil
}

func (l *loaded) spawnFramed() (*instance, error) {
	c, err := l.spawn(true, nil)
	if err != nil {
		return nil, err
	}
	return &instance{c, frame.NewConn(c.stdout, c.stdin)}, nil
}

// instance is a process that serves frames.
type instance struct {
	*child
	conn *frame.Conn
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

// Stop implements runners.Stopper.
func (in *instance) Stop(context.Context) error { return in.cmd.Process.Kill() }

// Entered asks the workload when its main was entered.
func (in *instance) Entered(context.Context) (time.Duration, bool, error) {
	entry, err := in.conn.Ping()
	if err != nil {
		return 0, false, fmt.Errorf("ask for the entry: %w", err)
	}
	at, ok := frame.OnOurClock(entry)
	return at, ok, nil
}

// Park spawns a process, waits until it lives and stops it.
func (l *loaded) Park(ctx context.Context) (runners.Parked, error) {
	if l.iface.SingleShot() {
		return nil, fmt.Errorf("a command gives no sign that it waits for its request, so it cannot be held ready: %w", runners.ErrUnavailable)
	}
	in, c, err := l.spawnAlive(ctx)
	if err != nil {
		return nil, err
	}
	if err := hold(c.cmd.Process); err != nil {
		in.Close()
		return nil, fmt.Errorf("stop the process: %w", err)
	}
	return &parked{in, c}, nil
}

// spawnAlive spawns a process and waits for a sign of life.
func (l *loaded) spawnAlive(ctx context.Context) (runners.Instance, *child, error) {
	if interfaces.IsHTTP(l.iface) {
		s, err := l.spawnServer(ctx, nil)
		if err != nil {
			return nil, nil, err
		}
		return s, s.child, nil
	}
	in, err := l.spawnFramed()
	if err != nil {
		return nil, nil, err
	}
	if _, err := in.conn.Ping(); err != nil {
		in.end()
		return nil, nil, fmt.Errorf("wait for the process to live: %w", err)
	}
	return in, in.child, nil
}

// parked is a stopped process.
type parked struct {
	in    runners.Instance // nil when it has been resumed
	child *child
}

// Resume continues it.
func (p *parked) Resume(_ context.Context, t *runners.Trace) (runners.Instance, error) {
	if p.in == nil {
		return nil, fmt.Errorf("resume: %w", runners.ErrClosed)
	}
	if err := release(p.child.cmd.Process); err != nil {
		return nil, fmt.Errorf("continue the process: %w", err)
	}
	t.Mark(runners.PhaseResume)
	in := p.in
	p.in = nil
	return in, nil
}

// Close ends a process that was not resumed.
func (p *parked) Close() error {
	if p.in == nil {
		return nil
	}
	return p.in.Close()
}
