package calibrate

import (
	"context"
	"maps"
	"math"
	"time"

	"edgebench/bench/plan"
	"edgebench/bench/trial"
	"edgebench/results"
)

// nearly is how far the harness's figure may be from the direct loop's.
const nearly = 0.03

// loop is what is compared with a direct loop.
type loop struct {
	rung           results.Rung
	workload, what string
}

// loops: an instance with the least call, and a call as it is typical. To a
// process its start stands for instantiating: it has nothing loaded.
func loops(s plan.System) []loop {
	call := loop{results.Hot, "rewrite", "a call, harness to direct loop"}
	if s.Mode.Parks {
		return []loop{{results.Cold, "noop", "start, harness to direct loop"}, call}
	}
	return []loop{{results.Pooled, "noop", "instantiate, harness to direct loop"}, call}
}

// direct sets the harness's figures beside those of loops against the library
// alone. A runner without one answers that it is unavailable.
func (x *experiment) direct(ctx context.Context, r *Report) error {
	var list []*question
	for _, s := range x.Systems {
		for _, l := range loops(s) {
			row := rowOf(s.System, l.rung, l.what, "ratio", 1, nearly, 0)
			q := &question{rows: []*Row{row}, cost: 300 * time.Millisecond}
			if err := x.offerFirst(ctx, s, l.workload, l.workload); err != nil {
				q.refuse(err)
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			q.ask = func(ctx context.Context) ([]float64, error) { return x.askDirect(ctx, s.System, l) }
			list = append(list, q)
		}
	}
	err := x.interview(ctx, Direct, list, x.budget(Direct))
	for _, row := range rowsOf(list) {
		if row.Verdict != Unavailable {
			r.Direct = append(r.Direct, row)
		}
	}
	return err
}

// askDirect is one block: trials of the harness and of the direct loop, two of
// each since their processes differ in luck, of as many iterations.
func (x *experiment) askDirect(ctx context.Context, s results.System, l loop) ([]float64, error) {
	const iterations = 3000
	harness := coldStart(s, l.rung, l.workload, iterations)
	harness.Duration = 80 * time.Millisecond
	library := harness
	library.Conditions = maps.Clone(harness.Conditions)
	library.Conditions[trial.Via] = trial.Library
	r, err := x.each(ctx, library, harness, library, harness)
	if err != nil {
		return nil, err
	}
	return []float64{math.Sqrt(low(r[1]) * low(r[3]) / (low(r[0]) * low(r[2])))}, nil
}
