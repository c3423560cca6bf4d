package agent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// ColdStartTask asks for the time to the first verified response on a rung
// (ColdStart → ColdStartTimes).
const ColdStartTask = "coldstart"

// ColdStart are the parameters of ColdStartTask.
type ColdStart struct {
	Rung results.Rung `json:"rung"`
	// Iterations is the number of kept iterations; none begins after Within, which
	// begins when that is there which the iterations share.
	Iterations int           `json:"iterations"`
	Within     time.Duration `json:"within_ns"`
	// Turns are the indices of the exchanges that the iterations time in
	// rotation; an empty list means the first exchange alone.
	Turns []int `json:"turns,omitempty"`
	// Spread is the time over which the kept iterations are distributed.
	// Iterations that are not kept fill the time between two kept ones.
	Spread time.Duration `json:"spread_ns,omitempty"`
	// Uncontended is the longest reading of the contention probe on an
	// uncontended core, 0 if unknown. Iterations go on until there were enough
	// readings that are not longer.
	Uncontended time.Duration `json:"uncontended_ns,omitempty"`
	// Slow makes each iteration longer by this share of its duration, up to
	// results.MaxSlowed.
	Slow float64 `json:"slow,omitempty"`
	// Placement is of the rung hot alone.
	Placement Placement `json:"placement,omitempty"`
}

// ColdStartTimes are the raw times of a rung, one for each iteration.
type ColdStartTimes struct {
	FirstResponse []time.Duration `json:"first_response_ns"`
	// Minimum is the shortest time of all Iterations, including those that are
	// not kept. A baseline loop does not set it.
	Minimum    time.Duration `json:"minimum_ns,omitempty"`
	Iterations int           `json:"iterations,omitempty"`
	// Probe is the k-th shortest reading of the contention probe, where k grows
	// with the length of an iteration (see enough); 0 if there were fewer
	// readings.
	Probe time.Duration `json:"probe_ns,omitempty"`
	// Phases are in the order in which they ended. Each has a value for each
	// iteration, 0 if the iteration did not mark it.
	Phases []Phase `json:"phases"`
	// Tiers are those of the code that answered.
	Tiers Tiers `json:"tiers,omitzero"`
	// Empty is the median time between two reads of the clock with nothing
	// between them, taken in this process.
	Empty time.Duration `json:"empty_ns"`
}

// Phase is one phase over all iterations.
type Phase struct {
	Name   string          `json:"name"`
	Values []time.Duration `json:"values_ns"`
}

// coldStart runs a rung repeatedly and returns its raw times. The first wrong
// response and the first error end it, since the other times of such a process
// are not reliable.
func coldStart(ctx context.Context, s *server, q protocol.Task) (_ any, err error) {
	p, err := read[ColdStart](q)
	if err != nil {
		return nil, err
	}
	if p.Rung != results.Boot {
		s.listen()
	}
	m := &measurement{
		runner: s.runner, subject: q.Subject, task: p, slow: slowness(p.Slow),
		trace: runners.NewTrace(), answered: s.answered, prober: prober{probe: newProbe()},
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	rung, err := m.rung()
	if err != nil {
		return nil, err
	}
	defer func() { err = firstError(err, m.close()) }()
	if patience := q.Subject.Patience; patience > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, patience, fmt.Errorf("%w (%v)", errNoAnswer, patience))
		defer cancel()
	}
	if err := m.repeat(ctx, rung); err != nil {
		return nil, err
	}
	m.out.Empty, m.out.Probe = empty(), m.prober.reading(m.out.Minimum)
	return &m.out, m.askTiers(ctx, rung)
}

