package trial

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/client"
	"edgebench/runners/protocol"
)

// fakeAgent leaves as it is told, and notes which scopes it swept.
type fakeAgent struct {
	closed bool
	leaves error
	// dies is the error of whatever it is asked, except to sweep.
	dies  error
	swept *[]string
}

func (a *fakeAgent) Ask(_ context.Context, q protocol.Request) (protocol.Reply, error) {
	if q.Sweep != nil {
		*a.swept = append(*a.swept, q.Sweep.Scope)
	} else if a.dies != nil {
		return protocol.Reply{}, a.dies
	}
	return protocol.Reply{Done: true}, nil
}

func (a *fakeAgent) AskBoot(ctx context.Context, q protocol.Request) (protocol.Reply, time.Duration, error) {
	r, err := a.Ask(ctx, q)
	return r, 0, err
}

func (a *fakeAgent) PID() int { return 4711 }

func (a *fakeAgent) Close(context.Context) error {
	a.closed = true
	return a.leaves
}

// fakeExperiment does what a function says, with an agent where that starts one.
type fakeExperiment struct {
	run func(context.Context, *experiment.Trial) (experiment.Result, error)
}

func (fakeExperiment) Describe() experiment.Description  { return experiment.Description{Name: "fake"} }
func (fakeExperiment) Parameters() experiment.Parameters { return nil }
func (e fakeExperiment) Run(ctx context.Context, t *experiment.Trial) (experiment.Result, error) {
	return e.run(ctx, t)
}

// one is a result like any other.
var one = experiment.Result{Metrics: []results.Metric{{Name: "figure", Unit: "sec", Values: []float64{1}}}}

// starting starts an agent and gives a result or an error.
func starting(err error) func(context.Context, *experiment.Trial) (experiment.Result, error) {
	return func(_ context.Context, t *experiment.Trial) (experiment.Result, error) {
		if _, failed := t.Start(); failed != nil {
			return experiment.Result{}, failed
		}
		return one, err
	}
}

type stage struct {
	runner *Runner
	agent  *fakeAgent
	swept  []string
}

var wazero = results.System{Runner: "wazero", Mode: "compiler"}

func noop(build string) results.Artefact { return results.Artefact{Workload: "noop", Build: build} }

func newStage(t *testing.T, run func(context.Context, *experiment.Trial) (experiment.Result, error)) *stage {
	s := &stage{}
	s.agent = &fakeAgent{swept: &s.swept}
	s.runner = &Runner{
		Run: "run", Scratch: t.TempDir(), Scope: "scope", Deadline: time.Minute,
		Experiments: map[results.Experiment]experiment.Experiment{"fake": fakeExperiment{run}},
		Start:       func(string) (Agent, error) { return s.agent, nil },
		Exchanges:   map[string][]runners.Exchange{"noop": {{Name: "one"}}},
		Prepared: map[Build][]Prepared{
			{wazero, noop("c")}: {{Prepared: runners.Prepared{Artefact: runners.Artefact{Kind: runners.Wasm}, Path: "p"}}},
			{wazero, noop("x")}: {{Err: errors.New("no\ncompiler")}},
		},
	}
	return s
}

func trialOf(build string) results.Trial {
	return results.Trial{Seq: 3, Block: 1, Spec: &results.Spec{
		Cell:   results.Cell{System: wazero, Artefact: noop(build), Experiment: "fake", Params: "concurrency=2"},
		Effort: []byte(`{"iterations":2}`),
	}}
}

func (s *stage) do(t *testing.T, trial results.Trial) results.Record {
	t.Helper()
	r := s.runner.Do(t.Context(), trial)
	if err := r.Validate(); err != nil {
		t.Errorf("the record is not valid: %v", err)
	}
	if r.Seq != trial.Seq || r.Block != trial.Block || r.Cell != trial.Cell || r.Run != "run" {
		t.Errorf("the record is of another trial: %+v", r)
	}
	left, err := os.ReadDir(s.runner.Scratch)
	if err != nil || len(left) > 0 {
		t.Errorf("the trial left %v (%v)", left, err)
	}
	return r
}

