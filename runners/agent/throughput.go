package agent

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"edgebench/runners"
	"edgebench/runners/protocol"
)

// The histogram's range and precision: 1 ns to a minute, three digits.
const (
	shortest = 1
	longest  = int64(time.Minute)
	digits   = 3
)

// ThroughputTask asks for a closed loop (Throughput → ThroughputResult): each worker
// sends its next request when the response to its last one has been received and
// verified.
const ThroughputTask = "throughput"

// Throughput are the parameters of ThroughputTask.
type Throughput struct {
	Workers int `json:"workers"`
	// Duration is the time after which no worker begins a further request. Each
	// worker sends at least one.
	Duration time.Duration `json:"duration_ns"`
	// Fresh gives each request an instance of its own.
	Fresh bool `json:"fresh"`
	// Slow makes each request longer by this share of its latency.
	Slow float64 `json:"slow,omitempty"`
	// Placement is of a single worker with a reused instance.
	Placement Placement `json:"placement,omitempty"`
}

// ThroughputResult is the outcome of a closed loop.
type ThroughputResult struct {
	Requests uint64        `json:"requests"`
	Elapsed  time.Duration `json:"elapsed_ns"`
	// Latency is a HDR histogram in nanoseconds, compressed, in base64.
	Latency string `json:"latency"`
}

// throughput runs a closed loop of workers. Every response is verified between
// two requests. The latency excludes that time; the rate includes it.
func throughput(ctx context.Context, s *server, q protocol.Task) (_ any, err error) {
	p, err := read[Throughput](q)
	if err != nil {
		return nil, err
	}
	if p.Workers < 1 || p.Duration <= 0 {
		return nil, fmt.Errorf("a closed loop needs a worker and a duration")
	}
	if p.Placement != Anywhere && (p.Fresh || p.Workers > 1) {
		return nil, fmt.Errorf("a placement is of one worker with a reused instance")
	}
	if err := slowness(p.Slow).check(); err != nil {
		return nil, err
	}
	rt, err := s.runner.Boot(ctx, q.Subject.Ready())
	if err != nil {
		return nil, err
	}
	defer func() { err = firstError(err, rt.Close()) }()
	loaded, err := rt.Load(ctx, q.Subject.Prepared, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = firstError(err, loaded.Close()) }()

	workers := make([]*worker, p.Workers)
	defer func() {
		for _, w := range workers {
			err = firstError(err, w.close())
		}
	}()
	for i := range workers {
		workers[i] = newWorker(loaded, q.Subject.Exchanges, p)
		if err := workers[i].warm(ctx); err != nil {
			return nil, err
		}
	}
	if err := p.Placement.hold(ctx, machineCores, rt); err != nil {
		return nil, err
	}
	return loop(ctx, workers, p.Duration)
}

// loop runs all workers for the duration and adds up their results. Elapsed ends
// when the last worker has its last response.
func loop(ctx context.Context, workers []*worker, d time.Duration) (*ThroughputResult, error) {
	var wg sync.WaitGroup
	errs := make([]error, len(workers))
	from := runners.Now()
	for i, w := range workers {
		wg.Go(func() { errs[i] = w.run(ctx, from+d) })
	}
	wg.Wait()
	out := &ThroughputResult{Elapsed: runners.Now() - from}
	if err := firstError(errs...); err != nil {
		return nil, err
	}
	all := workers[0].latency
	for _, w := range workers[1:] {
		all.Merge(w.latency)
	}
	out.Requests = uint64(all.TotalCount())
	b, err := all.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		return nil, fmt.Errorf("encode the latencies: %w", err)
	}
	out.Latency = string(b)
	return out, nil
}

// worker is one client of the closed loop.
type worker struct {
	loaded    runners.Loaded
	exchanges []runners.Exchange
	fresh     bool
	slow      slowness
	live      runners.Instance
	response  []byte
	latency   *hdrhistogram.Histogram
}

func newWorker(l runners.Loaded, exchanges []runners.Exchange, p Throughput) *worker {
	return &worker{
		loaded: l, exchanges: exchanges, fresh: p.Fresh, slow: slowness(p.Slow),
		latency: hdrhistogram.New(shortest, longest, digits),
	}
}

// warm makes the instance that is reused and sends it each exchange once.
func (w *worker) warm(ctx context.Context) (err error) {
	if w.fresh {
		return nil
	}
	if w.live, err = w.loaded.Instantiate(ctx, nil); err != nil {
		return err
	}
	for _, x := range w.exchanges {
		if w.response, err = exchange(ctx, w.live, w.response, x); err != nil {
			return err
		}
	}
	return nil
}

// run sends requests one after another. None begins at or after until, but for the
// first: a worker that starts late has a latency too.
func (w *worker) run(ctx context.Context, until time.Duration) error {
	for i := 0; ctx.Err() == nil; i++ {
		x := &w.exchanges[i%len(w.exchanges)]
		from := runners.Now()
		if i > 0 && from >= until {
			return nil
		}
		if err := w.request(ctx, x, from); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// request sends one request. The latency of a fresh instance includes Instantiate
// but not Close, which a client does not wait for; the rate includes both. A slowed
// runner's latency is longer by its share. Its rate is lower by less, since
// verifying and closing are not slowed.
func (w *worker) request(ctx context.Context, x *runners.Exchange, from time.Duration) (err error) {
	in := w.live
	if w.fresh {
		if in, err = w.loaded.Instantiate(ctx, nil); err != nil {
			return err
		}
		defer func() { err = firstError(err, in.Close()) }()
	}
	w.response, err = in.Call(ctx, w.response[:0], x.Request)
	at := runners.Now()
	if err != nil {
		return fmt.Errorf("exchange %s: %w", x.Name, err)
	}
	if w.slow > 0 {
		at = w.slow.hold(at, at-from)
	}
	if err := keep(w.latency, at-from); err != nil {
		return err
	}
	return verify(w.response, *x)
}

// keep records a time in a histogram; a time outside its range is clamped to it.
func keep(h *hdrhistogram.Histogram, took time.Duration) error {
	if err := h.RecordValue(min(max(int64(took), shortest), longest)); err != nil {
		return fmt.Errorf("record a time of %v: %w", took, err)
	}
	return nil
}

func (w *worker) close() error {
	if w == nil || w.live == nil {
		return nil
	}
	return w.live.Close()
}
