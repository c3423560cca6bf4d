//go:build linux

package oci

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/frame"
	"edgebench/runners/interfaces"
)

// loaded is a root file system on disk: a container has no state between that
// and alive.
type loaded struct {
	system  *system
	program *program
}

// Close has nothing to release.
func (*loaded) Close() error { return nil }

// Instantiate starts a container.
func (l *loaded) Instantiate(ctx context.Context, t *runners.Trace) (runners.Instance, error) {
	in, err := l.start(ctx, t)
	if err != nil {
		return nil, err
	}
	return in, nil
}

func (l *loaded) start(ctx context.Context, t *runners.Trace) (*instance, error) {
	c, err := l.system.launch(ctx, l.program, t)
	if err != nil {
		return nil, err
	}
	return &instance{system: l.system, container: c, iface: l.program.iface, right: l.program.right}, nil
}

// Park starts a container, waits until its workload lives and freezes it.
func (l *loaded) Park(ctx context.Context) (runners.Parked, error) {
	if l.program.iface.SingleShot() {
		return nil, fmt.Errorf("a command that waits for its one request gives no sign by which to know when to freeze it: %w", runners.ErrUnavailable)
	}
	in, err := l.start(ctx, nil)
	if err != nil {
		return nil, err
	}
	if _, err = in.ping(ctx); err == nil {
		err = in.container.hold()
	}
	if err != nil {
		return nil, join(fmt.Errorf("park a container: %w", err), in.Close())
	}
	return &parked{in: in}, nil
}

// instance is a live container.
type instance struct {
	system    *system
	container *container
	iface     runners.Interface
	right     uint8 // the exit code of a command
	// over is set when it can no longer be called.
	over  atomic.Bool
	close sync.Once
	err   error
}

// Call sends a frame, or gives a command its one request. Whatever goes wrong
// beyond the request's size ends the container, since what it would say next
// belongs to no request.
func (in *instance) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if in.over.Load() {
		return dst, fmt.Errorf("call the container: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	if in.iface == runners.Stdio {
		return in.exchange(ctx, dst, request)
	}
	response, err := in.container.conn.Call(dst, request)
	if err != nil {
		return dst, in.fail(err)
	}
	return response, nil
}

// exchange goes on until the command has ended.
func (in *instance) exchange(ctx context.Context, dst, request []byte) ([]byte, error) {
	in.over.Store(true)
	c := in.container
	stop := context.AfterFunc(ctx, func() {
		c.settle()
		c.kill()
	})
	defer stop()
	response, err := interfaces.Exchange(dst, request, c.stdin, c.stdout)
	if errors.Is(err, runners.ErrTooLarge) {
		return dst, err
	}
	if ended := c.leave(in.right); ended != nil {
		err = ended
	}
	switch {
	case ctx.Err() != nil:
		return dst, fmt.Errorf("call the container: %w", context.Cause(ctx))
	case err != nil:
		return dst, fmt.Errorf("call the container: %w", err)
	}
	return response, nil
}

// Entered asks the workload when its main was entered. A command can't tell, and in
// gVisor's sandbox a workload has another clock.
func (in *instance) Entered(ctx context.Context) (time.Duration, bool, error) {
	if in.iface != runners.Frames || in.system.mode == modeRunsc {
		return 0, false, nil
	}
	entry, err := in.ping(ctx)
	if err != nil {
		return 0, false, fmt.Errorf("ask for the entry: %w", err)
	}
	at, ok := frame.OnOurClock(entry)
	return at, ok, nil
}

func (in *instance) ping(ctx context.Context) (entry uint64, err error) {
	if in.over.Load() {
		return 0, runners.ErrClosed
	}
	err = interruptible(ctx, in.container.kill, func() error {
		entry, err = in.container.conn.Ping()
		return err
	})
	if err != nil {
		err = in.fail(err)
	}
	return entry, err
}

// fail makes the instance unusable and says how the container ended.
func (in *instance) fail(err error) error {
	in.over.Store(true)
	how := in.container.epitaph()
	if errors.Is(err, runners.ErrTrap) {
		return fmt.Errorf("%w (%s)", err, how)
	}
	return err
}

// Stop implements runners.Stopper.
func (in *instance) Stop(context.Context) error {
	in.container.settle()
	in.container.kill()
	return nil
}

// Close ends the container.
func (in *instance) Close() error {
	in.close.Do(func() {
		in.over.Store(true)
		in.err = in.system.end(in.container)
	})
	return in.err
}

// parked is a frozen container that has served no one.
type parked struct {
	in *instance // nil once it is resumed
}

// Resume lets it go on.
func (p *parked) Resume(_ context.Context, t *runners.Trace) (runners.Instance, error) {
	if p.in == nil || p.in.over.Load() {
		return nil, fmt.Errorf("resume: %w", runners.ErrClosed)
	}
	if err := p.in.container.resume(); err != nil {
		return nil, fmt.Errorf("resume: %w", err)
	}
	t.Mark(runners.PhaseResume)
	in := p.in
	p.in = nil
	return in, nil
}

// Close ends a container that was not resumed.
func (p *parked) Close() error {
	if p.in == nil {
		return nil
	}
	return p.in.Close()
}
