package experimenttest

import (
	"errors"
	"os"
	"testing"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/client"
	"edgebench/runners/protocol"
	"edgebench/runners/source"
)

// Must skips the test for want of what is unavailable, and fails for all else.
func Must(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, runners.ErrUnavailable) || errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Long skips what is too long for -short.
func Long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("building agents takes long; run without -short")
	}
}

// EachSystem runs a test for each mode of each runner that takes modules. The trial is
// one of the experiment with real agents, and without an artefact.
func EachSystem(t *testing.T, e results.Experiment, f func(*testing.T, runners.Mode, *experiment.Trial)) {
	Long(t)
	root, err := source.Root()
	Must(t, err)
	for _, entry := range runners.Table() {
		if !entry.TakesWasm() {
			continue
		}
		t.Run(entry.Name, func(t *testing.T) {
			path, err := client.Executable(t.Context(), root, entry)
			Must(t, err)
			a, err := client.Start(path)
			Must(t, err)
			defer a.Close(t.Context())
			reply, err := a.Ask(t.Context(), protocol.Request{Check: &protocol.Check{}})
			Must(t, err)
			for _, m := range reply.Info.Modes {
				t.Run(m.Name, func(t *testing.T) {
					if m.Unavailable != "" {
						t.Skip(m.Unavailable)
					}
					f(t, m, RealTrial(t, e, path, results.System{Runner: entry.Name, Mode: m.Name}))
				})
			}
		})
	}
}

// RealTrial is a trial whose agents are the program at a path.
func RealTrial(t *testing.T, e results.Experiment, path string, s results.System) *experiment.Trial {
	t.Helper()
	dir, err := os.MkdirTemp("", "edgebench-")
	Must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	x := Trial(t, e, "", nil, nil, nil)
	x.Cell.System = s
	x.Subject = protocol.Subject{Options: runners.Options{Mode: s.Mode, Scratch: dir, Scope: string(e) + "-test"}}
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
