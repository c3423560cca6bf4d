package report_test

import (
	"math"
	"strings"
	"sync"
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat/estimate"
	"edgebench/report"
	"edgebench/report/model"
	"edgebench/report/reporttest"
	"edgebench/results"
)

// In this run, the first start of each trial takes three times as long as the
// further ones.
var slowFirsts = sync.OnceValue(func() *model.Model {
	plan, env, records := reporttest.Run(1)
	for i := range records {
		for _, m := range records[i].Metrics {
			for j := range m.Values {
				if m.Name == coldstart.FirstResponse {
					m.Values[j] = 0.001
				}
			}
			if m.Name == coldstart.FirstResponse && len(m.Values) > 1 {
				m.Values[0] = 0.003
			}
		}
	}
	return report.Build(plan, env, records)
})

func TestFirstAndLaterStartsAreColumns(t *testing.T) {
	m := slowFirsts()
	g := grids(m, "ladder-rewrite-c-page-cache-warm")[0]
	var labels []string
	for _, c := range g.Columns {
		labels = append(labels, c.Label)
		if c.Undrawn != strings.HasSuffix(c.Label, "first") {
			t.Errorf("%s is undrawn: %v", c.Label, c.Undrawn)
		}
	}
	if got := strings.Join(labels, "; "); got != "deploy; boot; cold, first; cold, later; pooled, first; pooled, later; hot" {
		t.Fatalf("the columns are %s", got)
	}
	for column, want := range map[string]float64{"cold, first": 0.003, "cold, later": 0.001, "pooled, first": 0.003, "deploy": 0.001, "hot": 0.001} {
		e := find(t, g, "wasmtime/aot", column)
		if e.State != model.Measured || math.Abs(e.Estimate.Value-want) > 1e-12 || e.Grade == nil {
			t.Errorf("%s: %s, %+v, grade %v, want %v", column, e.State, e.Estimate, e.Grade, want)
		}
	}
	if e := find(t, g, "wasmtime/aot", "cold, first"); e.Estimate.Trials != e.Estimate.Values {
		t.Errorf("%d first starts in %d trials", e.Estimate.Values, e.Estimate.Trials)
	}
}

// The daemon was there before the trial, whose only start is a later one.
func TestADaemonHasLaterStartsOnly(t *testing.T) {
	g := grids(slowFirsts(), "ladder-rewrite-c-page-cache-warm")[0]
	first, later := find(t, g, "docker/runc-none", "cold, first"), find(t, g, "docker/runc-none", "cold, later")
	if first.State != model.LaterOnly || first.State.Word() != "later only" || !strings.Contains(first.Why, "daemon") {
		t.Errorf("the first start is %s (%s)", first.State.Word(), first.Why)
	}
	if later.State != model.Measured || later.Estimate.Value != 0.001 {
		t.Errorf("later starts are %s, %+v", later.State, later.Estimate)
	}
	if e := find(t, g, "docker/runc-none", "boot"); e.State != model.Absent {
		t.Errorf("boot is %s", e.State)
	}
}

// An engine that the run starts itself has a first start, which is that of the daemon's
// mode too: in the ladder, and in the table.
func TestAnEngineOfTheRunHasAFirstStart(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	own := results.System{Runner: "docker", Mode: "own-runc-none"}
	env.Systems = append(env.Systems, results.SystemState{System: own, Version: "29.1", Rungs: []results.Rung{results.Cold}})
	for _, spec := range plan.Specs {
		if spec.Mode == "runc-none" && spec.Experiment == coldstart.Name && spec.Rung() == results.Cold {
			spec.System = own
			plan.Specs = append(plan.Specs, spec)
		}
	}
	for _, r := range records {
		if r.Mode != "runc-none" || r.Experiment != coldstart.Name || r.Rung() != results.Cold || r.Outcome != results.OK {
			continue
		}
		r.System, r.Seq = own, len(records)
		r.Phases = nil
		r.Metrics = []results.Metric{{Name: coldstart.FirstResponse, Unit: results.Seconds, Values: []float64{0.9, 0.3, 0.3}}}
		records = append(records, r)
	}
	m := report.Build(plan, env, records)
	g := grids(m, "ladder-rewrite-c-page-cache-warm")[0]
	for _, system := range []string{"docker/runc-none", "docker/own-runc-none"} {
		if e := find(t, g, system, "cold, first"); e.State != model.Measured || e.Estimate.Value != 0.9 {
			t.Errorf("the first start of %s is %s, %+v", system, e.State.Word(), e.Estimate)
		}
	}
	if e := find(t, g, "docker/own-runc-none", "cold, later"); e.State != model.Measured || e.Estimate.Value != 0.3 {
		t.Errorf("the later starts are %s, %+v", e.State.Word(), e.Estimate)
	}
}

// Where each trial has one start, there is nothing to divide.
func TestSingleStartsHaveOneColumn(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	var kept []results.Record
	for _, r := range records {
		if r.Runner == "docker" {
			continue
		}
		for i, m := range r.Metrics {
			if m.Name == coldstart.FirstResponse {
				r.Metrics[i].Values = m.Values[:1]
			}
		}
		kept = append(kept, r)
	}
	m := report.Build(plan, env, kept)
	if e := find(t, grids(m, "ladder-rewrite-c-page-cache-warm")[0], "wasmtime/aot", "cold"); e.State != model.Measured {
		t.Errorf("cold starts are %s", e.State)
	}
}

// All starts are still what runs are compared by and what is counted among grades;
// both parts are exported.
func TestStartsStandBesideTheWhole(t *testing.T) {
	m := slowFirsts()
	metrics := map[string]int{}
	for _, s := range m.Export.Summaries {
		if s.Experiment == coldstart.Name && s.Workload == "noop" && s.Rung() == results.Cold {
			metrics[s.Metric]++
		}
	}
	if metrics[estimate.FirstStart] != 9 || metrics[estimate.LaterStarts] != 11 || metrics[coldstart.FirstResponse] != 11 {
		t.Errorf("exported are %v", metrics)
	}
	counted := 0
	for _, n := range m.Quality.Graded {
		counted += n
	}
	graded := 0
	for key := range m.Quality.Grades {
		if key.Metric != estimate.FirstStart && key.Metric != estimate.LaterStarts {
			graded++
		}
	}
	if counted != graded || len(m.Quality.Grades) == graded {
		t.Errorf("%d grades are counted of %d, %d in all", counted, graded, len(m.Quality.Grades))
	}
}
