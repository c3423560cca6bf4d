package cguest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"edgebench/runners"
)

// fakeModule counts what is made of it and not deleted.
type fakeModule struct {
	live        int
	initialised error
	trap        bool
}

func (m *fakeModule) Instantiate() (Guest, error) {
	m.live++
	return fakeGuest{m}, nil
}

func (m *fakeModule) Delete() { m.live-- }

type fakeGuest struct{ of *fakeModule }

func (g fakeGuest) Initialised() (bool, time.Duration, error) { return true, 1, g.of.initialised }

func (g fakeGuest) Call(dst, request []byte) ([]byte, error) {
	if g.of.trap {
		return dst, fmt.Errorf("%w: unreachable", runners.ErrTrap)
	}
	return append(dst, request...), nil
}

func (g fakeGuest) Run(dst, request []byte, _ uint32) ([]byte, error) { return g.Call(dst, request) }

func (g fakeGuest) Delete() { g.of.live-- }

// TestLives ends a module and its instances twice, in both orders.
func TestLives(t *testing.T) {
	m := &fakeModule{live: 1}
	l := Load(m, runners.Artefact{})
	a, err := l.Instantiate(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := l.Instantiate(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := a.Call(t.Context(), []byte("to "), []byte("you")); err != nil || string(got) != "to you" {
		t.Errorf("Call gives %q, %v", got, err)
	}
	for _, c := range []interface{ Close() error }{a, l, b, a, l, b} {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	if m.live != 0 {
		t.Errorf("%d are not deleted", m.live)
	}
	if _, err := a.Call(t.Context(), nil, nil); !errors.Is(err, runners.ErrClosed) {
		t.Errorf("a call of a closed instance: %v", err)
	}
	if _, err := l.Instantiate(t.Context(), nil); !errors.Is(err, runners.ErrClosed) {
		t.Errorf("an instance of a closed module: %v", err)
	}
}

func TestATrapEndsAnInstance(t *testing.T) {
	m := &fakeModule{trap: true}
	in, err := Load(m, runners.Artefact{}).Instantiate(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []error{runners.ErrTrap, runners.ErrClosed} {
		if _, err := in.Call(t.Context(), nil, nil); !errors.Is(err, want) {
			t.Errorf("Call: %v; want %v", err, want)
		}
	}
}

func TestACommandAnswersOnce(t *testing.T) {
	in, err := Load(&fakeModule{}, runners.Artefact{Interface: runners.Stdio}).Instantiate(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := in.Call(t.Context(), nil, []byte("once")); err != nil || string(got) != "once" {
		t.Errorf("Call gives %q, %v", got, err)
	}
	if _, err := in.Call(t.Context(), nil, []byte("twice")); !errors.Is(err, runners.ErrClosed) {
		t.Errorf("a second call: %v", err)
	}
}

func TestInitialiseFails(t *testing.T) {
	m := &fakeModule{initialised: runners.ErrTrap}
	if _, err := Load(m, runners.Artefact{}).Instantiate(t.Context(), nil); !errors.Is(err, runners.ErrTrap) || m.live != 0 {
		t.Errorf("%v, %d live guests", err, m.live)
	}
}

// stoppableGuest runs until it is stopped.
type stoppableGuest struct {
	fakeGuest
	stopped chan struct{}
}

func (g stoppableGuest) Stop() { close(g.stopped) }

func (g stoppableGuest) Call(dst, _ []byte) ([]byte, error) {
	<-g.stopped
	return dst, fmt.Errorf("%w: interrupted", runners.ErrTrap)
}

// A guest that can be stopped ends with its context, and is deleted after that.
func TestAGuestIsStopped(t *testing.T) {
	m := &fakeModule{live: 1}
	in := &instance{guest: stoppableGuest{fakeGuest{m}, make(chan struct{})}}
	ctx, cancel := context.WithCancel(t.Context())
	go cancel()
	if _, err := in.Call(ctx, nil, nil); !errors.Is(err, runners.ErrTrap) {
		t.Errorf("Call: %v; want %v", err, runners.ErrTrap)
	}
	if err := in.Close(); err != nil || m.live != 0 {
		t.Errorf("%v, %d live guests", err, m.live)
	}
}