// repeat runs a rung until the requested number of iterations is kept, or the
// time is over. If iterations are short, it reads the contention probe between
// two kept ones: a short disturbance does not matter to a long iteration. The
// iteration after a reading is not kept, since the reading has changed the caches.
// Short iterations go on until the core was uncontended.
func (m *measurement) repeat(ctx context.Context, rung func(context.Context, int) error) error {
	if err := m.ready(ctx); err != nil {
		return err
	}
	q := m.task
	from := runners.Now()
	short := false // by the minimum so far: a single iteration may be delayed
	for kept := 0; kept < q.Iterations || short && !m.prober.uncontended(q.Uncontended, m.out.Minimum); {
		passed := runners.Now() - from
		if kept > 0 && passed > q.Within {
			break
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		between := kept == q.Iterations || passed < q.Spread/time.Duration(q.Iterations)*time.Duration(kept)
		m.passing = between || m.prober.fresh
		m.prober.fresh = false
		m.timed = m.turn(kept)
		if err := rung(ctx, kept); err != nil {
			return err
		}
		if !m.passing {
			kept++
		}
		if short = m.out.Minimum < readEvery; short && between {
			m.prober.read()
		}
	}
	return nil
}

var errNoExchange = errors.New("the workload has no exchange")

// measurement is the state that the iterations of one rung share.
type measurement struct {
	runner   runners.Runner
	subject  protocol.Subject
	task     ColdStart
	slow     slowness
	trace    *runners.Trace
	answered func()
	out      ColdStartTimes
	response []byte
	// passing marks an iteration that is not kept.
	passing bool
	prober  prober
	// timed is the exchange of this iteration.
	timed runners.Exchange
	tierState

	// The state that the pooled and the hot rung keep between iterations.
	rt     runners.Runtime
	loaded runners.Loaded
	live   runners.Instance
}

// check refuses invalid parameters.
func (m *measurement) check() error {
	for _, at := range m.task.Turns {
		if at < 0 || at >= len(m.subject.Exchanges) {
			return fmt.Errorf("exchange %d takes a turn, but there are %d", at, len(m.subject.Exchanges))
		}
	}
	if m.task.Placement != Anywhere && m.task.Rung != results.Hot {
		return fmt.Errorf("the rung %s has no placement: its instances are made within the time", m.task.Rung)
	}
	return m.slow.check()
}

// turn gives the exchange whose turn it is.
func (m *measurement) turn(iteration int) runners.Exchange {
	if len(m.task.Turns) == 0 {
		return m.subject.Exchanges[0]
	}
	return m.subject.Exchanges[m.task.Turns[iteration%len(m.task.Turns)]]
}

// finish makes the call that ends every rung, stops the clock and verifies.
func (m *measurement) finish(ctx context.Context, in runners.Instance) (err error) {
	x := m.timed
	m.response, err = in.Call(ctx, m.response[:0], x.Request)
	at := runners.Now()
	m.trace.MarkAt(runners.PhaseFirstCall, at)
	if err != nil {
		return fmt.Errorf("exchange %s: %w", x.Name, err)
	}
	if m.slow > 0 { // by a share of the total; the extension belongs to this phase
		m.trace.MarkAt(runners.PhaseFirstCall, m.slow.hold(at, m.trace.Total()))
	}
	if m.task.Rung == results.Boot {
		m.answered()
	}
	if err := verify(m.response, x); err != nil {
		return err
	}
	if err := m.entered(ctx, in); err != nil {
		return err
	}
	if !m.asking || m.task.Rung == results.Boot {
		m.count()
	}
	return m.askTier(ctx, in)
}

// count takes note of an iteration.
func (m *measurement) count() {
	if took := m.trace.Total(); m.out.Iterations == 0 || took < m.out.Minimum {
		m.out.Minimum = took
	}
	m.out.Iterations++
	if !m.passing {
		m.keep()
	}
}

// entered asks, after the clock has stopped, when the workload's main was
// entered. It does so only if the trace includes the start.
func (m *measurement) entered(ctx context.Context, in runners.Instance) error {
	e, ok := in.(runners.Entrant)
	if !ok || m.task.Rung.Loaded() {
		return nil
	}
	at, ok, err := e.Entered(ctx)
	if err == nil && ok {
		m.trace.Insert(runners.PhaseEntry, at)
	}
	return err
}

// keep moves the trace into the result.
func (m *measurement) keep() {
	n := len(m.out.FirstResponse)
	m.out.FirstResponse = append(m.out.FirstResponse, m.trace.Total())
	m.trace.Phases(func(name string, d time.Duration) {
		at := slices.IndexFunc(m.out.Phases, func(p Phase) bool { return p.Name == name })
		if at < 0 {
			at = len(m.out.Phases)
			m.out.Phases = append(m.out.Phases, Phase{Name: name})
		}
		p := &m.out.Phases[at]
		for len(p.Values) <= n {
			p.Values = append(p.Values, 0)
		}
		p.Values[n] += d
	})
	for i := range m.out.Phases {
		if p := &m.out.Phases[i]; len(p.Values) <= n {
			p.Values = append(p.Values, 0)
		}
	}
}

func (m *measurement) close() (err error) {
	if m.live != nil {
		err = m.live.Close()
	}
	if m.loaded != nil {
		err = firstError(err, m.loaded.Close())
	}
	if m.rt != nil {
		err = firstError(err, m.rt.Close())
	}
	m.live, m.loaded, m.rt = nil, nil, nil
	return err
}

// exchange calls and verifies, and gives the response's buffer back for reuse.
func exchange(ctx context.Context, in runners.Instance, buf []byte, x runners.Exchange) ([]byte, error) {
	buf, err := in.Call(ctx, buf[:0], x.Request)
	if err != nil {
		return buf, fmt.Errorf("exchange %s: %w", x.Name, err)
	}
	return buf, verify(buf, x)
}

// verify compares a response with the right one.
func verify(response []byte, x runners.Exchange) error {
	if bytes.Equal(response, x.Response) {
		return nil
	}
	const most = 60
	return fmt.Errorf("exchange %s: %w: got %.*q (%d bytes), want %.*q (%d bytes)", x.Name,
		runners.ErrWrongResponse, most, response, len(response), most, x.Response, len(x.Response))
}

// empty measures a timed region with nothing in it.
func empty() time.Duration {
	var d [101]time.Duration
	for i := range d {
		from := runners.Now()
		d[i] = runners.Now() - from
	}
	slices.Sort(d[:])
	return d[len(d)/2]
}
