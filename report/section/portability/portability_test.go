package portability

import (
	"slices"
	"testing"
	"time"

	"edgebench/bench/experiment/portability"
	"edgebench/bench/stat/compare"
	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
)

// run is an invented run.
type run struct {
	plan    results.Plan
	env     results.Environment
	records []results.Record
}

func newRun() *run {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r := &run{plan: results.Plan{Schema: results.Schema, Run: "r", Seed: 1}, env: results.Environment{Schema: results.Schema, Run: "r", At: at}}
	artefact := results.Artefact{Workload: "rewrite", Build: "c"}
	class := func(side model.Side, how string, s ...results.System) results.Class {
		return results.Class{Side: string(side), What: "program", How: how, Lead: true, Artefacts: []results.Artefact{artefact}, Systems: s}
	}
	r.plan.Table = results.Table{Artefact: artefact, Classes: []results.Class{
		class(model.Containers, "Docker", results.System{Runner: "docker", Mode: "runc-bridge"}),
		class(model.Wasm, "compiled ahead", results.System{Runner: "wasmtime", Mode: "aot"}),
		class(model.Wasm, "compiled at start", results.System{Runner: "wazero", Mode: "jit"}),
	}}
	return r
}

// add adds a trial with its checks and one value of a metric.
func (r *run) add(system results.System, p results.Params, metric, unit string, value float64, checks ...results.Check) {
	c := results.Cell{System: system, Artefact: results.Artefact{Workload: "rewrite", Build: "c"}, Experiment: portability.Name, Params: p}
	r.plan.Specs = append(r.plan.Specs, results.Spec{Cell: c, Trials: 1})
	r.env.Systems = append(r.env.Systems, results.SystemState{System: system, Version: "v1"})
	r.records = append(r.records, results.Record{
		Schema: results.Schema, Run: "r", Seq: len(r.records), Cell: c, At: r.env.At, Outcome: results.OK, Checks: checks,
		Metrics: []results.Metric{{Name: metric, Unit: unit, Values: []float64{value}}},
	})
}

func (r *run) view() *view.View {
	v := view.New(r.plan, r.env, r.records, nil)
	v.Summarise()
	return v
}

var (
	wazero   = results.System{Runner: "wazero", Mode: "jit"}
	wasmtime = results.System{Runner: "wasmtime", Mode: "aot"}
	docker   = results.System{Runner: "docker", Mode: "runc-bridge"}
)

// elements gives the section's matrices by their identities, and its charts.
func elements(t *testing.T, v *view.View) (matrices map[string]*model.Matrix, charts []*model.Chart) {
	t.Helper()
	matrices = map[string]*model.Matrix{}
	for _, e := range build(v)[0].Elements {
		if e.Matrix != nil {
			matrices[e.Matrix.ID] = e.Matrix
		}
		if e.Chart != nil {
			charts = append(charts, e.Chart)
		}
	}
	return matrices, charts
}

func feature(name, result, expected string) results.Check {
	return results.Check{Group: string(portability.AskFeatures), Name: name, Result: result, Expected: expected, Evidence: "seen"}
}

func TestSupportMatrix(t *testing.T) {
	r := newRun()
	p := portability.Params(portability.AskFeatures)
	r.add(wazero, p, portability.Supported, results.Count, 1, feature("simd", "supported", "supported"), feature("gc", "supported", "absent"))
	r.add(wasmtime, p, portability.Supported, results.Count, 1, feature("simd", "wrong", "supported"), feature("threads", "absent", "absent"))
	matrices, _ := elements(t, r.view())
	x := matrices["portability-features"]
	if x == nil || len(x.Columns) != 2 || x.Picture == nil {
		t.Fatalf("%+v", matrices)
	}
	rows := map[string][]model.Mark{}
	for _, row := range x.Groups[0].Rows {
		rows[row.Name] = row.Marks
	}
	at := slices.IndexFunc(x.Columns, func(c model.MatrixColumn) bool { return c.System.Name == "wazero/jit" })
	for name, want := range map[string][2]string{
		"simd": {"supported", "wrong, not supported"}, "gc": {"supported, not absent", ""}, "threads": {"", "absent"},
	} {
		marks := rows[name]
		if len(marks) != 2 || marks[at].Word != want[0] || marks[1-at].Word != want[1] {
			t.Errorf("%s: %+v, want %q", name, marks, want)
		}
	}
	for _, m := range x.Legend {
		if m.Evidence != "" || m.Word == "" {
			t.Errorf("the legend has %+v", m)
		}
	}
}

