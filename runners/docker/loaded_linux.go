package docker

import (
	"context"
	"fmt"

	"edgebench/runners"
	"edgebench/runners/interfaces"
)

// loaded is an image in the engine's store.
type loaded struct {
	system *system
	image  string
	iface  runners.Interface
	use    runners.Use
	// endpoint of an HTTP server.
	endpoint interfaces.Endpoint
	// command is the image's CMD.
	command []string
}

// Close has nothing to release.
func (*loaded) Close() error { return nil }

// Instantiate creates and starts a container and waits for its workload as far
// as that gives a sign of life by itself.
func (l *loaded) Instantiate(ctx context.Context, t *runners.Trace) (runners.Instance, error) {
	in, err := l.start(ctx, t)
	if err != nil {
		return nil, err
	}
	return in, nil
}

// holdable is an instance that can be held before its first request.
type holdable interface {
	runners.Instance
	// ready waits until the workload shows that it runs, after the request to
	// the engine that is under way, and marks a resumed one.
	ready(ctx context.Context, doing string, t *runners.Trace) error
	base() *running
}

func (l *loaded) start(ctx context.Context, t *runners.Trace) (runners.Instance, error) {
	switch {
	case l.iface == runners.Stdio:
		return l.startCommand(ctx, t)
	case interfaces.IsHTTP(l.iface):
		return l.startServer(ctx, t)
	}
	return l.startFrames(ctx, t)
}

// Park starts a container, waits until its workload runs and pauses it.
func (l *loaded) Park(ctx context.Context) (runners.Parked, error) {
	if l.iface.SingleShot() {
		return nil, fmt.Errorf("a command that waits for its one request gives no sign by which to know when to pause it: %w", runners.ErrUnavailable)
	}
	in, err := l.start(ctx, nil)
	if err != nil {
		return nil, err
	}
	held := in.(holdable)
	if err := pause(ctx, held); err != nil {
		return nil, also(err, in.Close())
	}
	return &parked{held}, nil
}

func pause(ctx context.Context, in holdable) error {
	if err := in.ready(ctx, "await", nil); err != nil {
		return err
	}
	c := in.base()
	if err := c.answered("start"); err != nil {
		return err
	}
	e := c.system.engine
	ctx, cancel := e.within(ctx)
	defer cancel()
	if err := e.api.ContainerPause(ctx, c.id); err != nil {
		return fmt.Errorf("pause the container: %w", brief(err))
	}
	c.paused = true
	return nil
}

// parked is a paused container that has served no one.
type parked struct{ in holdable }

// Resume unpauses it and waits until its workload shows that it runs, if it does
// so without a request.
func (p *parked) Resume(ctx context.Context, t *runners.Trace) (runners.Instance, error) {
	in := p.in
	if in == nil || in.base().dead {
		return nil, fmt.Errorf("resume: %w", runners.ErrClosed)
	}
	c := in.base()
	e := c.system.engine
	c.pending = e.begin(ctx, func(ctx context.Context) error { return e.api.ContainerUnpause(ctx, c.id) })
	if err := in.ready(ctx, "unpause", t); err != nil {
		return nil, err
	}
	c.paused, p.in = false, nil
	return in, nil
}

// Close removes a container that was not resumed.
func (p *parked) Close() error {
	if p.in == nil {
		return nil
	}
	return p.in.Close()
}
