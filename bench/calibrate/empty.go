package calibrate

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/plan"
	"edgebench/bench/stat"
	"edgebench/bench/stat/diagnose"
	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// empty measures the harness's empty operations.
func (x *calibration) empty(ctx context.Context, r *Report) error {
	readings, rounds, calls := 200_000, 5000, 4000
	if x.Quick {
		readings, rounds, calls = 50_000, 1000, 1000
	}
	x.Observer.Step("empty: the clock")
	r.Empty = append(r.Empty, distribution("two readings of the clock", clock(readings)))
	for _, s := range x.Systems {
		if !light(s.Runner) {
			continue
		}
		x.Observer.Step("empty: " + s.System.String())
		turns, err := x.roundTrips(ctx, s.System, rounds)
		if err == nil {
			r.Empty = append(r.Empty, distribution("a round trip of the protocol, agent of "+s.Runner, turns))
			turns, err = x.nothing(ctx, s, calls)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("the empty measurement of %s: %w", s.System, err)
		}
		r.Empty = append(r.Empty, distribution("a request to noop, hot, "+s.System.String(), turns))
	}
	return nil
}

// light says whether a runner adds next to nothing to a round trip of its agent: no
// container, and no library that is called through cgo.
func light(runner string) bool {
	e, _ := runners.Find(runner)
	return e.Side != runners.SideContainers && !e.Cgo
}

// clock reads it twice, over and over.
func clock(n int) []float64 {
	all := make([]float64, n)
	for i := range all {
		from := runners.Now()
		all[i] = (runners.Now() - from).Seconds()
	}
	return all
}

// roundTrips asks an agent for what costs it nothing: to sweep a scope that
// nobody has used.
func (x *calibration) roundTrips(ctx context.Context, s results.System, n int) ([]float64, error) {
	all := make([]float64, n)
	err := x.visit(ctx, s, func(ctx context.Context, a trial.Agent, _ string) error {
		q := protocol.Request{Sweep: &protocol.Sweep{Scope: x.Trials.Scope + "-none"}}
		for i := range all {
			from := runners.Now()
			if _, err := a.Ask(ctx, q); err != nil {
				return err
			}
			all[i] = (runners.Now() - from).Seconds()
		}
		return nil
	})
	return all, err
}

// visit talks to an agent outside of any trial, but watches the machine as
// beside one. The folder is f's alone.
func (x *calibration) visit(ctx context.Context, s results.System, f func(ctx context.Context, a trial.Agent, scratch string) error) error {
	scratch := filepath.Join(x.Trials.Scratch, "t"+strconv.Itoa(x.seq))
	x.seq++
	before := x.aside(s)
	since := func() map[string]float64 { return nil }
	if x.Trials.Watch != nil {
		since = x.Trials.Watch()
	}
	_, err := x.Trials.Visit(ctx, s.Runner, scratch, deadline, func(ctx context.Context, a trial.Agent) error {
		return f(ctx, a, scratch)
	})
	x.note(append(diagnose.Beside(since(), x.engine(s)), before...))
	return err
}

// nothing is a trial with nothing in it, in five processes.
func (x *calibration) nothing(ctx context.Context, s plan.System, n int) ([]float64, error) {
	if err := x.offerFirst(ctx, s, "noop", "noop"); err != nil {
		return nil, err
	}
	var all []float64
	for range 5 {
		r, err := x.do(ctx, coldStart(s.System, results.Hot, "noop", n/5))
		if err != nil {
			return nil, err
		}
		all = append(all, values(r, coldstart.FirstResponse)...)
	}
	return all, nil
}

// offerFirst gives the trial runner a workload with its first exchange under
// names.
func (x *calibration) offerFirst(ctx context.Context, s plan.System, workload string, names ...string) error {
	p, err := x.prepare(ctx, workload, s)
	if err != nil {
		return err
	}
	exchange, err := x.Exchange(workload)
	if err != nil {
		return err
	}
	for _, name := range names {
		x.offer(s.System, name, p, exchange)
	}
	return nil
}

func distribution(what string, all []float64) Distribution {
	return Distribution{
		What: what, Values: len(all),
		P50: stat.Median(all), P90: stat.Quantile(all, 0.9), P99: stat.Quantile(all, 0.99), Max: slices.Max(all),
	}
}