// Tests that pass everywhere have no row, and a known failure warns.
func TestSpecificationMatrix(t *testing.T) {
	r := newRun()
	check := func(name, result, expected string) results.Check {
		return results.Check{Group: string(portability.AskSpecification), Name: name, Result: result, Expected: expected}
	}
	r.add(wazero, portability.Params(portability.AskSpecification), portability.Passed, results.Count, 1,
		check("a:passes", "passed", "passed"), check("a:known", "failed", "failed"), check("a:new", "failed", "passed"))
	matrices, _ := elements(t, r.view())
	x := matrices["portability-specification"]
	if x == nil || len(x.Groups) != 1 || len(x.Groups[0].Rows) != 2 || len(x.Notes) != 1 {
		t.Fatalf("%+v", x)
	}
	if m := x.Groups[0].Rows[0].Marks[0]; m.Tone != model.ToneWarn || m.Word != "known failure" {
		t.Errorf("a known failure is %+v", m)
	}
	if m := x.Groups[0].Rows[1].Marks[0]; m.Tone != model.ToneBad {
		t.Errorf("a new failure is %+v", m)
	}
}

func TestDisagreements(t *testing.T) {
	r := newRun()
	check := func(name, result string) results.Check {
		return results.Check{Group: string(portability.AskDifferences), Name: name, Result: result}
	}
	p := portability.Params(portability.AskDifferences)
	r.add(wazero, p, portability.Generated, results.Count, 2, check("seed-1", "r-1"), check("seed-1:denan", "r-1"))
	smaller := results.Check{Group: portability.GroupMinimised, Name: "seed-1", Result: portability.ResultMinimised, Evidence: "30 bytes; in base64: AGFzbQ=="}
	r.add(wasmtime, p, portability.Generated, results.Count, 2, check("seed-1", "r-2"), check("seed-1:denan", "r-1"), smaller)
	matrices, _ := elements(t, r.view())
	x := matrices["portability-differences"]
	if x == nil || len(x.Groups) != 1 || len(x.Groups[0].Rows) != 1 || len(x.Notes) != 3 {
		t.Fatalf("%+v", x)
	}
	if want := "seed-1 in wasmtime/aot, minimised: " + smaller.Evidence; !slices.Contains(x.Notes, want) {
		t.Errorf("the notes are %q, want %q among them", x.Notes, want)
	}
}

// The row is judged by counted artefacts; a class whose code is compiled ahead has as
// many as a container.
func TestRow(t *testing.T) {
	r := newRun()
	p := portability.Params(portability.AskArtefact)
	r.add(docker, p, portability.Artefacts, results.Count, 3)
	r.add(wasmtime, p, portability.Artefacts, results.Count, 3)
	r.add(wazero, p, portability.Artefacts, results.Count, 1)
	row := rows(r.view())[0]
	want := map[string]compare.Verdict{"Docker": compare.Holds, "compiled ahead": compare.Fails, "compiled at start": compare.Holds}
	for i, c := range r.plan.Table.Classes {
		if got := row.Classes[i].Verdict; got != want[c.How] {
			t.Errorf("%s: %s, want %s", c.How, got, want[c.How])
		}
	}
	if row := rows(newRun().view())[0]; row.Verdict != compare.Unmeasured || row.Reason == "" {
		t.Errorf("a run without the experiment: %+v", row)
	}
}

func TestRegistryChart(t *testing.T) {
	r := newRun()
	r.add(wazero, portability.Params(portability.AskArtefact), portability.Registry, results.Bytes, 5000)
	if _, charts := elements(t, r.view()); len(charts) != 0 {
		t.Error("a module is compared with nothing")
	}
	r.add(docker, portability.Params(portability.AskImages), portability.IndexSize, results.Bytes, 4e6)
	_, charts := elements(t, r.view())
	if len(charts) != 1 || len(charts[0].Series) != 2 {
		t.Fatalf("%+v", charts)
	}
	if charts[0].ID != "portability-registry" || charts[0].Series[0].Notes[0] == "" {
		t.Errorf("%+v", charts[0])
	}
	for _, s := range charts[0].Series {
		first, last := s.Points[0], s.Points[len(s.Points)-1]
		if last.X != 10_000 || last.Y != first.Y*last.X {
			t.Errorf("%s: %v … %v", s.System.Name, first, last)
		}
	}
}

// A module that was not built here has no line of build time.
func TestBuildTimeChart(t *testing.T) {
	r := newRun()
	r.add(docker, portability.Params(portability.AskImages), portability.BuildTime, results.Seconds, 6)
	if _, charts := elements(t, r.view()); len(charts) != 0 {
		t.Error("images are compared with nothing")
	}
	r.add(wazero, portability.Params(portability.AskArtefact), portability.BuildTime, results.Seconds, 2)
	_, charts := elements(t, r.view())
	if len(charts) != 1 || charts[0].ID != "portability-building" || charts[0].Y.Unit != results.Seconds || len(charts[0].Series) != 2 {
		t.Fatalf("%+v", charts)
	}
	want := []string{"2.00 s for one function", "6.00 s for one function"}
	var got []string
	for _, s := range charts[0].Series {
		got = append(got, s.Notes...)
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("the notes are %q, want %q", got, want)
	}
}
