package calibrate

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"edgebench/bench/plan"
	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
)

// again is the allowed ratio of the second and the third time to the first.
var again = Range{0.8, 1.25}

// audited is the workload that is compiled, loaded and started.
const audited = "rewrite"

// audit looks for caches that a system keeps between two starts.
type audit struct {
	system plan.System
	rung   results.Rung
	base   runners.Artefact
	// warm is another artefact of the same meaning, which goes first in each
	// process: what a process does once, whatever it is given (bind symbols,
	// start threads, touch its own code), is no cache of an artefact.
	warm     runners.Prepared
	exchange runners.Exchange
	// kinds is the number of artefacts in a block. The minimum of their times
	// counts.
	kinds int
}

// oneKindFrom is how long a block with one artefact takes where one must do.
const oneKindFrom = 500 * time.Millisecond

// kinds is how many artefacts are tried in a block that takes less.
func (x *calibration) kinds() int {
	if x.Quick {
		return 2
	}
	return 4
}

// caches audits the rungs that begin on disk, where a process may repeat them.
// The boot rung is left to cold: each of its trials is a process of its own.
func (x *calibration) caches(ctx context.Context, r *Report) error {
	var list []*question
	for _, s := range x.Systems {
		for _, rung := range []results.Rung{results.Deploy, results.Cold} {
			q := &question{}
			for _, time := range []string{"second", "third"} {
				row := rowOf(s.System, rung, time+" time to first", "ratio", 1, 0, 0)
				row.Tolerance = again
				q.rows = append(q.rows, row)
			}
			a, err := x.newAudit(ctx, s, rung)
			from := runners.Now()
			if err == nil {
				_, err = x.askAudit(ctx, a) // and with it what it costs
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				q.reject(err)
			}
			if q.cost = runners.Now() - from; q.cost < oneKindFrom && a != nil {
				a.kinds = x.kinds()
				q.cost *= time.Duration(a.kinds)
			}
			q.ask = func(ctx context.Context) ([]float64, error) { return x.askAudit(ctx, a) }
			list = append(list, q)
		}
	}
	afford(list, x.budget(Caches))
	err := x.interview(ctx, Caches, list, x.budget(Caches))
	r.Caches = rowsOf(list)
	return err
}

func (x *calibration) newAudit(ctx context.Context, s plan.System, rung results.Rung) (*audit, error) {
	x.Observer.Step(fmt.Sprintf("%s: pilot of %s %s", Caches, s.System, rung))
	a := &audit{system: s, rung: rung, kinds: 1}
	var err error
	if a.exchange, err = x.Exchange(audited); err != nil {
		return nil, err
	}
	if a.base, err = x.Artefact(ctx, audited, s); err != nil {
		return nil, err
	}
	a.warm, err = x.freshly(ctx, a)
	return a, err
}

// freshly prepares an artefact that nobody has seen.
func (x *calibration) freshly(ctx context.Context, a *audit) (runners.Prepared, error) {
	salted, err := x.salted(a)
	if err != nil {
		return runners.Prepared{}, err
	}
	return x.Prepare(ctx, a.system.System, salted)
}

func (x *calibration) salted(a *audit) (runners.Artefact, error) {
	dir := filepath.Join(x.Trials.Scratch, "a"+strconv.Itoa(x.seq))
	x.seq++
	if err := os.Mkdir(dir, 0o700); err != nil {
		return a.base, fmt.Errorf("make a folder for an artefact: %w", err)
	}
	return a.base.CacheBusted(filepath.Join(dir, filepath.Base(a.base.Path)), uint32(x.seq))
}

// warmUps are how often a process does the rung before, where that is short.
const warmUps = 3

// askAudit is one block. One process starts several new artefacts, each a first
// time, then each a second time, then each a third time. An artefact never
// directly follows itself, since the processor's caches would still hold it. The
// block's value uses the minimum of all first, second and third times.
func (x *calibration) askAudit(ctx context.Context, a *audit) ([]float64, error) {
	unseen := make([]runners.Prepared, a.kinds)
	for i := range unseen {
		var err error
		if unseen[i], err = x.unseen(ctx, a); err != nil {
			return nil, err
		}
	}
	for _, p := range unseen {
		if err := touch(p); err != nil {
			return nil, err
		}
	}
	t := task{system: a.system.System, rung: a.rung, exchanges: []runners.Exchange{a.exchange}, iterations: 1, within: within}
	var minima [3]time.Duration
	err := x.visit(ctx, t.system, func(ctx context.Context, agent trial.Agent, scratch string) error {
		if err := x.warmUp(ctx, agent, scratch, t, a); err != nil {
			return err
		}
		for i := range minima {
			for _, t.ready = range unseen {
				times, err := x.ask(ctx, agent, scratch, t)
				if err != nil {
					return err
				}
				if minima[i] == 0 || times[0] < minima[i] {
					minima[i] = times[0]
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	first := minima[0].Seconds()
	return []float64{minima[1].Seconds() / first, minima[2].Seconds() / first}, nil
}

// warmUp does the rung with the other artefact.
func (x *calibration) warmUp(ctx context.Context, agent trial.Agent, scratch string, t task, a *audit) error {
	t.ready = a.warm
	if a.kinds > 1 {
		t.iterations = warmUps
	}
	_, err := x.ask(ctx, agent, scratch, t)
	return err
}

// touch reads the files that a runtime is about to see for the first time: that
// the kernel and the processor's caches have seen them is no cache of the
// runtime's.
func touch(p runners.Prepared) error {
	for _, path := range []string{p.Artefact.Path, p.Path} {
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
			continue // an image in an engine, or a folder
		}
		if _, err := os.ReadFile(path); err != nil {
			return fmt.Errorf("read an artefact beforehand: %w", err)
		}
	}
	return nil
}

// unseen gives what a process meets for the first time: on the deploy rung the
// artefact, on the cold rung what another process has prepared of it.
func (x *calibration) unseen(ctx context.Context, a *audit) (runners.Prepared, error) {
	if a.rung != results.Deploy {
		return x.freshly(ctx, a)
	}
	p := a.warm
	var err error
	p.Artefact, err = x.salted(a)
	return p, err
}
