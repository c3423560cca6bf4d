package density_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/density"
	. "edgebench/bench/experiment/experimenttest"
	"edgebench/bench/host"
	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/client"
	"edgebench/runners/protocol"
	"edgebench/runners/source"
	"edgebench/workloads/build"
)

// real makes trials with a runner's own agents.
type real struct {
	path    string
	subject protocol.Subject
}

// newReal prepares the workload rewrite, or skips where that or the agent can't be
// built.
func newReal(t *testing.T, runner, mode, language string) *real {
	t.Helper()
	if testing.Short() {
		t.Skip("a real staircase takes a second; run without -short")
	}
	root, err := source.Root()
	must(t, err)
	set, err := build.Open(root)
	must(t, err)
	cache, err := source.CacheDir()
	must(t, err)
	entry, _ := runners.Find(runner)
	w, err := set.Find("rewrite")
	must(t, err)
	built, err := build.NewBuilder(root, cache).Build(t.Context(), w, language, entry.Takes[0])
	must(t, err)
	r := &real{}
	r.path, err = client.Executable(t.Context(), root, entry)
	must(t, err)
	dir, err := os.MkdirTemp("", "edgebench-")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	o := runners.Options{Mode: mode, Scratch: dir, Scope: "density-test"}
	t.Cleanup(func() { sweep(t, r.path, o.Scope) })
	a, err := client.Start(r.path)
	must(t, err)
	defer a.Close(t.Context())
	prepared, err := a.Ask(t.Context(), protocol.Request{Prepare: &protocol.Prepare{Options: o, Artefact: built.Artefact, Dir: t.TempDir()}})
	must(t, err)
	r.subject = protocol.Subject{Options: o, Prepared: *prepared.Prepared, Exchanges: w.Exchanges}
	return r
}

// sweep removes what agents that were ended have left, as a run does after each trial.
func sweep(t *testing.T, path, scope string) {
	ctx := context.WithoutCancel(t.Context())
	a, err := client.Start(path)
	if err != nil {
		t.Error(err)
		return
	}
	defer a.Close(ctx)
	if _, err := a.Ask(ctx, protocol.Request{Sweep: &protocol.Sweep{Scope: scope}}); err != nil {
		t.Error(err)
	}
}

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

// run makes a trial. Each agent is limited after it was started.
func (r *real) run(t *testing.T, e density.Effort, p results.Params, within trial.Confinement, limit func(pid int) error) (experiment.Result, error) {
	t.Helper()
	e.Duration = experiment.Duration(time.Minute)
	x := Trial(t, density.Name, p, e, nil, nil)
	x.Node, x.Subject = trial.Node{}, r.subject
	x.Start = func() (experiment.Agent, error) {
		var a *client.Agent
		start := func() (err error) {
			a, err = client.Start(r.path)
			return err
		}
		var err error
		if within != nil {
			err = within.Start(start)
		} else {
			err = start()
		}
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { a.Close(t.Context()) })
		// Go raises the number of open files when a process begins: ask first.
		if _, err := a.Ask(t.Context(), protocol.Request{Check: &protocol.Check{}}); err != nil {
			return nil, err
		}
		return a, limit(a.PID())
	}
	if within != nil {
		x.Confine = func(uint64) (string, error) { return within.Path(), nil }
	}
	return density.New().Run(t.Context(), x)
}

func limitTo(resource int, most uint64) func(int) error {
	return func(pid int) error {
		return unix.Prlimit(pid, resource, &unix.Rlimit{Cur: most, Max: most}, nil)
	}
}

// A process whose files are used up can't start another child.
func TestOpenFilesOfARealProcess(t *testing.T) {
	r := newReal(t, "process", "plain", "go")
	const most = 64
	found, err := r.run(t, steps(2, 1000), "", nil, limitTo(unix.RLIMIT_NOFILE, most))
	if err != nil {
		t.Fatal(err)
	}
	live := lastOf(found)
	if s := found.Stop; s.Reason != results.StopLimit || s.Resource != results.ResourceFiles || live < 5 || live > most {
		t.Errorf("%v live, %+v", live, s)
	}
}

// Each process of wasmtime has room for some thirty memories of 4 GiB.
func TestAddressSpaceOfRealProcesses(t *testing.T) {
	r := newReal(t, "wasmtime", "aot", "c")
	found, err := r.run(t, steps(10, 75), "", nil, limitTo(unix.RLIMIT_AS, 128<<30))
	if err != nil {
		t.Fatal(err)
	}
	s, each := found.ProcessStop, Values(found, density.PerProcess)
	if s == nil || s.Resource != results.ResourceAddressSpace || s.Limit != 128<<30 || len(each) != 1 || each[0] < 20 || each[0] > 32 {
		t.Errorf("%v in the first process, %+v", each, s)
	}
	if live := lastOf(found); live != 75 || found.Stop.Resource != results.ResourceInstances {
		t.Errorf("%v live, %+v", live, found.Stop)
	}
}

// Where the address space has no room for 16,000 slots, a pool has 1,000.
func TestPoolOfRealProcesses(t *testing.T) {
	r := newReal(t, "wasmtime", "aot-pooling", "c")
	found, err := r.run(t, steps(500, 1200), "", nil, limitTo(unix.RLIMIT_AS, 6<<40))
	if err != nil {
		t.Fatal(err)
	}
	s, each := found.ProcessStop, Values(found, density.PerProcess)
	if s == nil || s.Resource != results.ResourcePool || s.Limit != 1000 || len(each) != 1 || each[0] != 1000 || lastOf(found) != 1200 {
		t.Errorf("%v in the first process, %v live, %+v", each, lastOf(found), s)
	}
}

// The kernel kills a process that needs more than its control group has.
func TestMemoryOfARealGroup(t *testing.T) {
	r := newReal(t, "wazero", "compiler", "c")
	group, err := host.Confine(fmt.Sprintf("edgebench-density-test-%d", os.Getpid()), 48<<20)
	must(t, err)
	t.Cleanup(func() {
		if err := group.Remove(); err != nil {
			t.Error(err)
		}
	})
	e := steps(20, 100_000)
	e.StepFactor = 1.3
	e.Effort = e.Fill()
	found, err := r.run(t, e, density.MemoryLimitParam+"=48", group, func(int) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	s := found.Stop
	if s.Reason != results.StopLimit || s.Resource != results.ResourceMemory || s.Limit != 48<<20 || !strings.Contains(s.Detail, "killed") {
		t.Errorf("%+v", s)
	}
	// Each instance of this module takes some 34 KiB.
	if each := Values(found, density.PerGiB); each[0] < 2_000 || each[0] > 40_000 {
		t.Errorf("%v instances per GiB", each)
	}
}

func lastOf(r experiment.Result) float64 {
	live := Values(r, "instances")
	return live[len(live)-1]
}
