package agent

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"edgebench/runners"
	"edgebench/runners/protocol"
)

// GrowTask asks for live instances (Grow → Grown). The first task of an agent sets
// the subject; later ones add instances.
const GrowTask = "grow"

// Grow asks for To live instances, each of which has answered one request.
// None is begun after Within.
type Grow struct {
	To     int           `json:"to"`
	Within time.Duration `json:"within_ns"`
}

// Grown is the number of live instances, with the time that the last task took.
type Grown struct {
	Live    int                   `json:"live"`
	Elapsed time.Duration         `json:"elapsed_ns"`
	Owners  *runners.MemoryOwners `json:"owners,omitempty"`
	// Stopped is the reason why no more could be added, "" if there was no
	// failure.
	Stopped string `json:"stopped,omitempty"`
}

func grow(ctx context.Context, s *server, q protocol.Task) (any, error) {
	p, err := read[Grow](q)
	if err != nil {
		return nil, err
	}
	if s.live == nil {
		if s.live, err = open(ctx, s.runner, q.Subject); err != nil {
			return nil, err
		}
	}
	return s.live.grow(ctx, p)
}

// instances is a growing number of live instances of one workload.
type instances struct {
	rt       runners.Runtime
	loaded   runners.Loaded
	live     []runners.Instance
	exchange runners.Exchange
	// ping is the request that checks whether an instance is alive.
	ping     []byte
	response []byte
}

// open boots and loads.
func open(ctx context.Context, r runners.Runner, q protocol.Subject) (*instances, error) {
	rt, err := r.Boot(ctx, q.Ready())
	if err != nil {
		return nil, err
	}
	loaded, err := rt.Load(ctx, q.Prepared, nil)
	if err != nil {
		return nil, firstError(err, rt.Close())
	}
	p := &instances{rt: rt, loaded: loaded, exchange: q.Exchanges[0]}
	if q.Prepared.Artefact.Interface != runners.Frames {
		p.ping = p.exchange.Request
	}
	return p, nil
}

// grow adds instances until the number is reached, the time is over or one
// fails. A failure is a result (density looks for it), not an error. A wrong
// response is an error, since the other instances are not reliable then.
//
// Before it returns, it gives the heap's free pages back to the system, so that
// the memory readings that follow do not include them.
func (p *instances) grow(ctx context.Context, q Grow) (*Grown, error) {
	g := &Grown{}
	from := runners.Now()
	for len(p.live) < q.To && runners.Now()-from < q.Within && ctx.Err() == nil {
		in, err := p.loaded.Instantiate(ctx, nil)
		if err != nil {
			g.Stopped = err.Error()
			break
		}
		p.live = append(p.live, in)
		p.response, err = in.Call(ctx, p.response[:0], p.exchange.Request)
		if err != nil {
			g.Stopped = err.Error()
			p.live = p.live[:len(p.live)-1]
			in.Close()
			break
		}
		if err := verify(p.response, p.exchange); err != nil {
			return nil, err
		}
	}
	g.Elapsed = runners.Now() - from
	g.Live = p.count(ctx, g)
	debug.FreeOSMemory()
	if owner, ok := p.rt.(runners.MemoryOwner); ok {
		owners, err := owner.MemoryOwners(ctx)
		if err != nil {
			return nil, err
		}
		g.Owners = &owners
	}
	return g, nil
}

// count calls all instances and counts those that respond: an instance that died
// after its first response is not live. It sends a ping if the workload supports
// one, otherwise a request.
func (p *instances) count(ctx context.Context, g *Grown) int {
	live := 0
	for i, in := range p.live {
		var err error
		if p.response, err = in.Call(ctx, p.response[:0], p.ping); err == nil {
			live++
		} else if g.Stopped == "" {
			g.Stopped = fmt.Sprintf("instance %d of %d has died: %v", i+1, len(p.live), err)
		}
	}
	return live
}

// closers is how many instances are closed at a time: an engine takes a tenth
// of a second for each and waits for most of that time.
const closers = 8

// close closes all instances, also after an error, and returns the first error.
func (p *instances) close() error {
	errs := make([]error, len(p.live))
	free := make(chan struct{}, closers)
	var wg sync.WaitGroup
	for i, in := range p.live {
		free <- struct{}{}
		wg.Go(func() {
			errs[i] = in.Close()
			<-free
		})
	}
	wg.Wait()
	return firstError(append(errs, p.loaded.Close(), p.rt.Close())...)
}
