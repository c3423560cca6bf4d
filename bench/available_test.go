package bench

import (
	"testing"

	"edgebench/bench/plan"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/workloads/build"
)

// Each system counts with the one artefact that it takes of a build, on each of
// its rungs; what can't be had counts for nothing.
func TestCells(t *testing.T) {
	h, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	systems := []plan.System{
		{Takes: []runners.Kind{runners.Wasm}, Mode: runners.Mode{Rungs: []results.Rung{results.Cold, results.Pooled, results.Hot}}},
		{Takes: []runners.Kind{runners.Native, runners.Image}, Mode: runners.Mode{Rungs: []results.Rung{results.Cold, results.Hot}}},
	}
	artefacts := []Availability{
		{Workload: "noop", Language: "c", Kind: runners.Wasm, State: build.Committed},
		{Workload: "noop", Language: "c", Kind: runners.Native, State: build.Unavailable},
		{Workload: "rewrite", Language: "go", Kind: runners.Wasm, State: build.Unavailable},
		{Workload: "rewrite", Language: "go", Kind: runners.Native, State: build.Buildable},
		{Workload: "no-such", Language: "go", Kind: runners.Native, State: build.Cached},
	}
	if n := h.Cells(systems, artefacts); n != 3+2 {
		t.Errorf("%d cells, want 5", n)
	}
}

// Each artefact is listed once, with a reason if it can't be built.
func TestArtefactsAreListed(t *testing.T) {
	h, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[Availability]bool{}
	for _, a := range h.Artefacts(t.Context()) {
		if (a.State == build.Unavailable) != (a.Unavailable != "") {
			t.Errorf("%+v", a)
		}
		a.State, a.Unavailable = "", ""
		if seen[a] {
			t.Errorf("%+v is there twice", a)
		}
		seen[a] = true
	}
	if !seen[Availability{Workload: "rewrite", Language: "c", Kind: runners.Wasm}] || !seen[Availability{Workload: "rewrite", Language: "go", Kind: runners.Native}] {
		t.Errorf("there are %v", seen)
	}
}

// Only what an entry's runners take is built.
func TestOnlyWhatIsWantedIsBuilt(t *testing.T) {
	h, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	w, err := h.Set.Find("noop")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Config: plan.Config{Matrix: []plan.Entry{{Runners: []string{"wazero", "process"}, Workloads: []string{"noop"}}}}}
	for _, c := range []struct {
		filter []string
		kind   runners.Kind
		want   bool
	}{
		{nil, runners.Wasm, true}, {nil, runners.Native, true}, {nil, runners.Image, false},
		{[]string{"wazero"}, runners.Wasm, true}, {[]string{"wazero"}, runners.Native, false},
		{[]string{"docker"}, runners.Native, false},
	} {
		o.Filter.Runners = c.filter
		if got := new(Installation).wanted(o, w, "c", c.kind); got != c.want {
			t.Errorf("with %v a %s is wanted: %v", c.filter, c.kind, got)
		}
	}
}
