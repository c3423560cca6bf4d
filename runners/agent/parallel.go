package agent

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// ParallelTask asks for bursts of starts (Parallel → ParallelResult). In a burst the
// workers are made ready, each begins one start at the same moment, and all are
// closed when all have responded.
const ParallelTask = "parallel"

// Parallel are the parameters of ParallelTask.
type Parallel struct {
	// Rung is Cold or Pooled. On Cold each start has a runtime of its own; on
	// Pooled all starts share one Loaded.
	Rung    results.Rung `json:"rung"`
	Workers int          `json:"workers"`
	// Duration is the time after which no further burst begins. There is at
	// least one burst.
	Duration time.Duration `json:"duration_ns"`
}

// ParallelResult is the outcome of all bursts.
type ParallelResult struct {
	Starts uint64 `json:"starts"`
	// Burst is the median duration of a burst, from the moment at which its
	// starts begin to its last response.
	Burst time.Duration `json:"burst_ns"`
	// Median is the median latency. Latency is the HDR histogram of the latencies
	// in nanoseconds, compressed, in base64. A latency begins with the burst, so
	// that it includes the time in which a start waits for a core.
	Median  time.Duration `json:"median_ns"`
	Latency string        `json:"latency"`
}

func parallel(ctx context.Context, s *server, q protocol.Task) (_ any, err error) {
	p, err := read[Parallel](q)
	if err != nil {
		return nil, err
	}
	if p.Workers < 1 || p.Duration <= 0 {
		return nil, fmt.Errorf("parallel starts need a worker and a duration")
	}
	var shared runners.Loaded
	switch p.Rung {
	case results.Cold:
	case results.Pooled:
		var rt runners.Runtime // and no err of this block's own, which the results would not hold
		if rt, err = s.runner.Boot(ctx, q.Subject.Ready()); err != nil {
			return nil, err
		}
		defer func() { err = firstError(err, rt.Close()) }()
		if shared, err = rt.Load(ctx, q.Subject.Prepared, nil); err != nil {
			return nil, err
		}
		defer func() { err = firstError(err, shared.Close()) }()
	default:
		return nil, fmt.Errorf("starts on the rung %q are not made in parallel", p.Rung)
	}
	starters := make([]*starter, p.Workers)
	for i := range starters {
		if starters[i], err = newStarter(s.runner, q.Subject, shared, i); err != nil {
			return nil, err
		}
	}
	return bursts(ctx, starters, p.Duration)
}

// bursts repeats bursts for the duration and adds up the results of all starters.
func bursts(ctx context.Context, starters []*starter, d time.Duration) (*ParallelResult, error) {
	out := &ParallelResult{}
	latency, times := hdrhistogram.New(shortest, longest, digits), hdrhistogram.New(shortest, longest, digits)
	for until := runners.Now() + d; out.Starts == 0 || runners.Now() < until; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		took, err := burst(ctx, starters)
		if err != nil {
			return nil, err
		}
		out.Starts += uint64(len(starters))
		err = keep(times, took)
		for _, s := range starters {
			err = firstError(err, keep(latency, s.latency))
		}
		if err != nil {
			return nil, err
		}
	}
	out.Burst = time.Duration(times.ValueAtQuantile(50))
	out.Median = time.Duration(latency.ValueAtQuantile(50))
	b, err := latency.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		return nil, fmt.Errorf("encode the latencies: %w", err)
	}
	out.Latency = string(b)
	return out, nil
}

// burst makes all starters ready, lets them begin at once, and closes what they
// started. It gives the time until the last response.
func burst(ctx context.Context, starters []*starter) (time.Duration, error) {
	err := each(starters, func(s *starter) error { return s.makeReady(ctx) })
	if err == nil {
		if starters[0].shared == nil {
			runtime.GC() // as on the cold rung: no start pays for what another left
		}
		g := &gate{waiting: int64(len(starters))}
		err = each(starters, func(s *starter) error { return s.start(ctx, g) })
	}
	err = firstError(err, each(starters, (*starter).close))
	took := time.Duration(0)
	for _, s := range starters {
		took = max(took, s.latency)
	}
	return took, err
}

