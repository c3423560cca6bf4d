package agent

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/limits"
	"edgebench/runners/protocol"
)

// together is a runner whose starts wait until several are under way. It fails from
// the most-th instance on.
type together struct {
	fake
	at   int // a time
	most int
	fail error

	mu      sync.Mutex
	waiting int
	started int
	open    chan struct{}
}

func (r *together) Boot(context.Context, runners.Options) (runners.Runtime, error) {
	r.open = make(chan struct{})
	return &togetherLoaded{newThing(&r.fake), r}, nil
}

type togetherLoaded struct {
	*thing
	r *together
}

func (l *togetherLoaded) Load(context.Context, runners.Prepared, *runners.Trace) (runners.Loaded, error) {
	return &togetherLoaded{newThing(&l.r.fake), l.r}, nil
}

// Bound is larger than any test's number.
func (l *togetherLoaded) Bound() int { return 1000 }

func (l *togetherLoaded) Instantiate(ctx context.Context, t *runners.Trace) (runners.Instance, error) {
	r := l.r
	r.mu.Lock()
	open := r.open
	if r.waiting++; r.waiting == r.at {
		close(r.open)
		r.waiting, r.open = 0, make(chan struct{})
	}
	r.mu.Unlock()
	<-open
	r.mu.Lock()
	r.started++
	n := r.started
	r.mu.Unlock()
	if r.most > 0 && n > r.most {
		return nil, r.fail
	}
	return l.thing.Instantiate(ctx, t)
}

