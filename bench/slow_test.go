package bench_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/runners/agent"

	"edgebench/bench"
	"edgebench/bench/plan"
	"edgebench/results"
	"edgebench/runners/protocol"
)

// A run that slows a runner says so in its plan, and asks its agents for it, also
// when it has been interrupted and is completed. What an agent makes of it is
// tested there.
func TestSlowedRunResumesSlowed(t *testing.T) {
	h, o := open(t), options(t, "wazero")
	o.Filter.Rungs = []results.Rung{results.Hot}
	o.Config.Matrix = slices.DeleteFunc(o.Config.Matrix, func(e plan.Entry) bool { return e.Experiment != coldstart.Name })
	o.Slowed = map[string]float64{"wazero": results.MaxSlowed}
	var asked []float64 // by how much each measurement is to be slowed
	h.Overhear(func(q protocol.Request) {
		if q.Task == nil {
			return
		}
		var p agent.ColdStart
		if err := json.Unmarshal(q.Task.Parameters, &p); err != nil {
			t.Error(err)
		}
		asked = append(asked, p.Slow)
	})
	ctx, cancel := context.WithCancel(t.Context())
	w := &watcher{onTrial: func(done int) {
		if done == 2 {
			cancel()
		}
	}}
	if _, err := h.Measure(ctx, o, w); !errors.Is(err, bench.ErrInterrupted) {
		t.Fatal(err)
	}
	before := len(asked)
	if _, err := h.Resume(t.Context(), o.Dir, o.Host, &watcher{}); err != nil {
		t.Fatal(err)
	}
	p, _, records, err := results.Read(o.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(p.Slowed, o.Slowed) {
		t.Errorf("the plan slows %v, want %v", p.Slowed, o.Slowed)
	}
	if before < 2 || len(asked)-before < 2 || len(asked) < len(records) {
		t.Errorf("%d measurements were asked for before the interruption and %d after it, for %d records", before, len(asked)-before, len(records))
	}
	for i, slow := range asked {
		if slow != results.MaxSlowed {
			t.Errorf("measurement %d is to be slowed by %v", i, slow)
		}
	}
}
