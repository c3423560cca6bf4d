package portability_test

import (
	"errors"
	"os"
	"slices"
	"testing"

	"edgebench/bench/experiment"
	. "edgebench/bench/experiment/experimenttest"
	"edgebench/bench/experiment/portability"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/client"
	"edgebench/runners/protocol"
	"edgebench/runners/source"
)

// must skips the test for want of what is unavailable, and fails for all else.
func must(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, runners.ErrUnavailable) || errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// long skips what is too long for -short.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("building agents takes long; run without -short")
	}
}

// eachSystem runs a test for each mode of each runner that takes modules.
func eachSystem(t *testing.T, f func(*testing.T, runners.Mode, *experiment.Trial)) {
	long(t)
	root, err := source.Root()
	must(t, err)
	for _, entry := range runners.Table() {
		if !entry.TakesWasm() {
			continue
		}
		t.Run(entry.Name, func(t *testing.T) {
			path, err := client.Executable(t.Context(), root, entry)
			must(t, err)
			a, err := client.Start(path)
			must(t, err)
			defer a.Close(t.Context())
			reply, err := a.Ask(t.Context(), protocol.Request{Check: &protocol.Check{}})
			must(t, err)
			for _, m := range reply.Info.Modes {
				t.Run(m.Name, func(t *testing.T) {
					switch {
					case m.Unavailable != "":
						t.Skip(m.Unavailable)
					case entry.Name == "wasmedge":
						t.Skip("WasmEdge never ends a guest that calls itself for ever (control:recursion-ends): its other tests of that module cannot be asked")
					}
					f(t, m, realTrial(t, path, entry.Name, m.Name))
				})
			}
		})
	}
}

// realTrial is a trial whose agents are real.
func realTrial(t *testing.T, path, runner, mode string) *experiment.Trial {
	t.Helper()
	dir, err := os.MkdirTemp("", "edgebench-")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	x := Trial(t, portability.Name, "", nil, nil, nil)
	x.Cell.System = results.System{Runner: runner, Mode: mode}
	x.Subject = protocol.Subject{Options: runners.Options{Mode: mode, Scratch: dir, Scope: "portability-test"}}
	x.Start = func() (experiment.Agent, error) {
		a, err := client.Start(path)
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { a.Close(t.Context()) })
		return a, nil
	}
	return x
}

// What a runtime's documentation says of features is what its modules find, and every
// test of the specification passes.
func TestRealSystems(t *testing.T) {
	eachSystem(t, func(t *testing.T, m runners.Mode, x *experiment.Trial) {
		target := experiment.Target{Mode: m, Takes: []runners.Kind{runners.Wasm}}
		if len(m.Takes) > 0 {
			target.Takes = m.Takes
		}
		p := &portability.Parameters{Questions: []portability.Question{portability.AskFeatures, portability.AskSpecification}}
		cases := p.Expand(target)
		if len(cases) == 0 {
			t.Skip("its modes list no features")
		}
		for _, c := range cases {
			ask(t, x, c)
		}
	})
}

// ask does a trial of a case and reports what is unexpected.
func ask(t *testing.T, x *experiment.Trial, c experiment.Case) {
	t.Helper()
	effort(t, x, c)
	r, err := portability.New().Run(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Checks) == 0 {
		t.Errorf("%s: no checks", c.Params)
	}
	for _, check := range r.Checks {
		if check.Unexpected() {
			t.Errorf("%s %s: %s instead of %s: %s", check.Group, check.Name, check.Result, check.Expected, check.Evidence)
		}
	}
	if i := slices.IndexFunc(r.Metrics, func(m results.Metric) bool { return len(m.Values) != 1 }); i >= 0 {
		t.Errorf("%s: %+v", c.Params, r.Metrics[i])
	}
}