func TestRecord(t *testing.T) {
	want := experiment.Result{
		Metrics:    []results.Metric{{Name: "figure", Unit: "sec", Values: []float64{1, 2}}},
		Phases:     []results.Metric{{Name: "load", Unit: "sec", Values: []float64{0.5, 0.6}}},
		Histograms: []results.Histogram{{Name: "latency", Unit: "sec", Scale: 1, Encoded: "x"}},
		Stop:       &results.Stop{Reason: results.StopLimit, Resource: results.ResourceMaps},
	}
	s := newStage(t, func(_ context.Context, q *experiment.Trial) (experiment.Result, error) {
		if q.Subject.Options.Scope != "scope" || q.Subject.Prepared.Path != "p" || q.Slow != 0.05 || len(q.Subject.Exchanges) != 1 {
			t.Errorf("given %+v", q)
		}
		var effort struct{ Iterations int }
		if err := q.ReadEffort(&effort); err != nil || effort.Iterations != 2 {
			t.Errorf("the effort is %+v (%v)", effort, err)
		}
		if _, err := q.Start(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(q.Subject.Options.Scratch); err != nil {
			t.Error(err)
		}
		return want, nil
	})
	s.runner.Slowed = map[string]float64{"wazero": 0.05, "another": 0.1}
	s.runner.Watch = func() func() map[string]float64 {
		return func() map[string]float64 { return map[string]float64{results.MachineSteal: 0.5} }
	}
	r := s.do(t, trialOf("c"))
	got := experiment.Result{Metrics: r.Metrics, Phases: r.Phases, Histograms: r.Histograms, Stop: r.Stop}
	if d := cmp.Diff(want, got); d != "" || r.Outcome != results.OK || r.Kind != "wasm" || r.Machine[results.MachineSteal] != 0.5 {
		t.Errorf("%s %s %s: %s", r.Outcome, r.Error, r.Kind, d)
	}
	if !s.agent.closed || len(s.swept) > 0 {
		t.Errorf("closed %v, swept %v", s.agent.closed, s.swept)
	}
}

// Another runner's share is not ours.
func TestSlowGoesToItsRunner(t *testing.T) {
	s := newStage(t, func(_ context.Context, q *experiment.Trial) (experiment.Result, error) {
		if q.Slow != 0 {
			t.Errorf("slowed by %v", q.Slow)
		}
		return one, nil
	})
	s.runner.Slowed = map[string]float64{"another": 0.05}
	s.do(t, trialOf("c"))
}

// An experiment that starts no agent gets no folder and sweeps nothing.
func TestWithoutAgent(t *testing.T) {
	s := newStage(t, func(_ context.Context, q *experiment.Trial) (experiment.Result, error) {
		if _, err := os.Stat(q.Subject.Options.Scratch); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("there is a folder: %v", err)
		}
		return experiment.Result{}, errors.New("it is not there")
	})
	if r := s.do(t, trialOf("c")); r.Outcome != results.Failed || len(s.swept) > 0 || s.agent.closed {
		t.Errorf("%+v, swept %v", r, s.swept)
	}
}

func TestFailures(t *testing.T) {
	for name, c := range map[string]struct {
		err     error
		outcome results.Outcome
	}{
		"wrong response": {fmt.Errorf("exchange one: %w", runners.ErrWrongResponse), results.Failed},
		"trap":           {fmt.Errorf("x\ny: %w", runners.ErrTrap), results.Failed},
		"unavailable":    {runners.ErrUnavailable, results.Unavailable},
		"forbidden":      {fs.ErrPermission, results.Unavailable},
		"deadline":       {client.ErrDeadline, results.Failed},
		"crash":          {fmt.Errorf("%w (killed)", client.ErrDied), results.Failed},
	} {
		s := newStage(t, starting(c.err))
		r := s.do(t, trialOf("c"))
		if r.Outcome != c.outcome || r.Error == "" || strings.Contains(r.Error, "\n") || len(r.Metrics) > 0 {
			t.Errorf("%s: %+v", name, r)
		}
		if !slices.Contains(s.swept, "scope") {
			t.Errorf("%s: swept %v", name, s.swept)
		}
	}
}

func TestDeadline(t *testing.T) {
	s := newStage(t, func(ctx context.Context, _ *experiment.Trial) (experiment.Result, error) {
		<-ctx.Done()
		return experiment.Result{}, ctx.Err()
	})
	s.runner.Deadline = time.Millisecond
	if r := s.do(t, trialOf("c")); r.Outcome != results.Failed || !strings.Contains(r.Error, "deadline") {
		t.Errorf("%+v", r)
	}
}

func TestAnAgentThatLeavesBadlyIsSweptAfter(t *testing.T) {
	s := newStage(t, starting(nil))
	s.agent.leaves = errors.New("the agent did not exit cleanly")
	r := s.do(t, trialOf("c"))
	if r.Outcome != results.OK || len(r.Warnings) != 1 || r.Warnings[0].Code != results.WarnCleanUp || len(s.swept) != 1 {
		t.Errorf("%+v, swept %v", r, s.swept)
	}
}

