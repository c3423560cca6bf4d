package bench_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"edgebench/bench"
	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/plan"
	"edgebench/results"
)

// A run that slows a runner says so in its plan, and is as slow when it has been
// interrupted and completed.
func TestSlowedRunResumesSlowed(t *testing.T) {
	h, o := open(t), options(t, "wazero")
	o.Filter.Rungs = []results.Rung{results.Hot}
	o.Config.Matrix = slices.DeleteFunc(o.Config.Matrix, func(e plan.Entry) bool { return e.Experiment != coldstart.Name })
	if _, err := h.Measure(t.Context(), o, &watcher{}); err != nil {
		t.Fatal(err)
	}
	plain, slowed := o, o
	slowed.Dir, slowed.Slowed = filepath.Join(t.TempDir(), "slowed"), map[string]float64{"wazero": results.MaxSlowed}
	ctx, cancel := context.WithCancel(t.Context())
	w := &watcher{onTrial: func(done int) {
		if done == 2 {
			cancel()
		}
	}}
	if _, err := h.Measure(ctx, slowed, w); !errors.Is(err, bench.ErrInterrupted) {
		t.Fatal(err)
	}
	if _, err := h.Resume(t.Context(), slowed.Dir, slowed.Host, &watcher{}); err != nil {
		t.Fatal(err)
	}
	was, is := fastestOf(t, plain.Dir), fastestOf(t, slowed.Dir)
	if len(was) != len(is) || len(is) < 5 {
		t.Fatalf("%d trials, and %d slowed ones", len(was), len(is))
	}
	for seq := range is { // 11 times as long, and some noise
		if ratio := is[seq] / was[seq]; ratio < 3 {
			t.Errorf("trial %d takes %.2f times as long", seq, ratio)
		}
	}
}

// fastestOf gives the fastest first response of each trial. Two runs of one
// seed have the same trials in the same order.
func fastestOf(t *testing.T, dir string) []float64 {
	t.Helper()
	p, _, records, err := results.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	list := make([]float64, len(p.Trials()))
	for _, r := range records {
		m, ok := r.Metric(coldstart.FirstResponse)
		if !ok {
			t.Fatalf("%s: %s", r.Cell, r.Error)
		}
		list[r.Seq] = slices.Min(m.Values)
	}
	return list
}
