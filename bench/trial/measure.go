package trial

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// coldStart asks for the time to the first verified response on a rung.
func (l *Lab) coldStart(ctx context.Context, a Agent, t results.Trial, s protocol.Subject, r *results.Record) error {
	q := protocol.Request{Measure: &protocol.Measure{
		Subject: s, Rung: t.Cell.Rung, Iterations: t.Iterations, Within: t.Duration, Spread: t.Spread,
		Slow: l.Slowed[t.Cell.Runner],
	}}
	if t.Cell.Rung == results.Boot {
		// The agent reads its request on the clock: no more than it needs.
		q.Measure.Exchanges = q.Measure.Exchanges[:1]
		return l.boot(ctx, a, q, r)
	}
	if t.Cell.Rung.Ready() {
		q.Measure.Pace = l.paces.full(t.Cell)
	}
	reply, err := a.Ask(ctx, q)
	if err != nil {
		return err
	}
	if reply.Measured != nil {
		l.paces.met(t.Cell, reply.Measured.Pace)
	}
	return recordTimes(r, reply.Measured)
}

// boot reads its time on this side: it begins before the agent's process. What
// the agent did not see of it is the phase spawn, which holds the start of the
// process, its way to main and the way of the request and of the answer.
func (l *Lab) boot(ctx context.Context, a Agent, q protocol.Request, r *results.Record) error {
	reply, took, err := a.AskBoot(ctx, q)
	if err != nil {
		return err
	}
	m := reply.Measured
	if m == nil || len(m.FirstResponse) != 1 {
		return fmt.Errorf("the agent gave no time for the boot rung")
	}
	spawn := protocol.Phase{Name: runners.PhaseSpawn, Values: []time.Duration{took - m.FirstResponse[0]}}
	m.Phases = append([]protocol.Phase{spawn}, m.Phases...)
	m.FirstResponse[0] = took
	return recordTimes(r, m)
}

func recordTimes(r *results.Record, m *protocol.Measured) error {
	if m == nil || len(m.FirstResponse) == 0 {
		return fmt.Errorf("the agent gave no times")
	}
	r.Metrics = append(r.Metrics,
		seconds(results.FirstResponse, m.FirstResponse...),
		seconds(results.EmptyMeasurement, m.Empty))
	if m.Iterations > 1 {
		r.Metrics = append(r.Metrics, seconds(results.LeastResponse, m.Least),
			results.Metric{Name: results.Iterations, Unit: results.Count, Values: []float64{float64(m.Iterations)}})
	}
	if m.Pace > 0 {
		r.Metrics = append(r.Metrics, seconds(results.Pace, m.Pace))
	}
	for _, p := range m.Phases {
		r.Phases = append(r.Phases, seconds(p.Name, p.Values...))
	}
	return nil
}

func seconds(name string, values ...time.Duration) results.Metric {
	m := results.Metric{Name: name, Unit: results.Seconds, Values: make([]float64, len(values))}
	for i, v := range values {
		m.Values[i] = v.Seconds()
	}
	return m
}

// throughput asks for a closed loop.
func (l *Lab) throughput(ctx context.Context, a Agent, t results.Trial, s protocol.Subject, r *results.Record) error {
	workers, err := strconv.Atoi(t.Conditions[results.Concurrency])
	if err != nil {
		return fmt.Errorf("read the plan's concurrency: %w", err)
	}
	reply, err := a.Ask(ctx, protocol.Request{Saturate: &protocol.Saturate{
		Subject: s, Workers: workers, Duration: t.Duration, Fresh: t.Cell.Rung != results.Hot,
		Slow: l.Slowed[t.Cell.Runner],
	}})
	if err != nil {
		return err
	}
	m := reply.Saturated
	if m == nil || m.Requests == 0 || m.Elapsed <= 0 {
		return fmt.Errorf("no request was answered within %v", t.Duration)
	}
	r.Metrics = append(r.Metrics, results.Metric{
		Name: results.RequestRate, Unit: results.RequestsPerSecond,
		Values: []float64{float64(m.Requests) / m.Elapsed.Seconds()},
	})
	r.Histograms = append(r.Histograms, results.Histogram{
		Name: results.Latency, Unit: results.Seconds, Scale: 1e-9, Encoded: m.Latency,
	})
	return nil
}

// recordSize needs no agent: what is shipped and kept was found out when it was
// prepared, the rest before the first trial.
func recordSize(r *results.Record, p runners.Prepared, s Sized) error {
	if s.Err != nil {
		return s.Err
	}
	in := func(name string, v uint64) {
		r.Metrics = append(r.Metrics, results.Metric{Name: name, Unit: results.Bytes, Values: []float64{float64(v)}})
	}
	in(results.ArtefactSize, p.Shipped)
	r.Metrics = append(r.Metrics, s.Metrics...)
	in(results.PreparedSize, p.Stored)
	r.Facts = map[string]string{results.ArtefactKind: string(p.Artefact.Kind)}
	return nil
}

// maxError bounds a reason in a record, in bytes.
const maxError = 1000

func oneLine(err error) string {
	s := strings.Join(strings.Fields(err.Error()), " ")
	if len(s) > maxError {
		s = strings.ToValidUTF8(s[:maxError], "") + "…"
	}
	return s
}
