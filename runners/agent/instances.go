package agent

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"edgebench/runners"
	"edgebench/runners/limits"
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
	// Starts is how many instances are started at a time where they live outside
	// the agent; 0 is one. Instances within the agent are started one by one.
	Starts int `json:"starts,omitempty"`
	// Floor is how much of the node's MemAvailable must remain, in bytes: no
	// instance is begun that may cross it. 0 is no bound.
	Floor uint64 `json:"floor_bytes,omitempty"`
	// Probe asks live instances while others are added. Without it, all of them
	// are asked for a sign of life at the end, and free heap pages are given back
	// to the system.
	Probe *Probe `json:"probe,omitempty"`
	// Unserved asks for instances that have not been sent any request. They are not
	// asked for a sign of life either.
	Unserved bool `json:"unserved,omitempty"`
	// Churn closes each instance after its first response. To and Grown.Live then
	// count those that were closed.
	Churn bool `json:"churn,omitempty"`
	// Owners asks for the memory owners beside a probe.
	Owners bool `json:"owners,omitempty"`
	// Dir, unless "", is where the first task prepares the artefact, since the subject's
	// policy is part of what is prepared (see Attempt).
	Dir string `json:"dir,omitempty"`
}

// Grown is the number of live instances, with the time in which the last task added
// instances.
type Grown struct {
	Live    int           `json:"live"`
	Elapsed time.Duration `json:"elapsed_ns"`
	// Owners are named where they are asked for, and after growing without a probe.
	Owners *runners.MemoryOwners `json:"owners,omitempty"`
	// Stopped is the reason why no more could be added, "" if there was no
	// failure. Errno is its error number, 0 if it has none.
	Stopped string        `json:"stopped,omitempty"`
	Errno   syscall.Errno `json:"errno,omitempty"`
	// Outside says that the instances live outside the agent's process.
	Outside bool `json:"outside,omitempty"`
	// Full says that the runtime itself has no room for more.
	Full bool `json:"full,omitempty"`
	// AtFloor says that a further instance might cross the floor.
	AtFloor bool `json:"at_floor,omitempty"`
	// AtLimit is the limit on what the process maps that a further instance might
	// exceed.
	AtLimit *limits.Limit `json:"at_limit,omitempty"`
	// Bound is how many instances the runtime has room for, 0 where it has no
	// bound of its own.
	Bound int `json:"bound,omitempty"`
	// Limits are those of the agent and of the node, read after growing with a
	// probe and after a failure.
	Limits []limits.Limit `json:"limits,omitempty"`
	Probed *Probed        `json:"probed,omitempty"`
}

func grow(ctx context.Context, s *server, q protocol.Task) (any, error) {
	p, err := read[Grow](q)
	if err != nil {
		return nil, err
	}
	if s.live == nil {
		if s.live, err = open(ctx, s.runner, q.Subject, p.Dir); err != nil {
			return nil, err
		}
	}
	return s.live.grow(ctx, p)
}

// instances is a growing number of live instances of one workload.
type instances struct {
	rt       runners.Runtime
	loaded   runners.Loaded
	exchange runners.Exchange
	// ping is the request that checks whether an instance is alive.
	ping     []byte
	response []byte

	headroom headroom
	release  func() error // what has been opened

	mu     sync.Mutex // of what follows while instances are added
	live   []runners.Instance
	closed int // by Churn
}

// open boots, prepares where it is given a folder for that, and loads.
func open(ctx context.Context, r runners.Runner, q protocol.Subject, dir string) (*instances, error) {
	p := &instances{exchange: q.Exchanges[0], headroom: headroom{read: limits.Mapped}}
	if dir != "" {
		c, err := confine(ctx, r, q, dir)
		if err != nil {
			return nil, err
		}
		p.rt, p.loaded, p.release = c.rt, c.loaded, c.close
	} else {
		rt, err := r.Boot(ctx, q.Ready())
		if err != nil {
			return nil, err
		}
		loaded, err := rt.Load(ctx, q.Prepared, nil)
		if err != nil {
			return nil, firstError(err, rt.Close())
		}
		p.rt, p.loaded, p.release = rt, loaded, func() error { return firstError(loaded.Close(), rt.Close()) }
	}
	if q.Prepared.Artefact.Interface != runners.Frames {
		p.ping = p.exchange.Request
	}
	return p, nil
}

// grow adds instances until the number is reached, the time is over, memory falls
// to the floor, or one fails. A failure is a result (density looks for it), not an
// error. A wrong first response is an error, since the other instances are not
// reliable then.
func (p *instances) grow(ctx context.Context, q Grow) (*Grown, error) {
	g := &Grown{}
	if b, ok := p.rt.(runners.Bounded); ok {
		g.Bound = b.Bound()
	}
	a := newAdding(p, q)
	if q.Probe != nil {
		g.Probed = p.probed(ctx, *q.Probe, func() { a.add(ctx) }, a.halt)
	} else {
		a.add(ctx)
	}
	if a.wrong != nil {
		return nil, a.wrong
	}
	g.Elapsed, g.AtFloor, g.AtLimit = a.elapsed, a.atFloor, a.atLimit
	if a.failure != nil {
		g.Stopped = a.failure.Error()
		errors.As(a.failure, &g.Errno)
		g.Full = errors.Is(a.failure, runners.ErrFull)
	}
	switch {
	case q.Probe != nil:
		g.Live = len(p.live)
	case q.Churn:
		g.Live = p.closed
		debug.FreeOSMemory()
	case q.Unserved:
		g.Live = len(p.live)
		debug.FreeOSMemory()
	default:
		g.Live = p.count(ctx, g)
		debug.FreeOSMemory()
	}
	if q.Probe != nil || g.Stopped != "" {
		g.Limits = limits.Read()
	}
	var owner runners.MemoryOwner
	if owner, g.Outside = p.rt.(runners.MemoryOwner); g.Outside && (q.Owners || q.Probe == nil) {
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
	return firstError(append(errs, p.release())...)
}
