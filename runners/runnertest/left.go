package runnertest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"edgebench/results"
	"edgebench/runners/agent"

	"go.uber.org/goleak"

	"edgebench/runners"
	"edgebench/runners/client"
	"edgebench/runners/protocol"
)

// patience is longer than any machine needs to be done with what has ended.
const patience = time.Minute

// leavesNothing compares what there is of processes, mounts, control groups
// and goroutines before and after a test.
func leavesNothing(t *testing.T) {
	before := inventory()
	ignore := goleak.IgnoreCurrent()
	t.Cleanup(func() {
		// An engine and the kernel let go a little later, and so do goroutines.
		for until := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
			left := slices.DeleteFunc(inventory(), func(s string) bool { return slices.Contains(before, s) })
			running := goleak.Find(ignore)
			if len(left) == 0 && running == nil {
				return
			}
			if time.Now().After(until) {
				t.Errorf("left behind: %s; goroutines: %v", strings.Join(left, ", "), running)
				return
			}
		}
	})
}

// inventory lists children of this process, and mounts and control groups that
// bear its mark. It is empty where there is no /proc.
func inventory() []string {
	var found []string
	tasks, _ := filepath.Glob("/proc/self/task/*/children")
	for _, f := range tasks {
		b, _ := os.ReadFile(f)
		for _, pid := range strings.Fields(string(b)) {
			found = append(found, "process "+pid)
		}
	}
	mounts, _ := os.ReadFile("/proc/self/mountinfo")
	for line := range strings.Lines(string(mounts)) {
		if fields := strings.Fields(line); len(fields) > 4 && strings.Contains(line, ours()) {
			found = append(found, "mount "+fields[4])
		}
	}
	for _, folders := range []string{"", "*/", "*/*/"} {
		groups, _ := filepath.Glob("/sys/fs/cgroup/" + folders + "*" + ours() + "*")
		for _, g := range groups {
			found = append(found, "control group "+g)
		}
	}
	return found
}

// endlessLoop lets a guest spin in an agent, which is killed at its deadline. An
// allowance may end the guest before.
func endlessLoop(t *testing.T, s *suite) {
	path := AgentPath(t, s.entry.Name)
	a, err := client.Start(path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Kill()
	o := options(t, s.mode.Name)
	prepared, err := a.Ask(t.Context(), protocol.Request{Prepare: &protocol.Prepare{Options: o, Artefact: s.probe(t), Dir: scratch(t)}})
	if err != nil {
		t.Fatal(err)
	}
	subject := protocol.Subject{
		Options: o, Prepared: *prepared.Prepared,
		Exchanges: []runners.Exchange{{Name: "spin", Request: []byte("S")}},
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	q, err := protocol.NewTask(agent.ColdStartTask, subject, agent.ColdStart{Rung: results.Cold, Iterations: 1, Within: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Ask(ctx, q)
	if !errors.Is(err, client.ErrDeadline) && (err == nil || !s.mode.Interruptible) {
		t.Fatalf("a guest that spins: %v; want the deadline's error", err)
	}
	s.cleanUpAfter(t, path, o)
}

// cleanUpAfter does what the harness does after a kill, in a new agent.
func (s *suite) cleanUpAfter(t *testing.T, path string, o runners.Options) {
	a, err := client.Start(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Ask(t.Context(), protocol.Request{Sweep: &protocol.Sweep{Scope: o.Scope}}); err != nil {
		t.Errorf("Sweep: %v", err)
	}
	if err := a.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// sweepOfNothing checks that sweeping a scope that never was is no error.
func sweepOfNothing(t *testing.T, s *suite) {
	for range 2 {
		if err := s.runner.Sweep(t.Context(), "test-never-used"); err != nil {
			t.Errorf("Sweep: %v", err)
		}
	}
}
