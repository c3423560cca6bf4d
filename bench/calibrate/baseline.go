package calibrate

import (
	"context"
	"slices"
	"time"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/plan"
	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
)

// nearly is how far the harness's figure may be from the baseline loop's.
const nearly = 0.03

// loop is what is compared with a baseline loop.
type loop struct {
	rung           results.Rung
	workload, what string
	// of sums up the times of a side.
	of func(seconds []float64) float64
}

// loops are those of a system's rungs that have a baseline loop. To a process and a
// container their start stands for instantiating: they have nothing loaded. Starts
// count by their lower quartile: much code of the kernel takes part in them.
func loops(s plan.System) []loop {
	const workload = "rewrite"
	deploy := loop{results.Deploy, workload, "deploy, harness to baseline loop", quarter}
	start := loop{results.Cold, workload, "start, harness to baseline loop", quarter}
	call := loop{results.Hot, workload, "a call, harness to baseline loop", slices.Min[[]float64]}
	switch {
	case slices.Contains(s.Takes, runners.Image):
		return []loop{start}
	case s.Mode.Parks:
		return []loop{deploy, start, call}
	}
	return []loop{
		deploy,
		{results.Boot, workload, "boot, harness to baseline loop", quarter},
		start,
		{results.Pooled, workload, "instantiate, harness to baseline loop", slices.Min[[]float64]},
		call,
	}
}

// baseline sets the harness's figures beside those of loops against the library
// alone. A runner without one answers that it is unavailable.
func (x *calibration) baseline(ctx context.Context, r *Report) error {
	var list []*question
	for _, s := range x.Systems {
		for _, l := range loops(s) {
			row := rowOf(s.System, l.rung, l.what, "ratio", 1, nearly, 0)
			q := &question{rows: []*Row{row}, cost: blockTakes}
			t, err := x.first(ctx, s, l.workload)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				q.reject(err)
			}
			t.rung = l.rung
			q.ask = func(ctx context.Context) ([]float64, error) { return x.askBaseline(ctx, t, l.of) }
			if l.rung == results.Boot {
				q.ask = func(ctx context.Context) ([]float64, error) { return x.askBoot(ctx, t, l.of) }
			}
			list = append(list, q)
		}
	}
	err := x.interview(ctx, Baseline, list, x.budget(Baseline))
	for _, row := range rowsOf(list) {
		if row.Verdict != Unavailable {
			r.Baseline = append(r.Baseline, row)
		}
	}
	return err
}

// first is the task to answer a workload's first exchange.
func (x *calibration) first(ctx context.Context, s plan.System, workload string) (task, error) {
	t := task{system: s.System}
	e, err := x.Exchange(workload)
	if err != nil {
		return t, err
	}
	t.exchanges = []runners.Exchange{e}
	t.ready, err = x.prepare(ctx, workload, s)
	return t, err
}

// Bounds of a block beside the baseline loop: how often each side has its turn, and
// how long and how many iterations at most a turn takes. Where a turn takes longer,
// as one start of a container does, a block ends after fewer turns.
const (
	changes        = 32
	fewestChanges  = 8
	turnTakes      = 15 * time.Millisecond
	turnIterations = 1000
	blockTakes     = 4 * changes * turnTakes
)

// askBaseline is one block: harness and baseline loop by turns in one process, since
// processes differ in luck by more than these two may.
func (x *calibration) askBaseline(ctx context.Context, t task, of func([]float64) float64) ([]float64, error) {
	t.iterations, t.within = turnIterations, turnTakes
	var times [2][]float64 // of the harness, of the baseline loop, in seconds
	err := x.visit(ctx, t.system, func(ctx context.Context, a trial.Agent, scratch string) error {
		from := runners.Now()
		for i := range changes {
			if i >= fewestChanges && runners.Now()-from > blockTakes {
				break
			}
			for _, side := range x.random.Perm(len(times)) {
				t.baseline = side == 1
				took, err := x.ask(ctx, a, scratch, t)
				if err != nil {
					return err
				}
				for _, d := range took {
					times[side] = append(times[side], d.Seconds())
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return []float64{of(times[0]) / of(times[1])}, nil
}

// bootChanges is how often each side of a block of the rung boot has its turn.
const bootChanges = 16

// askBoot is one block of the rung boot, each start of which is a process: an agent
// of the harness, or a process that makes the library's calls alone.
func (x *calibration) askBoot(ctx context.Context, t task, of func([]float64) float64) ([]float64, error) {
	t.iterations, t.within, t.baseline = 1, within, true
	const name = "boot"
	x.offer(t.system, name, t.ready, t.exchanges[0])
	var times [2][]float64 // of the harness, of the baseline loop, in seconds
	err := x.visit(ctx, t.system, func(ctx context.Context, a trial.Agent, scratch string) error {
		for range bootChanges {
			for _, side := range x.random.Perm(len(times)) {
				var took []float64
				if side == 0 {
					r, err := x.do(ctx, coldStart(t.system, results.Boot, name, 1))
					if err != nil {
						return err
					}
					took = values(r, coldstart.FirstResponse)
				} else {
					all, err := x.ask(ctx, a, scratch, t)
					if err != nil {
						return err
					}
					took = []float64{all[0].Seconds()}
				}
				times[side] = append(times[side], took...)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return []float64{of(times[0]) / of(times[1])}, nil
}
