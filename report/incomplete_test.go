package report_test

import (
	"slices"
	"strings"
	"testing"

	"edgebench/bench/stat/compare"
	"edgebench/report"
	"edgebench/report/model"
	"edgebench/report/reporttest"
	"edgebench/results"
)

// with changes the environment and the records of the good run.
func with(change func(*results.Plan, *results.Environment, []results.Record) []results.Record) *model.Model {
	plan, env, records := reporttest.Run(1)
	// The table alone is looked at: what it does not rest on costs time.
	stands := slices.Concat(plan.Table.Containers, plan.Table.Wasm, plan.Table.Fallback)
	records = slices.DeleteFunc(records, func(r results.Record) bool {
		return r.Workload != plan.Table.Workload || !slices.Contains(stands, r.System)
	})
	return report.Build(plan, env, change(&plan, &env, records))
}

func TestFallbackIsSaid(t *testing.T) {
	m := with(func(_ *results.Plan, env *results.Environment, records []results.Record) []results.Record {
		for i := range env.Systems {
			if env.Systems[i].Runner == "docker" {
				env.Systems[i].Unavailable = "no engine answers; start one"
			}
		}
		return slices.DeleteFunc(records, func(r results.Record) bool { return r.Runner == "docker" })
	})
	if c := row(t, m, "cold start").Containers.Cells; len(c) != 1 || c[0].System.Name != "oci/embedded" {
		t.Errorf("containers are %+v", c)
	}
	said := slices.ContainsFunc(m.Table.Notes, func(n string) bool {
		return strings.Contains(n, "docker/runc-none was not available or not asked for; oci/embedded stands for containers instead")
	})
	if !said {
		t.Errorf("notes are %q", m.Table.Notes)
	}
}

// A container that fails is a failure. Another one does not take its place.
func TestFailureDoesNotFallBack(t *testing.T) {
	m := with(func(_ *results.Plan, _ *results.Environment, records []results.Record) []results.Record {
		for i, r := range records {
			if r.Runner == "docker" && r.Outcome == results.OK {
				records[i].Outcome, records[i].Error = results.Failed, "the engine went away"
				records[i].Metrics, records[i].Phases, records[i].Histograms = nil, nil, nil
			}
		}
		return records
	})
	r := row(t, m, "cold start")
	if c := r.Containers.Cells[0]; c.System.Name != "docker/runc-none" || c.Entry.State != model.Failed || c.Entry.Why != "the engine went away" {
		t.Errorf("containers are %+v", c)
	}
	if r.Verdict.Containers != compare.Undecided {
		t.Errorf("the verdict on containers is %s", r.Verdict.Containers)
	}
}

// A system that can't be had here takes no part in the verdict, but is named.
func TestUnavailableModulesHaveNoSay(t *testing.T) {
	m := with(func(_ *results.Plan, env *results.Environment, records []results.Record) []results.Record {
		for i := range env.Systems {
			if env.Systems[i].Runner == "wasmer" {
				env.Systems[i].Unavailable = "there is no C compiler"
			}
		}
		return slices.DeleteFunc(records, func(r results.Record) bool { return r.Runner == "wasmer" })
	})
	v := row(t, m, "cold start").Verdict
	if v.Verdict != compare.Holds || len(v.RestsOn) != 3 || !strings.Contains(v.Reason, "was not measured for wasmer/cranelift-aot (unavailable)") {
		t.Errorf("the verdict is %+v", v)
	}
}

// Trials that failed are told of beside those that did not.
func TestFailuresStandBesideFigures(t *testing.T) {
	m := with(func(_ *results.Plan, _ *results.Environment, records []results.Record) []results.Record {
		for i, r := range records {
			if r.Runner == "docker" && r.Rung() == results.Cold && r.Block < 2 {
				records[i] = results.Record{Run: r.Run, Seq: r.Seq, Block: r.Block, Cell: r.Cell, Outcome: results.Failed, Error: "the engine went away"}
			}
		}
		return records
	})
	c := row(t, m, "cold start").Containers.Cells[0]
	if c.Entry.State != model.Measured || c.Entry.Estimate.Trials != reporttest.Blocks-2 || c.Entry.Why != "2 of 10 trials failed: the engine went away" {
		t.Errorf("the cell is %+v", c)
	}
	if c.Verdict != compare.Holds || c.Reason == "" {
		t.Errorf("the verdict is %s because %q", c.Verdict, c.Reason)
	}
}

func TestFewTrialsAreUndecided(t *testing.T) {
	m := with(func(_ *results.Plan, _ *results.Environment, records []results.Record) []results.Record {
		return slices.DeleteFunc(records, func(r results.Record) bool { return r.Block > 3 })
	})
	v := row(t, m, "cold start").Verdict
	if v.Verdict != compare.Undecided || !strings.Contains(v.Reason, "need ≥ 6 trials, have 4") {
		t.Errorf("the verdict is %+v", v)
	}
	if m.Counts.Missing == 0 {
		t.Error("nothing is missing")
	}
}
