package docker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/docker/docker/api/types/container"
)

// running is the container of an instance, whatever its workload iface.
type running struct {
	system *system
	id     string
	fate   *fate
	// pending is the last request that nobody needed to wait for.
	pending *request

	paused bool
	dead   bool // it can't be called any more
	once   sync.Once

	mu  sync.Mutex
	pid int // of its first process, 0 until it was asked for
}

// create creates the container.
func (c *running) create(ctx context.Context, l *loaded, dir string) (err error) {
	if c.id, err = l.create(ctx, dir, true); err != nil {
		return err
	}
	c.system, c.fate = l.system, l.system.deaths.of(c.id)
	return nil
}

// begin starts it without waiting for the engine to say so. If it then says
// that it could not, failed is called, unless it is nil.
func (c *running) begin(ctx context.Context, failed func()) {
	e := c.system.engine
	c.pending = e.begin(ctx, func(ctx context.Context) error {
		err := e.api.ContainerStart(ctx, c.id, container.StartOptions{})
		if err != nil && failed != nil {
			failed()
		}
		return err
	})
	c.system.account(c, true)
}

// sign is what shows that a workload lives: its connection, or its answer.
type sign struct {
	conn net.Conn
	err  error
}

var errEnded = errors.New("the container has ended")

// await waits for a sign of life after a request to the engine, or until there
// is a reason why none will come. It does not wait for the request.
func (c *running) await(ctx context.Context, doing string, life <-chan sign) (sign, error) {
	e, done := c.system.engine, c.pending.done
	bound := time.NewTimer(e.request)
	defer bound.Stop()
	for {
		select {
		case s := <-life:
			return s, s.err
		case <-done:
			if err := c.pending.err; err != nil {
				return sign{}, fmt.Errorf("%s the container: %w", doing, brief(err))
			}
			done = nil
		case <-c.fate.ended:
			return sign{}, errEnded
		case <-c.system.deaths.over:
			return sign{}, c.system.deaths.err
		case <-ctx.Done():
			return sign{}, fmt.Errorf("%s the container: %w", doing, context.Cause(ctx))
		case <-bound.C:
			return sign{}, fmt.Errorf("%s the container: its workload gave no sign of life within %v", doing, e.request)
		}
	}
}

// answered waits for the request that is under way.
func (c *running) answered(doing string) error {
	if err := c.pending.wait(); err != nil {
		return fmt.Errorf("%s the container: %w", doing, brief(err))
	}
	return nil
}

// end removes the container, once, and waits until it is gone, and then what
// there is besides.
func (c *running) end(besides func() error) (err error) {
	c.once.Do(func() {
		s := c.system
		c.dead = true
		if c.pending != nil {
			// Its outcome no longer matters, but it must not act after the removal.
			_ = c.pending.wait()
		}
		err = s.engine.removeContainer(context.Background(), c.id, c.paused)
		if left := besides(); err == nil {
			err = left
		}
		s.deaths.forget(c.id)
		s.account(c, false)
	})
	return err
}

// also puts what went wrong while cleaning up behind what went wrong.
func also(err, further error) error {
	if further == nil {
		return err
	}
	return fmt.Errorf("%w; then %w", err, further)
}

// base lets an instance be handled by its container alone.
func (c *running) base() *running { return c }
