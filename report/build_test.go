package report_test

import (
	gocmp "cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"edgebench/bench/experiment/memory"
	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/estimate"
	"edgebench/report"
	"edgebench/report/model"
	"edgebench/report/reporttest"
	"edgebench/results"

	"github.com/google/go-cmp/cmp"
)

// good is a model that tests share; nothing changes a model.
var good = sync.OnceValue(func() *model.Model { return report.Build(reporttest.Run(1)) })

func row(t *testing.T, m *model.Model, property string) model.TableRow {
	t.Helper()
	for _, r := range m.Table.Rows {
		if r.Property == property {
			return r
		}
	}
	t.Fatalf("the table has no row %q", property)
	return model.TableRow{}
}

// verdicts gives those of a row and of its classes by name.
func verdicts(r model.TableRow) map[string]compare.Verdict {
	all := map[string]compare.Verdict{"": r.Verdict}
	for _, c := range r.Classes {
		all[c.Name] = c.Verdict
	}
	return all
}

const (
	docker   = "minimal image, Docker"
	engine   = "minimal image, no engine"
	gvisor   = "distribution image, gVisor"
	ahead    = "small module, compiled ahead"
	atStart  = "small module, compiled at start"
	notFound = compare.Unmeasured
)

func TestTableVerdicts(t *testing.T) {
	for property, want := range map[string]map[string]compare.Verdict{
		"cold start": {"": compare.Depends, docker: compare.Holds, engine: compare.Fails, gvisor: notFound,
			ahead: compare.Fails, atStart: compare.Fails}, // wasmer needs more than 1 ms
		"image size": {"": compare.Depends, docker: compare.Fails, engine: compare.Fails, gvisor: notFound,
			ahead: compare.Holds, atStart: compare.Holds},
		"isolation":   {"": compare.Unmeasured},
		"portability": {"": compare.Unmeasured},
		"density": {"": compare.Depends, docker: compare.Holds, engine: compare.Fails, gvisor: notFound,
			ahead: compare.Holds, atStart: compare.Holds},
	} {
		r := row(t, good(), property)
		if d := cmp.Diff(want, verdicts(r)); d != "" || len(r.Because(nil)) == 0 {
			t.Errorf("%s because %q: %s", property, r.Because(nil), d)
		}
	}
	for _, property := range []string{"memory/instance", "throughput"} {
		if r := row(t, good(), property); r.Verdict != compare.NoClaim || r.Classes[0].Verdict != compare.NoClaim {
			t.Errorf("%s: %+v", property, r)
		}
	}
}

