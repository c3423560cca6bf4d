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

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/client"
	"edgebench/runners/protocol"
)

// fakeAgent answers from functions and counts.
type fakeAgent struct {
	t      *testing.T
	answer func(protocol.Request) (protocol.Reply, error)
	took   time.Duration
	closed bool
	leaves error
	swept  *[]string
}

func (a *fakeAgent) Ask(_ context.Context, q protocol.Request) (protocol.Reply, error) {
	if q.Sweep != nil {
		*a.swept = append(*a.swept, q.Sweep.Scope)
		return protocol.Reply{Done: true}, nil
	}
	return a.answer(q)
}

func (a *fakeAgent) AskBoot(ctx context.Context, q protocol.Request) (protocol.Reply, time.Duration, error) {
	r, err := a.Ask(ctx, q)
	return r, a.took, err
}

func (a *fakeAgent) PID() int { return 4711 }

func (a *fakeAgent) Close(context.Context) error {
	a.closed = true
	return a.leaves
}

// fakeProbe gives readings that grow with the number of payers.
type fakeProbe struct{ dropped int }

func (p *fakeProbe) DropPageCache() error { p.dropped++; return nil }

func (p *fakeProbe) Read(_ context.Context, agent int, payers runners.Payers) (Reading, error) {
	if agent != 4711 {
		return Reading{}, fmt.Errorf("the agent is not %d", agent)
	}
	n := uint64(len(payers.PIDs))
	return Reading{
		PSS: 1000 + 10*n, PageTables: 100 + n, Daemons: 5000 + 2*n,
		Cgroups: 7 * n, HasCgroups: n > 0, Available: 1<<30 - 20*n,
	}, nil
}

type stage struct {
	lab   *Lab
	agent *fakeAgent
	probe *fakeProbe
	swept []string
}

func newStage(t *testing.T, answer func(protocol.Request) (protocol.Reply, error)) *stage {
	s := &stage{probe: &fakeProbe{}}
	s.agent = &fakeAgent{t: t, answer: answer, swept: &s.swept}
	s.lab = &Lab{
		Run: "run", Scratch: t.TempDir(), Scope: "scope", Probe: s.probe,
		Start:     func(string) (Agent, error) { return s.agent, nil },
		Exchanges: map[string][]runners.Exchange{"noop": {{Name: "one"}}},
		Prepared: map[Build]Prepared{
			{"wazero", "compiler", "noop", "c"}: {Prepared: runners.Prepared{Artefact: runners.Artefact{Kind: runners.Wasm}, Path: "p", Shipped: 10, Stored: 30}},
			{"wazero", "compiler", "noop", "x"}: {Err: errors.New("no\ncompiler")},
		},
		Sizes: map[Build]Sized{},
	}
	return s
}

func trialOf(e results.Experiment, rung results.Rung) results.Trial {
	return results.Trial{
		Seq: 3, Block: 1, Experiment: e, Iterations: 2, Duration: time.Second, Deadline: 10 * time.Second,
		Cell:       results.Cell{Runner: "wazero", Mode: "compiler", Workload: "noop", Language: "c", Rung: rung},
		Conditions: map[string]string{results.PageCache: "warm", results.Concurrency: "2"},
	}
}

func (s *stage) do(t *testing.T, trial results.Trial) results.Record {
	t.Helper()
	r := s.lab.Do(t.Context(), trial)
	if err := r.Validate(); err != nil {
		t.Errorf("the record is not valid: %v", err)
	}
	if r.Seq != trial.Seq || r.Block != trial.Block || r.Cell != trial.Cell || r.Run != "run" {
		t.Errorf("the record is of another trial: %+v", r)
	}
	left, err := os.ReadDir(s.lab.Scratch)
	if err != nil || len(left) > 0 {
		t.Errorf("the trial left %v (%v)", left, err)
	}
	return r
}

func TestColdStartRecord(t *testing.T) {
	s := newStage(t, func(q protocol.Request) (protocol.Reply, error) {
		m := q.Measure
		if m == nil || m.Rung != results.Cold || m.Iterations != 2 || m.Options.Scope != "scope" || m.Prepared.Path != "p" {
			return protocol.Reply{}, fmt.Errorf("asked %+v", q)
		}
		if _, err := os.Stat(m.Options.Scratch); err != nil {
			return protocol.Reply{}, err
		}
		return protocol.Reply{Measured: &protocol.Measured{
			FirstResponse: []time.Duration{2000, 3000}, Least: 1000, Iterations: 7, Empty: 50,
			Phases: []protocol.Phase{{Name: "load", Values: []time.Duration{500, 600}}},
		}}, nil
	})
	r := s.do(t, trialOf(results.ColdStart, results.Cold))
	want := []results.Metric{
		{Name: results.FirstResponse, Unit: "sec", Values: []float64{2e-6, 3e-6}},
		{Name: results.EmptyMeasurement, Unit: "sec", Values: []float64{5e-8}},
		{Name: results.LeastResponse, Unit: "sec", Values: []float64{1e-6}},
		{Name: results.Iterations, Unit: "count", Values: []float64{7}},
	}
	if d := cmp.Diff(want, r.Metrics); d != "" || r.Outcome != results.OK {
		t.Errorf("%s %s %s", r.Outcome, r.Error, d)
	}
	if d := cmp.Diff([]results.Metric{{Name: "load", Unit: "sec", Values: []float64{5e-7, 6e-7}}}, r.Phases); d != "" {
		t.Error(d)
	}
	if !s.agent.closed || len(s.swept) > 0 || s.probe.dropped > 0 {
		t.Errorf("closed %v, swept %v, dropped %d", s.agent.closed, s.swept, s.probe.dropped)
	}
}

