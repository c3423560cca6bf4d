package isolation

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/experimenttest"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/source"
)

// examined is a mode for each sandbox and each way of ending a guest. Those of the table
// are examined with a whole run, by cmd/benchrun.
var examined = []string{
	"wazy/jit", "wazy/interpreter", "wasmedge/interpreter", "wasmedge/aot-o0", "workerd/process", "workerd/isolate",
}

// Attempts come to the results that are known, under both policies.
func TestRealSystems(t *testing.T) {
	experimenttest.Long(t)
	root, err := source.Root()
	experimenttest.Must(t, err)
	guest := runners.Artefact{Workload: Guest, Language: "c", Kind: runners.Wasm, Path: filepath.Join(root, "workloads", Guest, "c", Guest+".wasm")}
	info, err := os.Stat(guest.Path)
	experimenttest.Must(t, err)
	guest.Size = uint64(info.Size())
	experimenttest.EachSystem(t, Name, func(t *testing.T, m runners.Mode, x *experiment.Trial) {
		if !slices.Contains(examined, x.Cell.System.String()) {
			t.Skip("another mode has the same sandbox, or another test examines it")
		}
		if !m.Confines {
			t.Fatal("the mode takes no policy")
		}
		x.Cell.Artefact = results.Artefact{Workload: Guest, Build: "c"}
		x.Subject.Prepared.Artefact = guest
		x.Subject.Exchanges = []runners.Exchange{{Name: "unknown", Request: []byte("x"), Response: []byte("unknown\n")}}
		for _, c := range (&Parameters{}).Expand(experiment.Target{Mode: m}) {
			t.Run(c.Params.Get(PolicyParam), func(t *testing.T) { attempt(t, *x, c) })
		}
	})
}

// attempt does a trial of a case and reports what is unexpected.
func attempt(t *testing.T, x experiment.Trial, c experiment.Case) {
	effort, err := json.Marshal(c.Effort)
	experimenttest.Must(t, err)
	x.Cell.Params, x.Effort = c.Params, effort
	x.Subject.Options.Scratch = filepath.Join(x.Subject.Options.Scratch, c.Params.Get(PolicyParam)) // each trial has its own
	experimenttest.Must(t, os.Mkdir(x.Subject.Options.Scratch, 0o700))
	r, err := New().Run(t.Context(), &x)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Checks) != len(Attempts()) {
		t.Errorf("%d checks of %d attempts", len(r.Checks), len(Attempts()))
	}
	for _, check := range r.Checks {
		t.Logf("%s/%s: %s (%s), expected %s", check.Group, check.Name, check.Result, check.Evidence, check.Expected)
		if check.Unexpected() {
			t.Errorf("%s/%s is %s (%s), expected %s", check.Group, check.Name, check.Result, check.Evidence, check.Expected)
		}
	}
}
