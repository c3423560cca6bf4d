package agent

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"edgebench/runners"
)

// Probe asks random live instances, one request at a time, while others are added
// and until all requests are sent.
type Probe struct {
	// Requests is how many are sent at least, if there is an instance to ask.
	Requests int `json:"requests"`
	// Seed decides which instances are asked.
	Seed uint64 `json:"seed"`
}

// Probed is what the probe found.
type Probed struct {
	Requests uint64 `json:"requests"`
	// Right is how many responses were the right ones.
	Right uint64 `json:"right"`
	// Latency is the HDR histogram of the right responses' times in nanoseconds,
	// compressed, in base64; "" if there are none.
	Latency string `json:"latency,omitempty"`
	// Failed says what the first other response was, "" if there was none.
	Failed string `json:"failed,omitempty"`
}

// The probe's pace while instances are added: a request at most every probeEvery,
// and rests for probeRest times as long as the last request took, so that it takes
// at most a twentieth of a core.
const (
	probeEvery = time.Millisecond
	probeRest  = 20
)

// probed probes while add runs, and after it until there were enough requests. A
// response that is not right calls halt.
func (p *instances) probed(ctx context.Context, q Probe, add, halt func()) *Probed {
	l := &liveProbe{
		p: p, random: rand.New(rand.NewPCG(q.Seed, 0)), halt: halt,
		latency: hdrhistogram.New(shortest, longest, digits),
	}
	added, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		l.during(ctx, added)
	}()
	add()
	close(added)
	<-stopped
	for l.found.Requests < uint64(q.Requests) && ctx.Err() == nil && l.request(ctx) {
	}
	return l.result()
}

// liveProbe is a probe at work.
type liveProbe struct {
	p        *instances
	random   *rand.Rand
	halt     func()
	latency  *hdrhistogram.Histogram
	response []byte
	found    Probed
}

// during probes at its pace until all instances have been added.
func (l *liveProbe) during(ctx context.Context, added <-chan struct{}) {
	for {
		from := runners.Now()
		l.request(ctx)
		pause := time.NewTimer(max(probeEvery, probeRest*(runners.Now()-from)))
		select {
		case <-added:
			pause.Stop()
			return
		case <-ctx.Done():
			pause.Stop()
			return
		case <-pause.C:
		}
	}
}

// request asks one instance. It returns false if there is none. Nobody else calls
// an instance that is live, so that its calls never overlap.
func (l *liveProbe) request(ctx context.Context) bool {
	in := l.pick()
	if in == nil {
		return false
	}
	x := l.p.exchange
	from := runners.Now()
	var err error
	l.response, err = in.Call(ctx, l.response[:0], x.Request)
	took := runners.Now() - from
	if err == nil {
		err = verify(l.response, x)
	}
	if err == nil {
		err = keep(l.latency, took)
	}
	l.found.Requests++
	if err == nil {
		l.found.Right++
		return true
	}
	if l.found.Failed == "" {
		l.found.Failed = fmt.Sprintf("a live instance did not answer: %v", err)
	}
	l.halt()
	return true
}

func (l *liveProbe) pick() runners.Instance {
	l.p.mu.Lock()
	defer l.p.mu.Unlock()
	if len(l.p.live) == 0 {
		return nil
	}
	return l.p.live[l.random.IntN(len(l.p.live))]
}

func (l *liveProbe) result() *Probed {
	if l.found.Right == 0 {
		return &l.found
	}
	b, err := l.latency.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		l.found.Failed = fmt.Sprintf("encode the latencies: %v", err)
		return &l.found
	}
	l.found.Latency = string(b)
	return &l.found
}
