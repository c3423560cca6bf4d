//go:build cgo && linux && amd64

package v8

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
	home        *isolate
	module      module
	command     bool
	right       uint32 // the exit code of a command
	ownIsolates bool
	// interruptible says that a call ends with its context.
	interruptible bool

	mu     sync.Mutex
	users  int // instances that live or are being made
	closed bool
}

// Instantiate makes an instance and runs its _initialize.
func (l *loaded) Instantiate(_ context.Context, t *runners.Trace) (runners.Instance, error) {
	if err := l.begin(); err != nil {
		return nil, fmt.Errorf("instantiate: %w", err)
	}
	g, took, err := l.module.instantiate()
	if err != nil {
		l.end()
		return nil, fmt.Errorf("instantiate: %w", err)
	}
	made := runners.Now()
	if took < 0 {
		t.MarkAt(runners.PhaseInstantiate, made)
	} else {
		t.MarkAt(runners.PhaseInstantiate, made-took)
		t.MarkAt(runners.PhaseInitialise, made)
	}
	if l.ownIsolates {
		cage.measure(g.heap)
	}
	if l.command {
		return &command{held: held{loaded: l, guest: g}}, nil
	}
	return &instance{held: held{loaded: l, guest: g}}, nil
}

// begin counts an instance, and its isolate if it has its own.
func (l *loaded) begin() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return fmt.Errorf("the module has been unloaded: %w", runners.ErrClosed)
	}
	if l.ownIsolates {
		if err := cage.enter(); err != nil {
			return err
		}
	}
	l.users++
	return nil
}

// end takes back what begin has done.
func (l *loaded) end() {
	if l.ownIsolates {
		cage.leave()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.users--
	l.free()
}

// free deletes the module when nobody uses it any more. Garbage would keep its
// code, and a later load of the same bytes would find it.
func (l *loaded) free() {
	if l.closed && l.users == 0 {
		l.module.delete()
		l.home.collect()
	}
}

// Close lets go of the module. Instances that still live keep it.
func (l *loaded) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		l.free()
	}
	return nil
}

// held is a guest that is closed once.
type held struct {
	loaded *loaded
	guest  *guest
	closed bool
}

// Close ends the guest; a later Call is refused.
func (h *held) Close() error {
	if !h.closed {
		h.closed = true
		h.guest.delete()
		h.loaded.end()
	}
	return nil
}

// instance is one guest in a memory of its own.
type instance struct {
	held
	trapped bool
}

// Call follows package abi.
func (i *instance) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if i.trapped || i.closed {
		return dst, fmt.Errorf("call an instance that has ended: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	w := i.watch(ctx)
	response, err := i.guest.call(dst, request)
	if err = w.end(err); err != nil {
		i.trapped = errors.Is(err, runners.ErrTrap)
		return dst, fmt.Errorf("call the guest: %w", err)
	}
	return response, nil
}

// Revive implements runners.Revivable.
func (i *instance) Revive() { i.trapped = false }

// command is a guest that answers once, and has not run yet.
type command struct {
	held
	ran bool
}

// Call runs the command to its end.
func (c *command) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if c.ran || c.closed {
		return dst, fmt.Errorf("call a command that has run: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	c.ran = true
	w := c.watch(ctx)
	response, err := c.guest.run(dst, request, c.loaded.right)
	if err = w.end(err); err != nil {
		return dst, fmt.Errorf("run %s: %w", abi.Start, err)
	}
	return response, nil
}