// What earlier trials of a runner and rung met is what a later one waits for.
func TestPacesAreKept(t *testing.T) {
	var asked []time.Duration
	answers := []time.Duration{0, 2000, 1000, 3000, 1500}
	s := newStage(t, func(q protocol.Request) (protocol.Reply, error) {
		m := protocol.Measured{FirstResponse: []time.Duration{9}, Pace: answers[len(asked)]}
		asked = append(asked, q.Measure.Pace)
		return protocol.Reply{Measured: &m}, nil
	})
	for i, rung := range []results.Rung{results.Hot, results.Hot, results.Hot, results.Pooled, results.Hot} {
		r := s.do(t, trialOf(results.ColdStart, rung))
		var pace []float64
		for _, m := range r.Metrics {
			if m.Name == results.Pace {
				pace = m.Values
			}
		}
		if want := answers[i].Seconds(); want == 0 && pace != nil || want > 0 && !slices.Equal(pace, []float64{want}) {
			t.Errorf("trial %d: the pace is %v of %v", i, pace, want)
		}
	}
	if want := []time.Duration{0, 0, 2060, 0, 1030}; !slices.Equal(asked, want) {
		t.Errorf("asked for paces of %v instead of %v", asked, want)
	}
}

func TestBootAddsTheSpawn(t *testing.T) {
	s := newStage(t, func(protocol.Request) (protocol.Reply, error) {
		return protocol.Reply{Measured: &protocol.Measured{
			FirstResponse: []time.Duration{time.Millisecond}, Empty: 1,
			Phases: []protocol.Phase{{Name: "boot", Values: []time.Duration{time.Millisecond}}},
		}}, nil
	})
	s.agent.took = 5 * time.Millisecond
	r := s.do(t, trialOf(results.ColdStart, results.Boot))
	m, _ := r.Metric(results.FirstResponse)
	if r.Outcome != results.OK || m.Values[0] != 0.005 || r.Phases[0].Name != runners.PhaseSpawn || r.Phases[0].Values[0] != 0.004 {
		t.Errorf("%+v", r)
	}
}

func TestDroppedCache(t *testing.T) {
	s := newStage(t, func(protocol.Request) (protocol.Reply, error) {
		return protocol.Reply{Measured: &protocol.Measured{FirstResponse: []time.Duration{1}}}, nil
	})
	trial := trialOf(results.ColdStart, results.Cold)
	trial.Conditions[results.PageCache] = "dropped"
	if r := s.do(t, trial); r.Outcome != results.OK || s.probe.dropped != 1 {
		t.Errorf("%+v, dropped %d times", r, s.probe.dropped)
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
		s := newStage(t, func(protocol.Request) (protocol.Reply, error) { return protocol.Reply{}, c.err })
		for _, e := range []results.Experiment{results.ColdStart, results.Throughput, results.Memory} {
			s.swept = nil
			trial := trialOf(e, results.Hot)
			trial.Steps = []int{1}
			r := s.do(t, trial)
			if r.Outcome != c.outcome || r.Error == "" || strings.Contains(r.Error, "\n") || len(r.Metrics) > 0 {
				t.Errorf("%s, %s: %+v", name, e, r)
			}
			if !slices.Contains(s.swept, "scope") {
				t.Errorf("%s, %s: swept %v", name, e, s.swept)
			}
		}
	}
}

func TestAnAgentThatLeavesBadlyIsSweptAfter(t *testing.T) {
	s := newStage(t, func(protocol.Request) (protocol.Reply, error) {
		return protocol.Reply{Measured: &protocol.Measured{FirstResponse: []time.Duration{1}}}, nil
	})
	s.agent.leaves = errors.New("the agent did not leave cleanly")
	r := s.do(t, trialOf(results.ColdStart, results.Cold))
	if r.Outcome != results.OK || len(r.Warnings) != 1 || len(s.swept) != 1 {
		t.Errorf("%+v, swept %v", r, s.swept)
	}
}

func TestNothingPrepared(t *testing.T) {
	s := newStage(t, nil)
	for language, want := range map[string]string{"x": "prepare: no compiler", "y": "nothing was prepared"} {
		trial := trialOf(results.ColdStart, results.Cold)
		trial.Cell.Language = language
		if r := s.do(t, trial); r.Outcome != results.Failed || !strings.HasPrefix(r.Error, want) {
			t.Errorf("%+v", r)
		}
	}
	s.lab.Start = func(string) (Agent, error) { return nil, errors.New("no agent") }
	if r := s.do(t, trialOf(results.ColdStart, results.Cold)); r.Outcome != results.Failed || r.Error != "no agent" {
		t.Errorf("%+v", r)
	}
}

