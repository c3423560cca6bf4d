package portability_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/portability"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/client"
	"edgebench/runners/source"
)

// TestModulesOfSeeds runs 300 modules in a mode of each compiler. No two may differ but
// by what the specification leaves open.
func TestModulesOfSeeds(t *testing.T) {
	long(t)
	modules := generate(t, 300)
	compilers := map[string]bool{
		"wazero/compiler": true, "wazero/interpreter": true, "wasmtime/aot": true, "wasmer/cranelift": true, "wasmer/singlepass": true,
		"v8/isolate-liftoff": true, "v8/isolate-turbofan": true,
	}
	checks := map[string][]results.Check{}
	eachSystem(t, func(t *testing.T, m runners.Mode, x *experiment.Trial) {
		if !compilers[x.Cell.System.String()] {
			t.Skip("another mode has the same compiler")
		}
		list, err := portability.Fingerprints(t.Context(), portability.Side{Start: x.Start, Subject: x.Subject}, modules)
		if err != nil {
			t.Fatal(err)
		}
		checks[x.Cell.System.String()] = list
	})
	if len(checks) < 2 {
		t.Skip("there is one system alone, which differs from none")
	}
	for system, list := range checks {
		if !slices.ContainsFunc(list, func(c results.Check) bool { return strings.Contains(c.Evidence, portability.AfterTrap) }) {
			t.Errorf("%s shows nothing that a trap has left", system)
		}
	}
	differences, err := portability.Compare(checks)
	must(t, err)
	for _, d := range differences {
		t.Logf("%s: %s: %v", d.Module, d.Class, d.Results)
		if d.Class == portability.ClassDefect {
			t.Errorf("%s: %v\nminimised: %s", d.Module, d.Results, smaller(t, d, modules))
		}
	}
}

// smaller makes the module of a difference smaller, in the first two systems that differ on
// it.
func smaller(t *testing.T, d portability.Difference, modules []agent.Module) string {
	t.Helper()
	i := slices.IndexFunc(modules, func(m agent.Module) bool { return m.Name == d.Module+":denan" })
	var sides []portability.Side
	for _, systems := range d.Results {
		sides = append(sides, sideOf(t, slices.Min(systems)))
	}
	code, err := portability.Minimise(t.Context(), modules[i], sides[0], sides[1], 20*time.Second)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s and %s: %x", sides[0].System, sides[1].System, code)
}

// sideOf is a system by its runner and mode.
func sideOf(t *testing.T, system string) portability.Side {
	t.Helper()
	root, err := source.Root()
	must(t, err)
	runner, mode, _ := strings.Cut(system, "/")
	entry, _ := runners.Find(runner)
	path, err := client.Executable(t.Context(), root, entry)
	must(t, err)
	x := realTrial(t, path, runner, mode)
	return portability.Side{System: x.Cell.System, Start: x.Start, Subject: x.Subject}
}

// generate makes so many modules, each with and without the bits of NaN.
func generate(t *testing.T, n int) []agent.Module {
	t.Helper()
	dir, err := os.MkdirTemp("", "edgebench-")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	all, err := portability.Modules(t.Context(), dir, 0, n)
	must(t, err)
	return all
}
