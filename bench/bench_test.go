package bench_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"edgebench/bench"
	"edgebench/bench/plan"
	"edgebench/results"
)

// watcher is an Observer that keeps what it is told and may act on it.
type watcher struct {
	mu      sync.Mutex
	notes   []string
	trials  int
	onTrial func(done int)
}

func (w *watcher) Step(string) {}

func (w *watcher) Note(s string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.notes = append(w.notes, s)
}

func (w *watcher) Trial(_ results.Trial, p bench.Progress) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trials++
	if w.onTrial != nil {
		w.onTrial(p.Done + p.Adaptive)
	}
}

// small is long in what a busy machine may not reach: a budget, a deadline, time
// for a step or for a first request.
const small = `
profile = "small"
budget = "30m"
deadline = "2m"
[table]
workload = "rewrite"
build = "c"
reference = { runner = "wazero", mode = "interpreter" }
[[table.class]]
side = "containers"
how = "container"
lead = true
artefacts = [{ workload = "rewrite", build = "c" }]
systems = [{ runner = "oci", mode = "default" }]
[[table.class]]
side = "WASM"
how = "module"
lead = true
artefacts = [{ workload = "rewrite", build = "c" }]
systems = [{ runner = "wazero", mode = "default" }]
[[matrix]]
experiment = "size"
workloads = ["rewrite"]
builds = ["c"]
blocks = 1
[[matrix]]
experiment = "coldstart"
workloads = ["rewrite"]
builds = ["c"]
blocks = 3
iterations = 2
duration = "50ms"
[[matrix]]
experiment = "memory"
workloads = ["rewrite"]
builds = ["c"]
blocks = 1
steps = [4, 8]
duration = "1m"
[[matrix]]
experiment = "density"
workloads = ["rewrite"]
builds = ["c"]
blocks = 1
steps = [4, 8]
duration = "1m"
[[matrix]]
experiment = "throughput"
workloads = ["rewrite"]
builds = ["c"]
concurrency = [1, 0]
blocks = 1
duration = "250ms"
`

func options(t *testing.T, names ...string) bench.Options {
	t.Helper()
	c, err := plan.Parse("small.toml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	return bench.Options{
		Config: c, Filter: plan.Filter{Runners: names}, Dir: filepath.Join(t.TempDir(), "run"), Seed: 7,
		Command: []string{"test"}, Host: results.Host{OS: "test", Arch: "test", Cores: 2},
	}
}

func open(t *testing.T) *bench.Installation {
	t.Helper()
	h, err := bench.Open()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestMeasure makes a complete run over two real runners.
func TestMeasure(t *testing.T) {
	o := options(t, "wazero", "process")
	w := &watcher{}
	sum, err := open(t).Measure(t.Context(), o, w)
	if err != nil {
		t.Fatal(err)
	}
	p, env, records, err := results.Read(o.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if sum.OK+sum.Unavailable != len(p.Trials()) || len(records) != len(p.Trials()) || w.trials != len(p.Trials()) || len(p.Trials()) == 0 {
		t.Errorf("%d trials planned, %d recorded, summary %+v", len(p.Trials()), len(records), sum)
	}
	for _, r := range records {
		if r.Outcome == results.Unavailable && runtime.GOOS != "linux" {
			continue // memory can be read on Linux alone
		}
		if r.Outcome != results.OK {
			t.Errorf("%s: %s: %s", r.Cell, r.Outcome, r.Error)
		}
		if len(r.Warnings) > 0 {
			t.Errorf("%s warns: %v", r.Cell, r.Warnings)
		}
	}
	if len(env.Systems) < 3 || len(env.Artefacts) < 1 {
		t.Errorf("the environment has %d systems and %d artefacts", len(env.Systems), len(env.Artefacts))
	}
	nothingLeft(t, p.Run)
}

// nothingLeft looks for the scratch folders of a run.
func nothingLeft(t *testing.T, run string) {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	states, _ := filepath.Glob(filepath.Join(cache, "edgebench", "runs", "*", "state.json"))
	for _, s := range states {
		if b, err := os.ReadFile(s); err == nil && strings.Contains(string(b), run) {
			t.Errorf("the run left its folder %s", filepath.Dir(s))
		}
	}
}

// TestInterruptAndResume stops a run in its middle and completes it.
func TestInterruptAndResume(t *testing.T) {
	o := options(t, "wazero")
	h := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	w := &watcher{onTrial: func(done int) {
		if done == 5 {
			cancel()
		}
	}}
	sum, err := h.Measure(ctx, o, w)
	if !errors.Is(err, bench.ErrInterrupted) || sum.OK != 5 || sum.Left == 0 {
		t.Fatalf("interrupted at 5 trials: %+v, %v", sum, err)
	}
	p, _, _, err := results.Read(o.Dir)
	if err != nil {
		t.Fatal(err)
	}
	nothingLeft(t, p.Run)
	if _, err := h.Resume(t.Context(), o.Dir, results.Host{OS: "other"}, &watcher{}); err == nil {
		t.Error("a run is completed on another machine")
	}
	sum, err = h.Resume(t.Context(), o.Dir, o.Host, &watcher{})
	if err != nil {
		t.Fatal(err)
	}
	_, _, records, err := results.Read(o.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if sum.OK != len(p.Trials()) || len(records) != len(p.Trials()) {
		t.Errorf("%d trials, %d records, %+v", len(p.Trials()), len(records), sum)
	}
	nothingLeft(t, p.Run)
}
