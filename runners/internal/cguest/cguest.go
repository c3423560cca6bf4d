// Package cguest is what the adapters of Wasmer and WasmEdge share in Go: instances
// whose guests live in C memory and are freed by hand. It imports neither library.
package cguest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// Module is a module in C memory.
type Module interface {
	// Instantiate makes a guest and runs its _initialize, if it has one.
	Instantiate() (Guest, error)
	// Delete lets go of the module. Guests that still live keep its code.
	Delete()
}

// Guest is an instance in C memory. Its calls do not overlap.
type Guest interface {
	// Initialised tells whether there is an _initialize, how long it took, and of
	// its failure.
	Initialised() (has bool, took time.Duration, err error)
	// Call takes one request to the guest and appends the response to dst. A trap is
	// runners.ErrTrap.
	Call(dst, request []byte) ([]byte, error)
	// Run takes a command to its end and appends what it has written to dst. right is
	// the exit code of one that does well.
	Run(dst, request []byte, right uint32) ([]byte, error)
	// Delete frees the guest.
	Delete()
}

// loaded is a module in memory. Instances may be made on several goroutines.
type loaded struct {
	// mu keeps the module while an instance is being made of it.
	mu      sync.RWMutex
	module  Module
	command bool
	right   uint32 // the exit code of a command
	closed  bool
}

// Load holds an artefact's module, of a command or of a reactor, of which instances are made.
func Load(m Module, a runners.Artefact) runners.Loaded {
	return &loaded{module: m, command: a.Interface == runners.Stdio, right: uint32(a.Use.ExitCode)}
}

func (l *loaded) Instantiate(_ context.Context, t *runners.Trace) (runners.Instance, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.closed {
		return nil, fmt.Errorf("instantiate a module that has been unloaded: %w", runners.ErrClosed)
	}
	g, err := l.module.Instantiate()
	if err != nil {
		return nil, fmt.Errorf("instantiate: %w", err)
	}
	made := runners.Now()
	has, took, err := g.Initialised()
	t.MarkAt(runners.PhaseInstantiate, made-took)
	if err != nil {
		g.Delete()
		return nil, fmt.Errorf("run %s: %w", abi.Initialise, err)
	}
	if has {
		t.MarkAt(runners.PhaseInitialise, made)
	}
	if l.command {
		return &command{guest: g, right: l.right}, nil
	}
	return &instance{guest: g}, nil
}

// Close lets go of the module. Instances that still live keep its code.
func (l *loaded) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		l.module.Delete()
	}
	return nil
}

// instance is one guest in a memory of its own.
type instance struct {
	guest Guest
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
	response, err := i.guest.Call(dst, request)
	if err != nil {
		i.ended = errors.Is(err, runners.ErrTrap)
		return dst, fmt.Errorf("call the guest: %w", err)
	}
	return response, nil
}

// Revive implements runners.Revivable.
func (i *instance) Revive() { i.ended = false }

func (i *instance) Close() error {
	if !i.closed {
		i.closed = true
		i.guest.Delete()
	}
	return nil
}

// command is a guest that answers once, and has not run yet.
type command struct {
	guest       Guest
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
	response, err := c.guest.Run(dst, request, c.right)
	if err != nil {
		return dst, fmt.Errorf("run %s: %w", abi.Start, err)
	}
	return response, nil
}

func (c *command) Close() error {
	if !c.closed {
		c.closed = true
		c.guest.Delete()
	}
	return nil
}
