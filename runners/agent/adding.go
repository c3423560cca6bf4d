package agent

import (
	"context"
	"sync"
	"time"

	"edgebench/runners"
	"edgebench/runners/limits"
)

// adding adds live instances, several at a time where that is asked for, until
// something ends it.
type adding struct {
	p      *instances
	grow   Grow
	starts int
	// within says that instances live within this process.
	within bool

	mu sync.Mutex
	// begun counts the instances that live or are being started.
	begun int
	until time.Duration
	floor floor
	ended bool

	// The results. failure is the first failed start, wrong a first response that
	// is not the right one.
	failure, wrong error
	atFloor        bool
	atLimit        *limits.Limit
	elapsed        time.Duration
}

func newAdding(p *instances, q Grow) *adding {
	a := &adding{p: p, grow: q, starts: 1, begun: len(p.live), floor: floor{least: q.Floor, available: limits.Available}}
	if q.Churn {
		a.begun = p.closed
	}
	if _, outside := p.rt.(runners.MemoryOwner); outside {
		a.starts = max(1, q.Starts)
	} else {
		a.within = true
	}
	return a
}

// add adds instances until none may be begun any more and all that were begun have
// answered or failed.
func (a *adding) add(ctx context.Context) {
	from := runners.Now()
	a.until = from + a.grow.Within
	var wg sync.WaitGroup
	for range a.starts {
		wg.Go(func() {
			var response []byte
			for a.begin(ctx) {
				response = a.start(ctx, response[:0])
			}
		})
	}
	wg.Wait()
	a.elapsed = runners.Now() - from
}

// begin says whether another instance may be begun, and counts it.
func (a *adding) begin(ctx context.Context) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := runners.Now()
	if a.ended || a.begun >= a.grow.To || now >= a.until || ctx.Err() != nil {
		return false
	}
	if a.floor.reached(now) {
		a.ended, a.atFloor = true, true
		return false
	}
	if a.within {
		if a.atLimit = a.p.headroom.exceeded(a.begun); a.atLimit != nil {
			a.ended = true
			return false
		}
	}
	a.begun++
	return true
}

// start starts an instance and sends it its first request, if any. It gives the response,
// whose memory can be used again.
func (a *adding) start(ctx context.Context, response []byte) []byte {
	in, err := a.p.loaded.Instantiate(ctx, nil)
	if err != nil {
		a.fail(&a.failure, err)
		return response
	}
	if a.grow.Unserved {
		a.keep(in)
		return response
	}
	response, err = in.Call(ctx, response, a.p.exchange.Request)
	if err != nil {
		in.Close()
		a.fail(&a.failure, err)
		return response
	}
	if err := verify(response, a.p.exchange); err != nil {
		a.fail(&a.wrong, err)
	}
	if a.grow.Churn {
		a.close(in)
	} else {
		a.keep(in)
	}
	return response
}

// close closes an instance and counts it.
func (a *adding) close(in runners.Instance) {
	if err := in.Close(); err != nil {
		a.fail(&a.failure, err)
		return
	}
	a.p.mu.Lock()
	defer a.p.mu.Unlock()
	a.p.closed++
}

// keep adds an instance to those that live.
func (a *adding) keep(in runners.Instance) {
	a.p.mu.Lock()
	defer a.p.mu.Unlock()
	a.p.live = append(a.p.live, in)
}

func (a *adding) fail(as *error, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = true
	if *as == nil {
		*as = err
	}
}

// halt lets no further instance begin.
func (a *adding) halt() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = true
}

// floor watches how much memory the node has left.
type floor struct {
	least     uint64 // bytes, 0 for no bound
	available func() (uint64, error)

	checked      time.Duration
	last, steep  uint64
	everMeasured bool
}

// checkEvery is the shortest time between two readings of the node's memory, which
// take some 40 µs.
const checkEvery = 5 * time.Millisecond

// reached says whether memory may fall below the floor before the next reading, if
// it falls at most twice as far as it ever fell between two. Memory that cannot be
// read bounds nothing.
func (f *floor) reached(now time.Duration) bool {
	if f.least == 0 || f.everMeasured && now-f.checked < checkEvery {
		return false
	}
	available, err := f.available()
	if err != nil {
		return false
	}
	if f.everMeasured && available < f.last {
		f.steep = max(f.steep, f.last-available)
	}
	f.last, f.checked, f.everMeasured = available, now, true
	return available < f.least+2*f.steep
}
