package process_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/client"
	"edgebench/runners/process"
	"edgebench/runners/protocol"
	"edgebench/runners/runnertest"
)

// script makes a command of a shell script.
func script(t *testing.T, text string) runners.Artefact {
	t.Helper()
	path := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	return runners.Artefact{Kind: runners.Native, Path: path, Interface: runners.Stdio}
}

// alive says whether a process is there and not just waited for.
func alive(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && !bytes.Contains(stat, []byte(") Z "))
}

func mustEnd(t *testing.T, pid int) {
	t.Helper()
	for range 500 {
		if !alive(pid) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	syscall.Kill(pid, syscall.SIGKILL)
	t.Errorf("process %d, which an instance left, is still there", pid)
}

// answer runs a command once and gives its answer.
func answer(t *testing.T, a runners.Artefact, scratch string) string {
	t.Helper()
	rt, err := process.New().Boot(t.Context(), runners.Options{Mode: "plain", Scratch: scratch, Scope: "test-together"})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	p, err := rt.Prepare(t.Context(), a, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := rt.Load(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	in, err := l.Instantiate(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := in.Call(t.Context(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
	return strings.TrimSpace(string(response))
}

// A program writes into a folder of its own, which is gone afterwards, and finds the
// artefact's files there but not their originals.
func TestWorkingDirectory(t *testing.T) {
	files, scratch := t.TempDir(), t.TempDir()
	original := filepath.Join(files, "data")
	if err := os.WriteFile(original, []byte("as it was"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := script(t, "pwd; cat data; echo changed >data; echo more >left\n")
	a.Files = files
	dir, content, _ := strings.Cut(answer(t, a, scratch), "\n")
	if filepath.Dir(dir) != scratch || content != "as it was" {
		t.Errorf("it worked in %s and read %q; want a folder in %s and %q", dir, content, scratch, "as it was")
	}
	if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
		t.Errorf("left in the scratch folder: %v, %v", left, err)
	}
	if now, err := os.ReadFile(original); err != nil || string(now) != "as it was" {
		t.Errorf("the artefact's file is %q now, %v", now, err)
	}
	if entries, err := os.ReadDir(files); err != nil || len(entries) != 1 {
		t.Errorf("the folder of the artefact's files has %v now, %v", entries, err)
	}
}

// agentOf asks agents, each of which is started for one question and then killed or, if
// it answers, closed.
type agentOf struct {
	path    string
	options runners.Options
}

func processAgent(t *testing.T, scope string) agentOf {
	t.Helper()
	scope += "-" + strconv.Itoa(os.Getpid())
	return agentOf{runnertest.AgentPath(t, "process"), runners.Options{Mode: "plain", Scratch: t.TempDir(), Scope: scope}}
}

func (of agentOf) ask(t *testing.T, q protocol.Request, within time.Duration) (protocol.Reply, error) {
	t.Helper()
	a, err := client.Start(of.path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Kill()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	reply, err := a.Ask(ctx, q)
	if err == nil {
		err = a.Close(ctx)
	}
	return reply, err
}

// start starts a command once.
func (of agentOf) start(t *testing.T, a runners.Artefact, right string, within time.Duration) error {
	t.Helper()
	prepared, err := of.ask(t, protocol.Request{Prepare: &protocol.Prepare{Options: of.options, Artefact: a, Dir: t.TempDir()}}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	q, err := protocol.NewTask(agent.ColdStartTask, protocol.Subject{
		Options: of.options, Prepared: *prepared.Prepared, Exchanges: []runners.Exchange{{Name: "none", Response: []byte(right)}},
	}, agent.ColdStart{Rung: results.Cold, Iterations: 1, Within: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	_, err = of.ask(t, q, within)
	return err
}

// daemon starts a process in a session of its own, as servers do that detach, and then
// writes its number to a file.
func daemon(told string) string {
	return "cd /\nsetsid sleep 1000 </dev/null >/dev/null 2>&1 &\necho $! >" + told + ".new; mv " + told + ".new " + told + "\n"
}

func toldPID(t *testing.T, told string) int {
	t.Helper()
	text, err := os.ReadFile(told)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// A daemon ends with the instance that started it, also if it has left its parent:
// https://github.com/gptme/gptme/pull/3805, https://github.com/staticafi/symbiotic/pull/207.
func TestDaemonEndsWithItsInstance(t *testing.T) {
	of, told := processAgent(t, "test-ends"), filepath.Join(t.TempDir(), "pid")
	if err := of.start(t, script(t, daemon(told)+"echo done\n"), "done\n", time.Minute); err != nil {
		t.Error(err)
	}
	mustEnd(t, toldPID(t, told))
}

// A daemon outlives its agent, which is killed. Sweep ends it.
func TestDaemonOfAKilledAgent(t *testing.T) {
	of, told := processAgent(t, "test-killed"), filepath.Join(t.TempDir(), "pid")
	if err := of.start(t, script(t, daemon(told)+"sleep 1000\n"), "", 3*time.Second); !errors.Is(err, client.ErrDeadline) {
		t.Fatalf("a command that does not answer: %v", err)
	}
	pid, isRoot := toldPID(t, told), os.Getuid() == 0
	if isRoot && !alive(pid) {
		t.Fatal("the daemon has ended with the agent: the test shows nothing")
	}
	if err := process.New().Sweep(t.Context(), of.options.Scope); err != nil {
		t.Error(err)
	}
	if !isRoot {
		syscall.Kill(pid, syscall.SIGKILL) // it has left the folder, by which alone it can be found
	}
	mustEnd(t, pid)
}

// Without a control group, a process is known by the folder that it works in.
func TestSweepByFolder(t *testing.T) {
	scope := "test-folder-" + strconv.Itoa(os.Getpid())
	dir := filepath.Join(t.TempDir(), scope+".instance1", "inner")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sleep", "1000")
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	if err := process.New().Sweep(t.Context(), scope+"0"); err != nil || !alive(cmd.Process.Pid) {
		t.Errorf("the sweep of another scope: %v", err)
	}
	if err := process.New().Sweep(t.Context(), scope); err != nil {
		t.Error(err)
	}
	mustEnd(t, cmd.Process.Pid)
}
