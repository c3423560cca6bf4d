package agent

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"edgebench/runners"
)

// room is a Loaded whose instances note what they are asked. A request "spin" goes on
// until the instance is stopped, or its context ends if that interrupts.
type room struct {
	interrupts bool

	mu    sync.Mutex
	made  int
	live  int
	asked []string
}

func (r *room) Close() error { return nil }

func (r *room) Instantiate(context.Context, *runners.Trace) (runners.Instance, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made++
	r.live++
	in := &occupant{room: r, number: r.made, stopped: make(chan struct{})}
	if r.interrupts {
		return in, nil
	}
	return stoppable{in}, nil
}

type occupant struct {
	room    *room
	number  int
	once    sync.Once
	stopped chan struct{}
}

// stoppable is an instance that another goroutine can end.
type stoppable struct{ *occupant }

func (s stoppable) Stop(context.Context) error {
	s.once.Do(func() { close(s.stopped) })
	return nil
}

func (o *occupant) Close() error {
	o.room.mu.Lock()
	defer o.room.mu.Unlock()
	o.room.live--
	return nil
}

func (o *occupant) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	o.room.mu.Lock()
	o.room.asked = append(o.room.asked, string(request))
	o.room.mu.Unlock()
	switch string(request) {
	case "spin":
		interrupted := ctx.Done()
		if !o.room.interrupts {
			interrupted = nil
		}
		select {
		case <-o.stopped:
			return dst, errors.New("killed")
		case <-interrupted:
			return dst, runners.ErrTrap
		}
	case "trap":
		return dst, runners.ErrTrap
	}
	return append(dst, "done\n"...), nil
}

// A computation ends at its deadline: by the context where the mode interrupts, else
// because the instance is stopped.
func TestAttemptEndsAtItsDeadline(t *testing.T) {
	for _, interrupts := range []bool{true, false} {
		r := &room{interrupts: interrupts}
		c := &confined{loaded: r}
		found, err := c.attempt(t.Context(), Attempt{Steps: []string{"one", "spin", "never"}, Own: true, Deadline: 20 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		if !found.Stopped || found.Failure == "" || len(found.Answers) != 1 || len(found.Times) != 2 {
			t.Errorf("interrupts %v: %+v", interrupts, found)
		}
		if slices.Contains(r.asked, "never") || r.live != 0 {
			t.Errorf("interrupts %v: asked %q, %d live", interrupts, r.asked, r.live)
		}
	}
}

// An attempt that ends the shared instance leaves a new one to the next.
func TestSharedInstanceIsReplaced(t *testing.T) {
	r := &room{}
	c := &confined{loaded: r}
	for i, want := range []int{1, 1, 2} { // instances that have been made
		step := "fine"
		if i == 1 {
			step = "trap"
		}
		if _, err := c.attempt(t.Context(), Attempt{Steps: []string{step}, Deadline: time.Minute}); err != nil {
			t.Fatal(err)
		}
		if r.made != want {
			t.Errorf("after attempt %d: %d instances have been made, want %d", i+1, r.made, want)
		}
	}
	if err := c.forget(); err != nil || r.live != 0 {
		t.Errorf("%d live (%v)", r.live, err)
	}
}

// Former instances end before the attempt, tenants live beside it.
func TestFormerAndTenant(t *testing.T) {
	r := &room{}
	c := &confined{loaded: r}
	a := Attempt{Former: []string{"plant"}, Tenant: []string{"hold"}, Steps: []string{"scan"}, Own: true, Deadline: time.Minute}
	if _, err := c.attempt(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if want := []string{"plant", "hold", Present, "scan"}; !slices.Equal(r.asked, want) || r.live != 0 || r.made != 3 {
		t.Errorf("asked %q, want %q; %d made, %d live", r.asked, want, r.made, r.live)
	}
}

// Neighbours are measured before an attempt and meanwhile, and end with it.
func TestNeighbours(t *testing.T) {
	r := &room{}
	c := &confined{loaded: r}
	found, err := c.attempt(t.Context(), Attempt{Steps: []string{"fine"}, Own: true, Deadline: time.Minute, Neighbours: 3, Quiet: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Before) < 3 || len(found.Meanwhile) < 3 || r.live != 0 {
		t.Errorf("%d and %d latencies, %d live", len(found.Before), len(found.Meanwhile), r.live)
	}
}

// A request beside the attempt goes to an instance of its own.
func TestBeside(t *testing.T) {
	r := &room{}
	c := &confined{loaded: r}
	if _, err := c.attempt(t.Context(), Attempt{Steps: []string{"race"}, Beside: "swap", Own: true, Deadline: time.Minute}); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(r.asked, "swap") || r.made != 2 || r.live != 0 {
		t.Errorf("asked %q, %d made, %d live", r.asked, r.made, r.live)
	}
}