func TestNothingPrepared(t *testing.T) {
	s := newStage(t, starting(nil))
	for build, want := range map[string]string{"x": "prepare: no compiler", "y": "nothing was prepared"} {
		if r := s.do(t, trialOf(build)); r.Outcome != results.Failed || !strings.HasPrefix(r.Error, want) {
			t.Errorf("%+v", r)
		}
	}
	s.runner.Start = func(string) (Agent, error) { return nil, errors.New("no agent") }
	if r := s.do(t, trialOf("c")); r.Outcome != results.Failed || r.Error != "no agent" {
		t.Errorf("%+v", r)
	}
	other := trialOf("c")
	other.Experiment = "unheard-of"
	if r := s.do(t, other); r.Outcome != results.Failed || !strings.Contains(r.Error, "unheard-of") {
		t.Errorf("%+v", r)
	}
}

// Copies of an artefact are taken in turn, by block.
func TestPreparationsTakeTurns(t *testing.T) {
	var taken []string
	s := newStage(t, func(_ context.Context, q *experiment.Trial) (experiment.Result, error) {
		taken = append(taken, q.Subject.Prepared.Path)
		return one, nil
	})
	s.runner.Prepared[Build{wazero, noop("c")}] = []Prepared{
		{Prepared: runners.Prepared{Path: "0"}}, {Err: errors.New("not this time")}, {Prepared: runners.Prepared{Path: "2"}},
	}
	failed := 0
	for block := range 6 {
		trial := trialOf("c")
		trial.Block = block
		if r := s.do(t, trial); r.Outcome == results.Failed {
			failed++
		}
	}
	if want := []string{"0", "2", "0", "2"}; !slices.Equal(taken, want) || failed != 2 {
		t.Errorf("took %v, %d failed", taken, failed)
	}
}

func TestAnAlteredArtefactIsNotRun(t *testing.T) {
	s := newStage(t, starting(nil))
	file := filepath.Join(t.TempDir(), "prepared")
	if err := os.WriteFile(file, []byte("one"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := runners.Prepared{Path: file}
	if err := p.AddChecksum(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("two"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.runner.Prepared[Build{wazero, noop("c")}] = []Prepared{{Prepared: p}}
	if r := s.do(t, trialOf("c")); r.Outcome != results.Failed || !strings.Contains(r.Error, "not what was prepared") {
		t.Errorf("%+v", r)
	}
}

// fakeGroup notes what starts within it.
type fakeGroup struct {
	started int
	removed bool
}

func (g *fakeGroup) Start(start func() error) error { g.started++; return start() }
func (g *fakeGroup) Path() string                   { return "/group" }
func (g *fakeGroup) Remove() error                  { g.removed = true; return nil }

// Further agents start in the trial's control group and in its folder.
func TestSeveralAgentsInAGroup(t *testing.T) {
	s := newStage(t, func(_ context.Context, q *experiment.Trial) (experiment.Result, error) {
		if path, err := q.Confine(1 << 20); path != "/group" || err != nil {
			t.Errorf("the group is %q (%v)", path, err)
		}
		for range 2 {
			if _, err := q.Start(); err != nil {
				return experiment.Result{}, err
			}
		}
		return one, nil
	})
	group := &fakeGroup{}
	s.runner.Confine = func(name string, memory uint64) (Confinement, error) {
		if name != "edgebench-scope-0" || memory != 1<<20 {
			t.Errorf("made %q with %d bytes", name, memory)
		}
		return group, nil
	}
	if r := s.do(t, trialOf("c")); r.Outcome != results.OK || group.started != 2 || !group.removed || len(s.swept) > 0 {
		t.Errorf("%+v, %+v, swept %v", r, group, s.swept)
	}
}

// An agent whose end is a result has cleaned up nothing.
func TestAnAgentThatDiedIsSweptAfter(t *testing.T) {
	s := newStage(t, func(ctx context.Context, q *experiment.Trial) (experiment.Result, error) {
		a, err := q.Start()
		if err != nil {
			return experiment.Result{}, err
		}
		if _, err := a.Ask(ctx, protocol.Request{}); err == nil {
			t.Error("the agent answers")
		}
		return one, nil
	})
	s.agent.dies = errors.New("the agent died")
	if r := s.do(t, trialOf("c")); r.Outcome != results.OK || len(s.swept) != 1 {
		t.Errorf("%+v, swept %v", r, s.swept)
	}
}

func TestWithoutControlGroups(t *testing.T) {
	s := newStage(t, func(_ context.Context, q *experiment.Trial) (experiment.Result, error) {
		_, err := q.Confine(1 << 20)
		return experiment.Result{}, err
	})
	if r := s.do(t, trialOf("c")); r.Outcome != results.Unavailable {
		t.Errorf("%+v", r)
	}
}
