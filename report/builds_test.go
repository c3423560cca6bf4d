package report_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"edgebench/bench/experiment/size"
	"edgebench/bench/stat/estimate"
	"edgebench/report"
	"edgebench/report/model"
	"edgebench/report/reporttest"
	"edgebench/results"

	"github.com/google/go-cmp/cmp"
)

// An artefact has one row, whichever systems were given it; what can't be had
// of it is absent and not empty.
func TestSizesOfArtefacts(t *testing.T) {
	m := good()
	g := grids(m, "artefacts-")[0]
	if g.Title != "Sizes of rewrite" || g.RowTitle() != "artefact" {
		t.Errorf("the first grid is %q of each %s", g.Title, g.RowTitle())
	}
	var got []string
	for _, r := range g.Rows {
		line := string(r.System.Side) + ": " + r.System.Name
		for i, e := range r.Entries {
			if e.State != model.Measured {
				line += " " + string(e.State)
				continue
			}
			if e.Estimate.Interval == nil || e.Estimate.Interval.Method != estimate.Exact {
				t.Errorf("the %s of %s is not exact", g.Columns[i].Label, r.System.Name)
			}
			line += fmt.Sprintf(" %.0f", e.Estimate.Value)
		}
		got = append(got, line)
	}
	want := []string{
		"WASM: c module 3100 1550 absent",
		"WASM: c+simd module 3720 1860 absent",
		"process: c binary 23000 11500 absent",
		"process: c+simd binary 27600 13800 absent",
		"containers: c scratch image 24488 12500 1",
		"containers: go+debian image 123999488 62000000 2",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if e := find(t, grids(m, "kept-")[0], "wasmtime/aot", "c+simd").Estimate; e.Value != 4*3720 {
		t.Errorf("wasmtime keeps %v bytes of c+simd", e.Value)
	}
}

// Records of a time before there was more than one figure give what they have.
func TestSizesOfOldRecords(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	records = slices.DeleteFunc(records, func(r results.Record) bool { return r.Experiment != size.Name || r.Outcome != results.OK })
	for i := range records {
		records[i].Kind, records[i].Metrics = "", records[i].Metrics[:1]
	}
	g := grids(report.Build(plan, env, records), "artefacts-")[0]
	if len(g.Rows) != 4 || g.Rows[0].System.Name != "c module" || g.Rows[2].System.Name != "c binary" {
		t.Errorf("the rows are %+v", g.Rows)
	}
}

func TestBuildsStandSideBySide(t *testing.T) {
	var list []*model.Pairs
	for _, e := range elements(good()) {
		if e.Pairs != nil {
			list = append(list, e.Pairs)
		}
	}
	if len(list) != 1 { // go+debian has no go beside it
		t.Fatalf("%d pairings", len(list))
	}
	x := list[0]
	if x.Workload != "rewrite" || x.Base != "c" || x.Apart != "c+simd" || x.ID != "builds-rewrite-c-simd" {
		t.Errorf("the pairing is %+v", x)
	}
	var whats []string
	for _, r := range x.Rows {
		if len(whats) == 0 || whats[len(whats)-1] != r.What {
			whats = append(whats, r.What)
		}
		if r.What != "cold" {
			continue
		}
		if r.Ratio == nil || r.Ratio.Interval == nil || math.Abs(r.Ratio.Value-0.5) > 0.05 || !r.Ratio.Interval.Contains(0.5) {
			t.Errorf("the ratio of %s is %+v", r.System.Name, r.Ratio)
		}
	}
	want := []string{"deploy", "boot", "cold", "pooled", "hot", "reused ×1", "shipped", "kept on disk"}
	if d := cmp.Diff(want, whats); d != "" {
		t.Error(d)
	}
	if got := []string{x.Rows[0].System.Name, x.Rows[1].System.Name, x.Rows[2].System.Name}; !cmp.Equal(got, []string{"wazero/compiler", "wasmtime/aot", "process/plain"}) {
		t.Errorf("the order is %q", got)
	}
}

// A component stands beside the module of the same source, which runs in another mode.
func TestComponentsBesideModules(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	component := func(c *results.Cell) {
		if c.Build == "c+simd" && c.Runner == "wasmtime" {
			c.Build, c.Mode = "c+component", "component-"+c.Mode
		}
	}
	for i := range plan.Specs {
		component(&plan.Specs[i].Cell)
	}
	for i := range records {
		component(&records[i].Cell)
	}
	for _, e := range elements(report.Build(plan, env, records)) {
		if e.Pairs == nil || e.Pairs.Apart != "c+component" {
			continue
		}
		for _, r := range e.Pairs.Rows {
			if r.What == "cold" && r.System.Name == "wasmtime/component-aot" && r.Ratio != nil && math.Abs(r.Ratio.Value-0.5) < 0.05 {
				return
			}
		}
	}
	t.Error("the component has no row with its ratio to the module")
}

// A plus in a build's name neither gets lost nor makes two names of one.
func TestNamesWithAPlus(t *testing.T) {
	ids := map[string]bool{}
	m := good()
	for _, g := range grids(m, "") {
		if ids[g.ID] || strings.ContainsAny(g.ID, "+ =") {
			t.Errorf("the ID %q occurs twice or is not safe", g.ID)
		}
		ids[g.ID] = true
	}
	if !ids["ladder-rewrite-c-simd-page-cache-warm"] {
		t.Errorf("the IDs are %v", ids)
	}
}

func TestToolchainsAreNamed(t *testing.T) {
	var got []string
	for _, x := range good().Toolchains {
		got = append(got, x.Artefact+": "+x.Tools+" / "+x.Flags+": "+strings.Join(x.Workloads, " "))
	}
	want := []string{
		"c binary: clang 14, musl 1.2.3 / : rewrite",
		"c module: clang 14 / -O2: noop rewrite",
		"c+simd module: clang 14 / -O2 -msimd128: rewrite",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
