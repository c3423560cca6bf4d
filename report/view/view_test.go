package view

import (
	"slices"
	"testing"
	"time"

	"edgebench/bench/stat"
	"edgebench/report/model"
	"edgebench/results"
)

func start(runner string, params map[string]string) results.Cell {
	return results.Cell{
		System: results.System{Runner: runner, Mode: "a"}, Artefact: results.Artefact{Workload: "noop", Build: "c"},
		Experiment: "coldstart", Params: results.NewParams(params),
	}
}

func record(seq int, c results.Cell, outcome results.Outcome, reason string) results.Record {
	return results.Record{Seq: seq, Cell: c, Outcome: outcome, Error: reason}
}

func TestStates(t *testing.T) {
	cold := map[string]string{results.RungParam: "cold"}
	ok, failed, absent := start("ok", cold), start("failed", cold), start("absent", map[string]string{results.RungParam: "hot"})
	gone, missing, unrunged := start("gone", cold), start("missing", cold), start("absent", nil)
	v := New(
		results.Plan{Specs: []results.Spec{{Cell: missing, Trials: 1}, {Cell: absent, Trials: 1}, {Cell: unrunged, Trials: 1}}},
		results.Environment{Systems: []results.SystemState{
			{System: absent.System, Rungs: []results.Rung{results.Cold}}, {System: gone.System, Unavailable: "no library"},
		}},
		[]results.Record{record(0, ok, results.OK, ""), record(1, ok, results.Failed, "a trap"), record(2, failed, results.Failed, "a trap")}, nil)
	for _, c := range []struct {
		cell results.Cell
		want model.State
		why  string
	}{
		{ok, model.Measured, ""}, {failed, model.Failed, "a trap"}, {absent, model.Absent, "this system has no such rung"},
		{gone, model.Unavailable, "no library"}, {missing, model.Missing, "the run ended before"},
		{unrunged, model.Missing, "the run ended before"}, {start("none", cold), model.Unplanned, "not part of this run"},
	} {
		if state, why := v.State(c.cell); state != c.want || why != c.why {
			t.Errorf("%s is %s (%s), want %s (%s)", c.cell, state, why, c.want, c.why)
		}
	}
	if why := v.Besides(ok); why != "1 of 2 trials failed: a trap" {
		t.Errorf("beside: %q", why)
	}
}

// A release is old two years later, and what has no day is not.
func TestOldReleases(t *testing.T) {
	env := results.Environment{At: time.Date(2026, 11, 29, 5, 0, 0, 0, time.UTC)}
	days := map[string]bool{"2024-11-28": true, "2024-11-29": true, "2024-11-30": false, "": false, "some day": false}
	for day := range days {
		env.Systems = append(env.Systems, results.SystemState{System: results.System{Runner: "wasmer", Mode: "m" + day}, Version: "v1", Released: day})
	}
	for _, s := range New(results.Plan{}, env, nil, nil).Systems {
		if want := days[s.Released]; s.Old != want || s.Mode != "m"+s.Released {
			t.Errorf("%s is old: %v, want %v", s.Label(), s.Old, want)
		}
	}
}

func TestTableParams(t *testing.T) {
	params := func(cache, at string) results.Params {
		return results.NewParams(map[string]string{results.PageCacheParam: cache, results.ConcurrencyParam: at})
	}
	var plan results.Plan
	plan.Table.Artefact = results.Artefact{Workload: "noop", Build: "c"}
	for _, p := range []results.Params{params("dropped", "1"), params("warm", "10"), params("warm", "2")} {
		plan.Specs = append(plan.Specs, results.Spec{Cell: start("x", p.Map())})
	}
	other := start("x", params("warm", "1").Map())
	other.Build = "rust"
	plan.Specs = append(plan.Specs, results.Spec{Cell: other})
	v := New(plan, results.Environment{}, nil, nil)
	if p, ok := v.TableParams("coldstart", ""); !ok || p != params("warm", "2") {
		t.Errorf("the parameters are %q, %v", p, ok)
	}
	fixed := results.Params("").With(results.PageCacheParam, "dropped")
	if p, ok := v.TableParams("coldstart", fixed); !ok || p != params("dropped", "1") {
		t.Errorf("with %q they are %q, %v", fixed, p, ok)
	}
	for _, placement := range []string{results.PlacementOtherCore, results.PlacementSameCore} {
		plan.Specs = append(plan.Specs, results.Spec{Cell: start("x", params("warm", "2").With(results.PlacementParam, placement).Map())})
	}
	one := params("warm", "2").With(results.PlacementParam, results.PlacementSameCore)
	if p, ok := New(plan, results.Environment{}, nil, nil).TableParams("coldstart", ""); !ok || p != one {
		t.Errorf("with placements the parameters are %q, %v", p, ok)
	}
	if _, ok := v.TableParams("memory", ""); ok {
		t.Error("an experiment without cells has parameters")
	}
}

// Derived samples take the place of those that are recorded.
func TestDerivedSamples(t *testing.T) {
	c := start("x", nil)
	r := record(0, c, results.OK, "")
	r.Metrics = []results.Metric{{Name: "raw", Unit: results.Seconds, Values: []float64{1, 2}}}
	derived := &stat.Sample{Key: stat.Key{Cell: c, Metric: "made"}, Unit: results.Seconds, Trials: []stat.Values{{Values: []float64{3}}}}
	calls := 0
	v := New(results.Plan{}, results.Environment{}, []results.Record{r}, map[results.Experiment]Derive{
		"coldstart": func([]stat.Trial, *stat.Samples) ([]*stat.Sample, []stat.Rejection) {
			calls++
			return []*stat.Sample{derived}, []stat.Rejection{{Key: derived.Key, Reason: "one more was left out"}}
		},
	})
	v.Summarise()
	raw := stat.Key{Cell: c, Metric: "raw"}
	if calls != 1 || !slices.Equal(v.Samples(), []*stat.Sample{derived}) || v.Sample(raw) != nil || v.Grouped().Get(raw) == nil {
		t.Errorf("derived %d times; the samples are %v", calls, v.Samples())
	}
	if e := v.Entry(c, "made"); e.State != model.Measured || e.Estimate.Value != 3 {
		t.Errorf("the entry is %+v", e)
	}
	if len(v.Warnings) != 1 {
		t.Errorf("warnings are %q", v.Warnings)
	}
}