func TestAnAlteredArtefactIsNotRun(t *testing.T) {
	s := newStage(t, nil)
	file := filepath.Join(t.TempDir(), "prepared")
	if err := os.WriteFile(file, []byte("one"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := runners.Prepared{Path: file}
	if err := p.Seal(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("two"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.lab.Prepared[Build{"wazero", "compiler", "noop", "c"}] = Prepared{Prepared: p}
	if r := s.do(t, trialOf(results.ColdStart, results.Cold)); r.Outcome != results.Failed || !strings.Contains(r.Error, "not what was prepared") {
		t.Errorf("%+v", r)
	}
}

func TestSizeNeedsNoAgent(t *testing.T) {
	s := newStage(t, nil)
	build := Build{"wazero", "compiler", "noop", "c"}
	s.lab.Sizes[build] = Sized{Metrics: []results.Metric{{Name: results.CompressedSize, Unit: results.Bytes, Values: []float64{7}}}}
	r := s.do(t, trialOf(results.Size, results.Deploy))
	got := map[string]float64{}
	for _, m := range r.Metrics {
		got[m.Name] = m.Values[0]
	}
	want := map[string]float64{results.ArtefactSize: 10, results.CompressedSize: 7, results.PreparedSize: 30}
	if d := cmp.Diff(want, got); d != "" || r.Outcome != results.OK || r.Facts[results.ArtefactKind] != "wasm" {
		t.Errorf("%+v: %s", r, d)
	}
	s.lab.Sizes[build] = Sized{Err: errors.New("it can't be read")}
	if r := s.do(t, trialOf(results.Size, results.Deploy)); r.Outcome != results.Failed || r.Error != "it can't be read" {
		t.Errorf("%+v", r)
	}
}

// growing answers Grow up to most instances.
func growing(most int, why string) func(protocol.Request) (protocol.Reply, error) {
	return func(q protocol.Request) (protocol.Reply, error) {
		if q.Open != nil {
			return protocol.Reply{Done: true}, nil
		}
		g := &protocol.Grown{Live: min(q.Grow.To, most), Payers: &runners.Payers{}}
		g.Payers.PIDs = make([]int, g.Live)
		if q.Grow.To > most {
			g.Stopped = why
		}
		return protocol.Reply{Grown: g}, nil
	}
}

func TestPopulation(t *testing.T) {
	for name, c := range map[string]struct {
		most      int
		why       string
		budget    uint64
		live      []float64
		stoppedBy string
	}{
		"all steps":        {most: 100, live: []float64{0, 10, 20}, stoppedBy: "budget of instances: 20"},
		"fails in between": {most: 14, why: "mmap:\nno memory", live: []float64{0, 10, 14}, stoppedBy: "instance 15: mmap: no memory"},
		"fails at a step":  {most: 10, why: "full", live: []float64{0, 10}, stoppedBy: "instance 11: full"},
		"budget of time":   {most: 13, live: []float64{0, 10, 13}, stoppedBy: "budget of time: 1s"},
		"budget of memory": {most: 100, budget: 150, live: []float64{0, 10}, stoppedBy: "budget of memory: 0 MiB"},
	} {
		s := newStage(t, growing(c.most, c.why))
		trial := trialOf(results.Density, results.Hot)
		trial.Steps, trial.MemoryBudget = []int{10, 20}, c.budget
		r := s.do(t, trial)
		live, _ := r.Metric(results.Instances)
		if d := cmp.Diff(c.live, live.Values); d != "" || r.Facts["stopped_by"] != c.stoppedBy {
			t.Errorf("%s: %s, stopped by %q, want %q; %s", name, r.Error, r.Facts["stopped_by"], c.stoppedBy, d)
		}
	}
}

func TestPopulationCountsThePayers(t *testing.T) {
	s := newStage(t, growing(100, ""))
	trial := trialOf(results.Memory, results.Hot)
	trial.Steps = []int{10}
	r := s.do(t, trial)
	for name, want := range map[string][]float64{
		results.ProportionalSetSize: {1000, 1100 + 20}, // the daemon's growth counts, its size does not
		results.PageTables:          {100, 110},
		results.CgroupCharge:        {0, 70},
		results.AvailableDrop:       {0, 200},
	} {
		m, _ := r.Metric(name)
		if d := cmp.Diff(want, m.Values); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestPopulationOfNone(t *testing.T) {
	s := newStage(t, growing(0, "no room"))
	trial := trialOf(results.Memory, results.Hot)
	trial.Steps = []int{10}
	if r := s.do(t, trial); r.Outcome != results.Failed || !strings.Contains(r.Error, "no room") {
		t.Errorf("%+v", r)
	}
}
