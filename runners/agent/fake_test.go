package agent

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"edgebench/runners"
)

// fake is a runner whose instances upper-case nothing and answer "pong": it
// counts what is open, and does wrong on request.
type fake struct {
	open atomic.Int64
	// wrong makes the n-th instance (from 1) answer with other bytes.
	wrong int64
	// most is how many instances can live at once; 0 is no bound.
	most  int64
	parks bool
	// tires is how many requests an instance answers rightly; 0 is no bound.
	tires int
	// traps is a request at which an instance traps; "" for none.
	traps string
	made  atomic.Int64
	// told is what each runtime was told that it will load.
	told []string
	// requests are those of all calls.
	requests []string
	mu       sync.Mutex
}

func (f *fake) Check(context.Context) (runners.Info, error) {
	return runners.Info{Version: "1", Modes: []runners.Mode{{Name: "only"}}}, nil
}

func (f *fake) Sweep(_ context.Context, scope string) error {
	if scope == "bad" {
		return errors.New("can't sweep")
	}
	return nil
}

func (f *fake) Boot(_ context.Context, o runners.Options) (runners.Runtime, error) {
	if o.Mode != "only" {
		return nil, fmt.Errorf("no mode %q: %w", o.Mode, runners.ErrUnavailable)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.told = append(f.told, o.Prepared)
	return newThing(f), nil
}

// thing is a runtime, what it loads, an instance and a parked one.
type thing struct {
	f      *fake
	n      int64
	closed bool
	calls  int
	// trapped until Revive.
	trapped bool
}

func (t *thing) Revive() { t.trapped = false }

func newThing(f *fake) *thing { f.open.Add(1); return &thing{f: f} }

func (t *thing) Close() error {
	if !t.closed {
		t.closed = true
		t.f.open.Add(-1)
	}
	return nil
}

func (t *thing) Prepare(_ context.Context, a runners.Artefact, dir string, tr *runners.Trace) (runners.Prepared, error) {
	path := dir + "/prepared"
	err := os.WriteFile(path, []byte("machine code"), 0o600)
	work(time.Millisecond)
	tr.Mark(runners.PhaseCompile)
	return runners.Prepared{Artefact: a, Mode: "only", Path: path}, err
}

func (t *thing) Load(_ context.Context, p runners.Prepared, tr *runners.Trace) (runners.Loaded, error) {
	if _, err := os.Stat(p.Path); err != nil {
		return nil, err
	}
	tr.Mark(runners.PhaseLoad)
	l := newThing(t.f)
	if t.f.parks {
		return parking{l}, nil
	}
	return l, nil
}

func (t *thing) Instantiate(_ context.Context, tr *runners.Trace) (runners.Instance, error) {
	n := t.f.made.Add(1)
	if t.f.most > 0 && n > t.f.most {
		return nil, errors.New("no room for another instance")
	}
	tr.Mark(runners.PhaseInstantiate)
	in := newThing(t.f)
	in.n = n
	return in, nil
}

func (t *thing) Call(_ context.Context, dst, request []byte) ([]byte, error) {
	t.f.mu.Lock()
	t.f.requests = append(t.f.requests, string(request))
	t.f.mu.Unlock()
	t.calls++
	if t.f.traps != "" && string(request) == t.f.traps {
		t.trapped = true
		return dst, fmt.Errorf("%w: unreachable", runners.ErrTrap)
	}
	if t.trapped {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if t.n == t.f.wrong || t.f.tires > 0 && t.calls > t.f.tires {
		return append(dst, "pang"...), nil
	}
	return append(dst, "pong"...), nil
}

// work is busy by the clock. A sleep would end late, and not always as late.
func work(d time.Duration) {
	for until := runners.Now() + d; runners.Now() < until; {
	}
}

func (t *thing) MemoryOwners(context.Context) (runners.MemoryOwners, error) {
	return runners.MemoryOwners{PIDs: []int{os.Getpid()}}, nil
}

// parking is what a fake with parks loads.
type parking struct{ *thing }

func (p parking) Park(ctx context.Context) (runners.Parked, error) {
	in, err := p.Instantiate(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &held{in.(*thing)}, nil
}

type held struct{ in *thing }

func (h *held) Resume(_ context.Context, tr *runners.Trace) (runners.Instance, error) {
	tr.Mark(runners.PhaseResume)
	in := h.in
	h.in = nil
	return in, nil
}

func (h *held) Close() error {
	if h.in != nil {
		return h.in.Close()
	}
	return nil
}
