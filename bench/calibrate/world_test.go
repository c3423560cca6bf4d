package calibrate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/memory"
	"edgebench/bench/experiment/throughput"
	"edgebench/bench/plan"
	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
)

// world is a machine with one system, whose agents answer out of it at once.
// Each factor is 1 where the harness is honest.
type world struct {
	random *rand.Rand
	// noise is added to each time, at most so much, in nanoseconds.
	noise float64
	// What is found of what was put in.
	time, spin, memory, rate float64
	// harness is what the adapter takes of the time of the baseline loop.
	harness float64
	// again is what a second time costs of the first.
	again float64
	// luck is what one answer may be slower than another, as a part.
	luck float64
	// baseline says whether there is a baseline loop.
	baseline bool
	// steal is what the machine loses beside each trial.
	steal float64
	// fails is the error of each trial, nil for none.
	fails error

	bytes float64 // of an instance, as the last population had them
}

func newWorld() *world {
	return &world{
		random: rand.New(rand.NewPCG(1, 2)), noise: 200, baseline: true,
		time: 1, spin: 1, memory: 1, rate: 1, harness: 1, again: 1,
	}
}

// environment is what a calibration of the world stands on.
func (w *world) environment(t *testing.T) Environment {
	dir := t.TempDir()
	module := filepath.Join(dir, "module.wasm")
	if err := os.WriteFile(module, []byte("\x00asm\x01\x00\x00\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	system := plan.System{
		System: results.System{Runner: "wazero", Mode: "compiler"}, Takes: []runners.Kind{runners.Wasm},
		Mode: runners.Mode{Name: "compiler", Rungs: results.Rungs()},
	}
	return Environment{
		Systems: []plan.System{system}, Observer: silent{},
		Artefact: func(_ context.Context, workload string, _ plan.System) (runners.Artefact, error) {
			return runners.Artefact{Workload: workload, Language: "c", Kind: runners.Wasm, Path: module}, nil
		},
		Prepare: func(_ context.Context, _ results.System, a runners.Artefact) (runners.Prepared, error) {
			return runners.Prepared{Artefact: a}, nil
		},
		Exchange: func(workload string) (runners.Exchange, error) {
			return runners.Exchange{Name: workload, Request: []byte(workload)}, nil
		},
		Trials: &trial.Runner{
			Run: "run", Scratch: dir, Scope: "scope", Node: w, Watch: w.watch,
			Experiments: map[results.Experiment]experiment.Experiment{
				coldstart.Name: coldstart.New(), memory.Name: memory.New(), throughput.Name: throughput.New(),
			},
			Start:     func(string) (trial.Agent, error) { return &worldAgent{w: w}, nil },
			Exchanges: map[string][]runners.Exchange{}, Prepared: map[trial.Build][]trial.Prepared{},
		},
	}
}

func (w *world) watch() func() map[string]float64 {
	return func() map[string]float64 { return map[string]float64{results.MachineSteal: w.steal} }
}

func (w *world) DropPageCache() error { return nil }

func (w *world) Read(_ context.Context, _ int, p runners.MemoryOwners) (experiment.Reading, error) {
	n := float64(len(p.PIDs))
	held := uint64(n * (100_000 + w.bytes*w.memory))
	return experiment.Reading{PSS: 1<<20 + held, Available: 1<<34 - held}, nil
}

func (w *world) Memory() (experiment.NodeMemory, error) {
	return experiment.NodeMemory{Available: 1 << 34, Total: 1 << 35}, nil
}

func (w *world) CPU([]int) (time.Duration, error) { return 0, nil }

func (w *world) Charge(string, runners.MemoryOwners) (experiment.Charge, error) {
	return experiment.Charge{}, errors.ErrUnsupported
}

// silent is an Observer that nobody listens to.
type silent struct{}

func (silent) Step(string) {}

// worldAgent answers out of its world.
type worldAgent struct {
	w *world
	// seen are artefacts that this process has met.
	seen map[string]bool
}

func (a *worldAgent) PID() int { return 1 }

func (a *worldAgent) Close(context.Context) error { return nil }

func (a *worldAgent) AskBoot(ctx context.Context, q protocol.Request) (protocol.Reply, time.Duration, error) {
	r, err := a.Ask(ctx, q)
	if err != nil {
		return r, 0, err
	}
	var times agent.ColdStartTimes
	if err := r.Decode(&times); err != nil {
		return r, 0, err
	}
	took := times.FirstResponse[0]
	times.FirstResponse[0] /= 2
	r.Result, err = json.Marshal(times)
	return r, took, err
}

func (a *worldAgent) Ask(ctx context.Context, q protocol.Request) (protocol.Reply, error) {
	if err := errors.Join(a.w.fails, ctx.Err()); err != nil {
		return protocol.Reply{}, err
	}
	if q.Task == nil {
		return protocol.Reply{Done: true}, nil
	}
	found, err := a.do(*q.Task)
	if err != nil {
		return protocol.Reply{}, err
	}
	b, err := json.Marshal(found)
	return protocol.Reply{Result: b}, err
}

func (a *worldAgent) do(q protocol.Task) (any, error) {
	switch q.Name {
	case agent.ColdStartTask:
		return a.measure(q, a.w.harness)
	case agent.BaselineTask:
		if !a.w.baseline {
			return nil, fmt.Errorf("no loop: %w", runners.ErrUnavailable)
		}
		return a.measure(q, 1)
	case agent.ThroughputTask:
		_, n := split(q.Subject.Exchanges[0])
		return agent.ThroughputResult{Requests: 1000, Elapsed: time.Duration(1000 * float64(n) / a.w.rate), Latency: "x"}, nil
	case agent.GrowTask:
		if len(q.Subject.Exchanges) > 0 {
			_, n := split(q.Subject.Exchanges[0])
			a.w.bytes = float64(n)
		}
		var grow agent.Grow
		if err := json.Unmarshal(q.Parameters, &grow); err != nil {
			return nil, err
		}
		return agent.Grown{Live: grow.To, Owners: &runners.MemoryOwners{PIDs: make([]int, grow.To)}}, nil
	}
	return nil, fmt.Errorf("no task %q", q.Name)
}

// split takes a request of the guest's apart.
func split(x runners.Exchange) (operation string, n uint64) {
	operation = string(x.Request[:1])
	n, err := strconv.ParseUint(string(x.Request[1:]), 10, 64)
	if err != nil {
		return "", 0
	}
	return operation, n
}

// measure takes 10 µs, and what the request says.
func (a *worldAgent) measure(q protocol.Task, factor float64) (any, error) {
	var m agent.ColdStart
	if err := json.Unmarshal(q.Parameters, &m); err != nil {
		return nil, err
	}
	out := &agent.ColdStartTimes{}
	luck := 1 + a.w.luck*a.w.random.Float64()
	for i := range m.Iterations {
		took, timed := 10_000.0, q.Subject.Exchanges[0]
		if len(m.Turns) > 0 {
			timed = q.Subject.Exchanges[m.Turns[i%len(m.Turns)]]
		}
		switch operation, n := split(timed); operation {
		case "D":
			took += float64(n) * a.w.time
		case "S":
			took += 2 * float64(n)
			if n > 800_000 {
				took *= a.w.spin
			}
		default:
			took *= factor
		}
		took *= luck * a.costs(q.Subject.Prepared.Artefact.Path)
		out.FirstResponse = append(out.FirstResponse, time.Duration(took+a.w.random.Float64()*a.w.noise))
	}
	return out, nil
}

// costs is what an artefact costs of the first time in this process.
func (a *worldAgent) costs(path string) float64 {
	if filepath.Base(path) != "module.wasm" || filepath.Base(filepath.Dir(path))[0] != 'a' {
		return 1
	}
	if a.seen[path] {
		return a.w.again
	}
	if a.seen == nil {
		a.seen = map[string]bool{}
	}
	a.seen[path] = true
	return 1
}
