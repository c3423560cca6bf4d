package report_test

import (
	"slices"
	"strings"
	"testing"

	"edgebench/bench/experiment/coldstart"
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
	stands := plan.Table.Systems("")
	records = slices.DeleteFunc(records, func(r results.Record) bool {
		return r.Workload != plan.Table.Workload || !slices.Contains(stands, r.System)
	})
	return report.Build(plan, env, change(&plan, &env, records))
}

// A class that could not be had is named with the reason, and no other stands in for
// it.
func TestAMissingClassIsSaid(t *testing.T) {
	m := with(func(_ *results.Plan, env *results.Environment, records []results.Record) []results.Record {
		for i := range env.Systems {
			if env.Systems[i].Runner == "docker" {
				env.Systems[i].Unavailable = "no engine answers; start one"
			}
		}
		return slices.DeleteFunc(records, func(r results.Record) bool { return r.Runner == "docker" })
	})
	r := row(t, m, "cold start")
	if c := class(t, r, docker); c.Verdict != compare.Unmeasured || c.Cells[0].Entry.State != model.Unavailable {
		t.Errorf("Docker is %+v", c)
	}
	if c := class(t, r, engine); c.Verdict != compare.Fails {
		t.Errorf("without an engine it is %+v", c)
	}
	if r.Verdict != compare.Fails || !strings.Contains(r.Because(nil)[0], "not measured: minimal image, Docker; distribution image, gVisor (unavailable: no engine answers; start one)") {
		t.Errorf("the row %s because %q", r.Verdict, r.Because(nil))
	}
}

// A container that fails is a failure.
func TestAFailedClassIsUndecided(t *testing.T) {
	m := with(func(_ *results.Plan, _ *results.Environment, records []results.Record) []results.Record {
		for i, r := range records {
			if r.Runner == "docker" && r.Outcome == results.OK {
				records[i].Outcome, records[i].Error = results.Failed, "the engine went away"
				records[i].Metrics, records[i].Phases, records[i].Histograms = nil, nil, nil
			}
		}
		return records
	})
	c := class(t, row(t, m, "cold start"), docker)
	if x := c.Cells[0]; x.System.Name != "docker/runc-none" || x.Entry.State != model.Failed || x.Entry.Why != "the engine went away" {
		t.Errorf("containers are %+v", x)
	}
	if c.Verdict != compare.Undecided {
		t.Errorf("the verdict on containers is %s", c.Verdict)
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
	c := class(t, row(t, m, "cold start"), ahead)
	if c.Verdict != compare.Holds || c.Range.Cells != 2 || c.Cells[2].Entry.State != model.Unavailable || c.Cells[2].Entry.Why != "there is no C compiler" {
		t.Errorf("the class is %+v", c)
	}
}

// The claim must hold for the first start of a process.
func TestLaterStartsAloneDoNotHold(t *testing.T) {
	m := with(func(_ *results.Plan, _ *results.Environment, records []results.Record) []results.Record {
		for i, r := range records {
			if r.Runner != "wazero" || r.Rung() != results.Cold {
				continue
			}
			for _, metric := range records[i].Metrics {
				if metric.Name == coldstart.FirstResponse && len(metric.Values) > 1 {
					metric.Values[0] = 0.005
				}
			}
		}
		return records
	})
	r := row(t, m, "cold start")
	c := class(t, r, ahead).Cells[0]
	if c.Verdict != compare.Fails || !c.OnlyLater || c.Entry.Estimate.Value != 0.005 || c.Later.Estimate.Value > 0.001 {
		t.Errorf("the cell is %+v", c)
	}
	if c := class(t, r, ahead).Cells[1]; c.Verdict != compare.Holds || c.OnlyLater {
		t.Errorf("another cell is %+v", c)
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
	c := class(t, row(t, m, "cold start"), docker).Cells[0]
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
	r := row(t, m, "cold start")
	if c := class(t, r, docker); c.Verdict != compare.Undecided || c.Range != nil || !c.Cells[0].Indicative() {
		t.Errorf("the class is %+v", c)
	}
	if r.Verdict != compare.Undecided || !strings.Contains(r.Because(nil)[0], "need ≥ 6 trials, have 4") {
		t.Errorf("the row is %s because %q", r.Verdict, r.Because(nil))
	}
	if m.Counts.Missing == 0 {
		t.Error("nothing is missing")
	}
}

// Classes that the run has no trials for are counted, since nothing was asked of them.
func TestUnplannedClassesAreCounted(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	for _, how := range []string{"A", "B"} {
		c := plan.Table.Classes[0]
		c.How, c.Artefacts = how, []results.Artefact{{Workload: "none", Build: "c"}}
		plan.Table.Classes = append(plan.Table.Classes, c)
	}
	r := row(t, report.Build(plan, env, records), "cold start")
	if got := r.Because(nil)[0]; !strings.HasSuffix(got, "; 2 other classes not planned") {
		t.Errorf("the row says %q", got)
	}
	if c := class(t, r, "minimal image, A"); c.Verdict != compare.Unmeasured || c.Measured() {
		t.Errorf("the class is %+v", c)
	}
}

// The slope of instances on a garbage-collected heap counts what is live.
func TestHeadRoomOfAHeapIsSaid(t *testing.T) {
	m := with(func(_ *results.Plan, env *results.Environment, records []results.Record) []results.Record {
		for i := range env.Systems {
			if (env.Systems[i].System == results.System{Runner: "wazero", Mode: "compiler"}) {
				env.Systems[i].Settings = map[string]string{"memory_allocator": "Go heap"}
			}
		}
		return records
	})
	notes := strings.Join(grids(m, "memory-")[0].Notes, "; ")
	if !strings.Contains(notes, "instances of wazero/compiler lie on Go's heap") {
		t.Errorf("the notes are %q", notes)
	}
}