// class gives one of a row by name.
func class(t *testing.T, r model.TableRow, name string) model.ClassResult {
	t.Helper()
	for _, c := range r.Classes {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("%s has no class %q", r.Property, name)
	return model.ClassResult{}
}

func TestColdStartRow(t *testing.T) {
	r := row(t, good(), "cold start")
	c := class(t, r, docker)
	if len(c.Cells) != 1 || c.Cells[0].System.Name != "docker/runc-none" || c.Cells[0].Cell.Rung() != results.Cold {
		t.Errorf("containers are %+v", c.Cells)
	}
	if v := c.Cells[0].Entry.Estimate; v.Value < 0.2 || v.Value > 0.3 || v.Interval == nil || v.Trials != reporttest.Blocks {
		t.Errorf("docker's cold start is %+v", v)
	}
	if g := class(t, r, ahead).Range; g == nil || g.Cells != 3 || g.Best.System.Name != "wasmtime/aot" || g.Worst.System.Name != "wasmer/cranelift-aot" {
		t.Errorf("the range is %+v", g)
	}
	// Each leading module against the leading container.
	if len(r.Ratios) != 4 || r.Ratios[0].Over.System.Name != "docker/runc-none" || r.Ratios[0].Under.System.Name != "wazero/compiler" {
		t.Errorf("ratios are %+v", r.Ratios)
	}
	if x := r.Ratios[0].Ratio; x.Value < 400 || x.Value > 800 || x.Interval == nil {
		t.Errorf("the ratio is %+v", x)
	}
	want := []string{
		"containers ≥ 100 ms: holds for minimal image, Docker; does not hold for minimal image, no engine; not measured: " +
			"distribution image, gVisor (unavailable: the engine has no runtime runsc; install gVisor and add it to daemon.json)",
		"WASM < 1 ms: does not hold for small module, compiled ahead (wasmer/cranelift-aot); small module, compiled at start",
	}
	if d := cmp.Diff(want, r.Because(nil)); d != "" {
		t.Error(d)
	}
}

func TestThroughputPrefersMore(t *testing.T) {
	g := class(t, row(t, good(), "throughput"), ahead).Range
	if g.Best.Entry.Estimate.Value < g.Worst.Entry.Estimate.Value || g.Worst.System.Name != "wasmer/cranelift-aot" {
		t.Errorf("the range is %+v", *g)
	}
}

func TestDensityRowMarksLowerBounds(t *testing.T) {
	r := row(t, good(), "density")
	if c := class(t, r, ahead).Cells[0]; !c.LowerBound || c.Entry.Estimate.Value != 2000 {
		t.Errorf("wazero is %+v", c)
	}
	if c := class(t, r, docker).Cells[0]; c.LowerBound || c.Entry.Estimate.Value != 511 {
		t.Errorf("docker is %+v", c)
	}
}

// What a network adds follows from the compressed size.
func TestNetworkIsComputed(t *testing.T) {
	sizes, network := grids(good(), "artefacts-rewrite")[0], grids(good(), "network-rewrite")[0]
	if len(network.Rows) == 0 || len(network.Rows) != len(sizes.Rows) {
		t.Fatalf("%d rows of %d artefacts", len(network.Rows), len(sizes.Rows))
	}
	for i, r := range network.Rows {
		want := sizes.Rows[i].Entries[1].Estimate.Value * 8 / 1e9
		if got := r.Entries[2].Estimate; math.Abs(got.Value-want) > want/1e9 || got.Unit != results.Seconds {
			t.Errorf("%s takes %v on 1 Gbit/s, want %v s", r.System.Name, got, want)
		}
	}
}

// find returns the entry of a system in a column.
func find(t *testing.T, g *model.Grid, system, column string) model.Entry {
	t.Helper()
	for _, r := range g.Rows {
		for i, c := range g.Columns {
			if r.System.Name == system && c.Label == column {
				return r.Entries[i]
			}
		}
	}
	t.Fatalf("%s has no %s of %s", g.Title, column, system)
	return model.Entry{}
}

// elements gives all of a model.
func elements(m *model.Model) []model.Element {
	var list []model.Element
	for _, s := range m.Sections {
		list = append(list, s.Elements...)
	}
	return list
}

// grids gives those whose ID begins so.
func grids(m *model.Model, prefix string) []*model.Grid {
	var list []*model.Grid
	for _, e := range elements(m) {
		if e.Grid != nil && strings.HasPrefix(e.Grid.ID, prefix) {
			list = append(list, e.Grid)
		}
	}
	return list
}

// charts gives those whose ID begins so.
func charts(m *model.Model, prefix string) []*model.Chart {
	var list []*model.Chart
	for _, e := range elements(m) {
		if e.Chart != nil && strings.HasPrefix(e.Chart.ID, prefix) {
			list = append(list, e.Chart)
		}
	}
	return list
}

func TestLadderStates(t *testing.T) {
	g := grids(good(), "ladder-")[1]
	if g.ID != "ladder-rewrite-c-page-cache-warm" || g.Reference != "process/plain" {
		t.Fatalf("the second ladder is %s to %s", g.ID, g.Reference)
	}
	for _, c := range []struct {
		system, rung string
		want         model.State
	}{
		{"wazero/compiler", "cold, later", model.Measured},
		{"docker/runc-none", "boot", model.Absent},
		{"wasmer/cranelift-aot", "pooled, first", model.Failed},
	} {
		e := find(t, g, c.system, c.rung)
		if e.State != c.want || (e.State == model.Failed && e.Why == "") {
			t.Errorf("%s on %s is %s (%s), want %s", c.system, c.rung, e.State, e.Why, c.want)
		}
		if e.State == model.Measured && (e.Ratio == nil || e.Ratio.Interval == nil) {
			t.Errorf("%s on %s has no ratio", c.system, c.rung)
		}
	}
	if find(t, g, "process/plain", "cold, later").Ratio != nil {
		t.Error("the reference has a ratio to itself")
	}
}

func TestSectionsAreThere(t *testing.T) {
	m := good()
	for prefix, want := range map[string]int{
		"ladder-": 3, "memory-": 1, "throughput-": 2, "latency-": 2, "artefacts-": 1, "kept-": 1,
	} {
		if got := len(grids(m, prefix)); got != want {
			t.Fatalf("%d grids %s…, want %d", got, prefix, want)
		}
	}
	if e := find(t, grids(m, "memory-")[0], "wazero/compiler", "MemAvailable").Estimate; math.Abs(e.Value-92e3) > 10e3 {
		t.Errorf("wazero's slope is %v, want about 92,000", e.Value)
	}
	if e := find(t, grids(m, "memory-")[0], "wazero/compiler", "control group"); e.State != model.Absent {
		t.Errorf("wazero's control group is %+v", e)
	}
	if e := find(t, grids(m, "throughput-")[0], "docker/runc-none", "fresh ×2"); e.State != model.Measured {
		t.Errorf("docker's fresh throughput is %+v", e)
	}
	if e := find(t, grids(m, "latency-")[0], "wazero/compiler", "reused ×1 p99.9"); e.State != model.Measured || e.Estimate.Interval.Method != estimate.TrialRange {
		t.Errorf("wazero's latency is %+v", e)
	}
	if list := charts(m, "density-"); len(list) != 1 || len(list[0].Series) != 11 {
		t.Errorf("the charts of density are %+v", list)
	}
	distributions := charts(m, "distribution")
	if len(distributions) != 1 || len(distributions[0].Series) != 7 {
		t.Fatalf("the distributions are %+v, want the six systems of the table and the reference", distributions)
	}
	for _, s := range distributions[0].Series {
		byX := slices.IsSortedFunc(s.Points, func(a, b model.Point) int { return gocmp.Compare(a.X, b.X) })
		byY := slices.IsSortedFunc(s.Points, func(a, b model.Point) int { return gocmp.Compare(a.Y, b.Y) })
		if !byX || !byY || math.Abs(s.Points[len(s.Points)-1].Y-1) > 1e-9 {
			t.Errorf("the line of %s is no distribution", s.System.Name)
		}
	}
	if len(m.Failures) != 2 || m.Failures[0].Trials != reporttest.Blocks || m.Counts.Failed != 2*reporttest.Blocks {
		t.Errorf("failures are %+v", m.Failures)
	}
	if len(m.LeftOut) != 2 || m.LeftOut[0].What != "docker/runsc-none" {
		t.Errorf("left out are %+v", m.LeftOut)
	}
}

func TestPhasesKeepTheirOrder(t *testing.T) {
	for _, e := range elements(good()) {
		if e.Stack == nil || e.Stack.ID != "phases-rewrite-c-page-cache-warm" {
			continue
		}
		if e.Stack.Detail || e.Stack.Picture == nil {
			t.Error("the table's starts have no picture, or are a detail")
		}
		p := e.Stack.Panels[0]
		var names []string
		for _, part := range p.Bars[0].Parts {
			names = append(names, part.Name)
		}
		if diff := cmp.Diff([]string{"read", "compile", "store", "load", "instantiate", "first_call"}, names); diff != "" || p.Label != "deploy" {
			t.Error(p.Label, diff)
		}
		return
	}
	t.Error("there is no stack of phases")
}

// The order of the records in the file is not the order of the plan, and must
// not matter.
func TestBuildDoesNotDependOnOrder(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	random := rand.New(rand.NewPCG(4, 4))
	random.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	if diff := cmp.Diff(good(), report.Build(plan, env, records)); diff != "" {
		t.Errorf("the model differs:\n%s", diff)
	}
}

func TestMemoryRowNeedsManyInstancesForMemAvailable(t *testing.T) {
	if r := row(t, good(), "memory/instance"); !strings.Contains(r.Measure, "MemAvailable for each") {
		t.Errorf("measured as %q", r.Measure)
	}
	m := with(func(_ *results.Plan, _ *results.Environment, records []results.Record) []results.Record {
		for i, r := range records {
			if r.Experiment == memory.Name && r.Runner == "docker" {
				for j := range r.Metrics {
					records[i].Metrics[j].Values = r.Metrics[j].Values[:3]
				}
			}
		}
		return records
	})
	if r := row(t, m, "memory/instance"); !strings.HasPrefix(r.Measure, "growth of PSS") {
		t.Errorf("measured as %q", r.Measure)
	}
}
