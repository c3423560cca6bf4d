package portability_test

import (
	"os"
	"testing"

	"edgebench/bench/experiment"
	. "edgebench/bench/experiment/experimenttest"
	"edgebench/bench/experiment/portability"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
)

// TestModulesOfSeeds runs 300 modules in a mode of each compiler. No two may differ but
// by what the specification leaves open.
func TestModulesOfSeeds(t *testing.T) {
	Long(t)
	modules := generate(t, 300)
	compilers := map[string]bool{
		"wazero/compiler": true, "wazero/interpreter": true, "wasmtime/aot": true, "wasmer/cranelift": true, "wasmer/singlepass": true,
		"v8/isolate-liftoff": true, "v8/isolate-turbofan": true,
	}
	checks := map[string][]results.Check{}
	EachSystem(t, portability.Name, func(t *testing.T, m runners.Mode, x *experiment.Trial) {
		if !compilers[x.Cell.System.String()] {
			t.Skip("another mode has the same compiler")
		}
		list, err := portability.Fingerprints(t.Context(), x, modules)
		if err != nil {
			t.Fatal(err)
		}
		checks[x.Cell.System.String()] = list
	})
	if len(checks) < 2 {
		t.Skip("there is one system alone, which differs from none")
	}
	differences, err := portability.Compare(checks)
	Must(t, err)
	for _, d := range differences {
		t.Logf("%s: %s: %v", d.Module, d.Class, d.Results)
		if d.Class == portability.ClassDefect {
			t.Errorf("%s: %v", d.Module, d.Results)
		}
	}
}

// generate makes so many modules, each with and without the bits of NaN.
func generate(t *testing.T, n int) []agent.Module {
	t.Helper()
	dir, err := os.MkdirTemp("", "edgebench-")
	Must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	all, err := portability.Modules(t.Context(), dir, 0, n)
	Must(t, err)
	return all
}
