package coldstart

import (
	"slices"
	"strings"
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat/compare"
	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
)

// phaseRun is a run of a system on the rung pooled, with trials of an instantiation each.
func phaseRun(s results.System, seconds ...float64) *view.View {
	cell := results.Cell{
		Experiment: coldstart.Name, System: s, Artefact: results.Artefact{Workload: "rewrite", Build: "c"},
		Params: coldstart.WarmParams(results.Pooled),
	}
	plan := results.Plan{Specs: []results.Spec{{Trials: max(1, len(seconds)), Cell: cell}}}
	var records []results.Record
	for i, x := range seconds {
		records = append(records, results.Record{
			Cell: cell, Seq: i, Outcome: results.OK,
			Metrics: []results.Metric{{Name: coldstart.FirstResponse, Unit: results.Seconds, Values: []float64{x * 1.1}}},
			Phases:  []results.Metric{{Name: "instantiate", Unit: results.Seconds, Values: []float64{x}}},
		})
	}
	env := results.Environment{Systems: []results.SystemState{{System: s}}}
	v := view.New(plan, env, records, nil)
	v.Summarise()
	return v
}

// verdictsOn gives the verdicts on the claims about a system.
func verdictsOn(v *view.View, s results.System) (list []string) {
	for _, i := range claimed(v).Items {
		if i.System.Is(s) {
			list = append(list, i.Cells[4])
		}
	}
	return list
}

// TestClaims judges instantiations that meet a claim, miss it, and straddle its bound.
func TestClaims(t *testing.T) {
	isolate, ahead := results.System{Runner: "v8", Mode: "isolate"}, results.System{Runner: "wasmtime", Mode: "aot"}
	for name, c := range map[string]struct {
		system  results.System
		seconds []float64
		want    compare.Verdict
	}{
		"as claimed":    {isolate, []float64{4e-3, 4.1e-3, 4.2e-3, 4.3e-3, 4.4e-3, 4.5e-3}, compare.Holds},
		"faster":        {isolate, []float64{4e-4, 4.1e-4, 4.2e-4, 4.3e-4, 4.4e-4, 4.5e-4}, compare.Fails},
		"slower":        {ahead, []float64{1e-4, 1.1e-4, 1.2e-4, 1.3e-4, 1.4e-4, 1.5e-4}, compare.Fails},
		"on both sides": {ahead, []float64{1e-5, 2e-5, 4e-5, 6e-5, 8e-5, 9e-5}, compare.Undecided},
		"too few":       {ahead, []float64{1e-5}, compare.Undecided},
		"without trial": {ahead, nil, compare.Unmeasured},
	} {
		t.Run(name, func(t *testing.T) {
			got := verdictsOn(phaseRun(c.system, c.seconds...), c.system)
			if len(got) == 0 || !strings.HasPrefix(got[0], string(c.want)) {
				t.Errorf("the verdicts are %q, want %q", got, c.want)
			}
		})
	}
}

// TestClaimsWithoutCells has a line for each claim and system, also where a run holds
// nothing of it.
func TestClaimsWithoutCells(t *testing.T) {
	l := claimed(phaseRun(results.System{Runner: "process", Mode: "plain"}))
	if len(l.Items) < len(claims()) {
		t.Fatalf("%d lines for %d claims", len(l.Items), len(claims()))
	}
	if slices.ContainsFunc(l.Items, func(i model.Item) bool {
		return len(i.Cells) != len(l.Columns) || i.Cells[4] != string(compare.Unmeasured)
	}) {
		t.Errorf("%+v", l.Items)
	}
}