func each(starters []*starter, do func(*starter) error) error {
	var wg sync.WaitGroup
	errs := make([]error, len(starters))
	for i, s := range starters {
		wg.Go(func() { errs[i] = do(s) })
	}
	wg.Wait()
	return firstError(errs...)
}

// gate lets starters begin at the same moment: when the last has come. They don't
// sleep meanwhile, since waking takes longer than some starts do.
type gate struct {
	waiting int64
	begins  atomic.Int64 // on the clock of runners.Now, 0 until it opens
	arrived atomic.Int64
}

// pass waits for the others and gives the moment at which the gate opened.
func (g *gate) pass() time.Duration {
	if g.arrived.Add(1) == g.waiting {
		g.begins.Store(int64(runners.Now()))
	}
	for g.begins.Load() == 0 {
		runtime.Gosched()
	}
	return time.Duration(g.begins.Load())
}

// starter is one worker of a burst.
type starter struct {
	runner  runners.Runner
	subject protocol.Subject
	// shared is what is loaded on the pooled rung, nil on the cold one.
	shared   runners.Loaded
	response []byte
	// latency is that of the last start.
	latency time.Duration

	// What the last start was made of.
	rt       runners.Runtime
	loaded   runners.Loaded
	parked   runners.Parked
	instance runners.Instance
}

// newStarter makes the n-th worker. Its runtimes have a scratch folder of their own,
// since several of them live at a time.
func newStarter(r runners.Runner, q protocol.Subject, shared runners.Loaded, n int) (*starter, error) {
	q.Options.Scratch = filepath.Join(q.Options.Scratch, "w"+strconv.Itoa(n))
	if err := os.Mkdir(q.Options.Scratch, 0o700); err != nil {
		return nil, fmt.Errorf("make a worker's folder: %w", err)
	}
	return &starter{runner: r, subject: q, shared: shared}, nil
}

// makeReady makes what exists before the clock starts.
func (s *starter) makeReady(ctx context.Context) (err error) {
	if s.shared == nil {
		s.rt, err = s.runner.Boot(ctx, s.subject.Ready())
		return err
	}
	if parker, ok := s.shared.(runners.Parker); ok {
		s.parked, err = parker.Park(ctx)
	}
	return err
}

// start makes an instance, calls it and takes the time.
func (s *starter) start(ctx context.Context, g *gate) error {
	begins := g.pass()
	if err := s.instantiate(ctx); err != nil {
		return err
	}
	x := s.subject.Exchanges[0]
	var err error
	s.response, err = s.instance.Call(ctx, s.response[:0], x.Request)
	s.latency = runners.Now() - begins
	if err != nil {
		return fmt.Errorf("exchange %s: %w", x.Name, err)
	}
	return verify(s.response, x)
}

func (s *starter) instantiate(ctx context.Context) (err error) {
	switch {
	case s.parked != nil:
		s.instance, err = s.parked.Resume(ctx, nil)
		return err
	case s.shared != nil:
		s.instance, err = s.shared.Instantiate(ctx, nil)
		return err
	}
	if s.loaded, err = s.rt.Load(ctx, s.subject.Prepared, nil); err != nil {
		return err
	}
	s.instance, err = s.loaded.Instantiate(ctx, nil)
	return err
}

// close ends what the last start was made of.
func (s *starter) close() error {
	var errs []error
	if s.instance != nil {
		errs = append(errs, s.instance.Close())
	}
	if s.parked != nil {
		errs = append(errs, s.parked.Close())
	}
	if s.loaded != nil {
		errs = append(errs, s.loaded.Close())
	}
	if s.rt != nil {
		errs = append(errs, s.rt.Close())
	}
	s.instance, s.parked, s.loaded, s.rt = nil, nil, nil, nil
	return firstError(errs...)
}
