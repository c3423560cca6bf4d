//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// loaded is a module in memory. Instances may be made on several goroutines.
type loaded struct {
	// mu keeps the module while an instance is being made of it.
	mu      sync.RWMutex
	module  module
	command bool
	right   uint32 // the exit code of a command
	closed  bool
}

func (l *loaded) Instantiate(_ context.Context, t *runners.Trace) (runners.Instance, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.closed {
		return nil, fmt.Errorf("instantiate a module that has been unloaded: %w", runners.ErrClosed)
	}
	g, err := l.module.instantiate()
	if err != nil {
		return nil, fmt.Errorf("instantiate: %w", err)
	}
	made := runners.Now()
	if !g.hasInitialise() {
		t.MarkAt(runners.PhaseInstantiate, made)
		if l.command {
			return &command{guest: g, right: l.right}, nil
		}
		return &instance{guest: g}, nil
	}
	took, err := g.initialised()
	t.MarkAt(runners.PhaseInstantiate, made-took)
	if err != nil {
		g.delete()
		return nil, fmt.Errorf("run %s: %w", abi.Initialise, err)
	}
	t.MarkAt(runners.PhaseInitialise, made)
	return &instance{guest: g}, nil
}

// Close lets go of the module. Instances that still live keep its code.
func (l *loaded) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		l.module.delete()
	}
	return nil
}

// instance is one guest in a memory of its own.
type instance struct {
	guest guest
	// ended says that the guest has trapped, closed that it is gone.
	ended, closed bool
}

func (i *instance) Call(_ context.Context, dst, request []byte) ([]byte, error) {
	if i.ended || i.closed {
		return dst, fmt.Errorf("call an instance that has ended: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	response, err := i.guest.call(dst, request)
	if err != nil {
		i.ended = errors.Is(err, runners.ErrTrap)
		return dst, fmt.Errorf("call the guest: %w", err)
	}
	return response, nil
}

func (i *instance) Close() error {
	if !i.closed {
		i.closed = true
		i.guest.delete()
	}
	return nil
}

// command is a guest that answers once, and has not run yet.
type command struct {
	guest       guest
	right       uint32
	ran, closed bool
}

func (c *command) Call(_ context.Context, dst, request []byte) ([]byte, error) {
	if c.ran || c.closed {
		return dst, fmt.Errorf("call a command that has run: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	c.ran = true
	response, err := c.guest.run(dst, request, c.right)
	if err != nil {
		return dst, fmt.Errorf("run %s: %w", abi.Start, err)
	}
	return response, nil
}

func (c *command) Close() error {
	if !c.closed {
		c.closed = true
		c.guest.delete()
	}
	return nil
}