// open gives instances of a runner.
func opened(t *testing.T, r runners.Runner, x runners.Exchange) *instances {
	t.Helper()
	s := subject(t, &fake{})
	s.Exchanges = []runners.Exchange{x}
	p, err := open(t.Context(), r, s, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

var pong = runners.Exchange{Name: "one", Request: []byte("ping"), Response: []byte("pong")}

// Starts that wait for each other succeed only if as many are made at a time.
func TestStartsAtATime(t *testing.T) {
	p := opened(t, &together{at: 4}, pong)
	g, err := p.grow(t.Context(), Grow{To: 12, Within: time.Minute, Starts: 4})
	if err != nil || g.Live != 12 || g.Bound != 1000 {
		t.Errorf("%+v (%v)", g, err)
	}
}

func TestAFailedStartHasAnErrorNumberAndLimits(t *testing.T) {
	p := opened(t, &together{at: 1, most: 5, fail: &errno{syscall.EMFILE}}, pong)
	g, err := p.grow(t.Context(), Grow{To: 12, Within: time.Minute, Starts: 2})
	if err != nil || g.Live != 5 || g.Errno != syscall.EMFILE || g.Stopped != "cannot start: too many open files" {
		t.Errorf("%+v (%v)", g, err)
	}
}

func TestAFullRuntime(t *testing.T) {
	p := opened(t, &together{at: 1, most: 5, fail: fmt.Errorf("the cage is full: %w", runners.ErrFull)}, pong)
	if g, err := p.grow(t.Context(), Grow{To: 12, Within: time.Minute}); err != nil || g.Live != 5 || !g.Full {
		t.Errorf("%+v (%v)", g, err)
	}
}

type errno struct{ number syscall.Errno }

func (e *errno) Error() string { return "cannot start: " + e.number.Error() }
func (e *errno) Unwrap() error { return e.number }

func TestProbe(t *testing.T) {
	f := &fake{}
	s := subject(t, f)
	lines := ask(t, f,
		task(t, GrowTask, s, Grow{Probe: &Probe{}}),
		task(t, GrowTask, protocol.Subject{}, Grow{To: 3, Within: time.Minute, Probe: &Probe{Requests: 100}}),
	)
	if g := result[Grown](t, lines[0]); g.Live != 0 || g.Probed == nil || g.Probed.Requests != 0 {
		t.Errorf("without instances: %s", lines[0])
	}
	g := result[Grown](t, lines[1])
	if g.Live != 3 || g.Probed.Requests < 100 || g.Probed.Right != g.Probed.Requests || g.Probed.Failed != "" || !g.Outside || g.Owners != nil {
		t.Errorf("%+v, %+v", g, g.Probed)
	}
	h, err := hdrhistogram.Decode([]byte(g.Probed.Latency))
	if err != nil || uint64(h.TotalCount()) != g.Probed.Right {
		t.Errorf("%d latencies of %d right responses (%v)", h.TotalCount(), g.Probed.Right, err)
	}
}

// An instance that answers its first request and no other ends the growth.
func TestAProbeThatFails(t *testing.T) {
	f := &fake{}
	f.tires = 1
	p := opened(t, f, pong)
	g, err := p.grow(t.Context(), Grow{To: 1, Within: time.Minute, Probe: &Probe{Requests: 10}})
	if err != nil || g.Live != 1 || g.Probed.Requests != 10 || g.Probed.Right != 0 || g.Probed.Failed == "" || g.Probed.Latency != "" {
		t.Errorf("%+v, %+v (%v)", g, g.Probed, err)
	}
	a := newAdding(p, Grow{To: 5, Within: time.Minute})
	a.halt()
	a.add(t.Context())
	if len(p.live) != 1 {
		t.Errorf("%d instances after the halt", len(p.live))
	}
}

func TestChurn(t *testing.T) {
	f := &fake{}
	p := opened(t, f, pong)
	before := f.open.Load()
	for _, to := range []int{3, 8} {
		g, err := p.grow(t.Context(), Grow{To: to, Within: time.Minute, Churn: true})
		if err != nil || g.Live != to || f.made.Load() != int64(to) || f.open.Load() != before {
			t.Errorf("%+v: %d made, %d open (%v)", g, f.made.Load(), f.open.Load()-before, err)
		}
	}
}

func TestUnserved(t *testing.T) {
	f := &fake{}
	p := opened(t, f, pong)
	g, err := p.grow(t.Context(), Grow{To: 3, Within: time.Minute, Unserved: true})
	if err != nil || g.Live != 3 || len(f.requests) > 0 {
		t.Errorf("%+v after the requests %q (%v)", g, f.requests, err)
	}
}

func TestFloor(t *testing.T) {
	var available uint64
	f := &floor{least: 500, available: func() (uint64, error) { return available, nil }}
	now := time.Duration(0)
	for i, c := range []struct {
		available uint64
		after     time.Duration
		want      bool
	}{
		{1000, 0, false},
		{900, checkEvery, false},     // it fell by 100, and may fall to 700
		{100, checkEvery - 1, false}, // not read so soon
		{800, 1, false},              // and to 600
		{950, checkEvery, false},     // and to 750
		{901, checkEvery, false},     // and to 701, since it fell by 100 before
		{699, checkEvery, true},      // it fell by 202, and may fall to 295
	} {
		available = c.available
		now += c.after
		if got := f.reached(now); got != c.want {
			t.Errorf("reading %d: %v", i, got)
		}
	}
}

func TestFloorThatCannotBeRead(t *testing.T) {
	f := &floor{least: 1, available: func() (uint64, error) { return 0, errors.ErrUnsupported }}
	if f.reached(0) {
		t.Error("the floor is reached")
	}
	none := &floor{available: func() (uint64, error) { t.Error("read without a floor"); return 0, nil }}
	if none.reached(0) {
		t.Error("no floor is reached")
	}
}

// Each instance takes four of 65,530 mappings, besides 100. It ends before 64 are left,
// and has read few times.
func TestHeadroom(t *testing.T) {
	live, reads := 0, 0
	h := &headroom{read: func() []limits.Limit {
		reads++
		return []limits.Limit{
			{Resource: results.ResourceAddressSpace, Setting: "RLIMIT_AS", Used: uint64(live) << 30, Most: 1 << 47},
			{Resource: results.ResourceMaps, Setting: "vm.max_map_count", Used: 100 + 4*uint64(live), Most: 65_530},
		}
	}}
	for live < 100_000 {
		if l := h.exceeded(live); l != nil {
			if l.Resource != results.ResourceMaps || l.Most-l.Used < spareMappings {
				t.Errorf("at %d instances: %+v", live, l)
			}
			break
		}
		live++
	}
	if want := (65_530 - 100 - spareMappings) / 4; live < want-1 || live > want || reads > 10 {
		t.Errorf("ended at %d instances after %d readings, want %d", live, reads, want)
	}
	none := &headroom{read: func() []limits.Limit { return nil }}
	for n := range 1000 {
		if l := none.exceeded(n); l != nil {
			t.Errorf("a limit that nobody knows is %+v", l)
		}
	}
}

// An artefact that is prepared for its policy is prepared by the first task, and nothing
// stays open.
func TestGrowPrepares(t *testing.T) {
	f := &fake{}
	p, err := open(t.Context(), f, subject(t, &fake{}), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if g, err := p.grow(t.Context(), Grow{To: 3, Within: time.Minute}); err != nil || g.Live != 3 {
		t.Errorf("%+v (%v)", g, err)
	}
	if err := p.close(); err != nil || f.open.Load() != 0 {
		t.Errorf("%d things are left open (%v)", f.open.Load(), err)
	}
}
