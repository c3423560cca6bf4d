package workerd

import (
	"context"
	"fmt"

	"edgebench/results"
	"edgebench/runners"
)

const (
	modeProcess = "process"
	modeIsolate = "isolate"
)

// New returns the runner for workerd.
func New() runners.Runner { return runner{} }

type runner struct{}

// Check looks for workerd.
func (runner) Check(ctx context.Context) (runners.Info, error) {
	program, err := find()
	if err != nil {
		return runners.Info{}, err
	}
	r, err := version(ctx, program)
	if err != nil {
		return runners.Info{}, err
	}
	settings := map[string]string{
		"transport": "HTTP/1.1 over TCP on the loopback interface",
		"compilers": "V8's default, Liftoff at a function's first call, TurboFan for hot functions",
		"wasi":      "a script of ours in JavaScript",
		"limits":    "workerd sets none",
	}
	return runners.Info{Version: r.Version, Released: r.Day, Modes: []runners.Mode{
		{
			Name: modeProcess, Default: true, Parks: true, Processes: true, Confines: true, Settings: settings,
			Rungs: []results.Rung{results.Deploy, results.Cold, results.Pooled, results.Hot},
		},
		{Name: modeIsolate, Rungs: results.Rungs(), Confines: true, Features: features, Settings: settings},
	}}, nil
}

// Boot starts workerd in the mode isolate. In the mode process there is nothing to start.
func (runner) Boot(ctx context.Context, o runners.Options) (runners.Runtime, error) {
	if o.Mode != modeProcess && o.Mode != modeIsolate {
		return nil, fmt.Errorf("workerd has no mode %q: %w", o.Mode, runners.ErrUnavailable)
	}
	program, err := find()
	if err != nil {
		return nil, err
	}
	if o.Mode == modeProcess {
		return &processes{program: program, bounds: bounds{o.Memory, o.Policy}, live: map[int]bool{}}, nil
	}
	s, err := bootIsolates(ctx, program, o)
	if err != nil {
		return nil, fmt.Errorf("boot workerd: %w", err)
	}
	return s, nil
}

// Sweep has nothing to do: the kernel ends workerd with the agent.
func (runner) Sweep(context.Context, string) error { return nil }
