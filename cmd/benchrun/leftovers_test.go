//go:build linux

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/procfs"

	"edgebench/results"
)

// everyRunner gives each runner something to leave behind: live instances,
// paused ones, prepared images.
const everyRunner = `
profile = "leftovers"
budget = "30m"
deadline = "2m"
[table]
workload = "noop"
build = "go"
reference = { runner = "process", mode = "plain" }
[[table.class]]
side = "containers"
how = "container"
lead = true
artefacts = [{ workload = "noop", build = "go" }]
systems = [{ runner = "docker", mode = "default" }]
[[table.class]]
side = "WASM"
how = "module"
lead = true
artefacts = [{ workload = "noop", build = "go" }]
systems = [{ runner = "wazero", mode = "compiler" }]
[[matrix]]
experiment = "coldstart"
runners = ["wazero", "process", "oci", "docker"]
modes = ["default"]
workloads = ["noop"]
builds = ["go"]
rungs = ["deploy", "pooled"]
blocks = 2
iterations = 1
duration = "50ms"
[[matrix]]
experiment = "density"
runners = ["wazero", "process", "oci", "docker"]
modes = ["default"]
workloads = ["noop"]
builds = ["go"]
blocks = 1
steps = [3, 6]
duration = "1m"
`

// harness is a place in which a run can be watched: its caches are its own, so
// that whatever stems from it can be told from what other tests do meanwhile.
type harness struct {
	cache, dir string
	env        []string
	tokens     map[string]bool
}

func newTheatre(t *testing.T) *harness {
	t.Helper()
	cache, err := os.MkdirTemp("", "edgebench-c-") // short, for sockets
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(cache) })
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	th := &harness{cache: cache, dir: t.TempDir(), tokens: map[string]bool{}}
	th.env = append(os.Environ(), "XDG_CACHE_HOME="+cache, "GOCACHE="+strings.TrimSpace(string(out)))
	if err := os.WriteFile(filepath.Join(th.dir, "c.toml"), []byte(everyRunner), 0o600); err != nil {
		t.Fatal(err)
	}
	return th
}

// start starts benchrun, which is this test binary under another name.
func (th *harness) start(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd := &exec.Cmd{Path: self, Args: append([]string{"benchrun"}, args...), Dir: th.dir, Env: th.env, Stdout: &said, Stderr: &said}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, &said
}

// during waits until a run has n records, and notes under which names it does
// its work.
func (th *harness) during(t *testing.T, n int) {
	t.Helper()
	deadline := time.Now().Add(3 * time.Minute)
	for time.Now().Before(deadline) {
		th.note()
		b, _ := os.ReadFile(filepath.Join(th.dir, "run", results.RecordsFile))
		if bytes.Count(b, []byte("\n")) >= n {
			if len(th.tokens) == 0 {
				t.Fatal("the run's scratch folder was never seen: nothing could be found left")
			}
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("no %d records in three minutes", n)
}

func (th *harness) note() {
	found, _ := os.ReadDir(filepath.Join(th.cache, "edgebench", "runs"))
	for _, f := range found {
		th.tokens[f.Name()] = true
	}
}

// left lists what is still there of the runs.
func (th *harness) left(t *testing.T) []string {
	t.Helper()
	var left []string
	exes, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, exe := range exes {
		if target, err := os.Readlink(exe); err == nil && strings.HasPrefix(target, th.cache) {
			left = append(left, "process "+filepath.Base(filepath.Dir(exe))+" "+target)
		}
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(mounts, []byte(th.cache)) {
		left = append(left, "a mount below "+th.cache)
	}
	folders, _ := os.ReadDir(filepath.Join(th.cache, "edgebench", "runs"))
	for _, f := range folders {
		left = append(left, "folder "+f.Name())
	}
	for token := range th.tokens {
		left = append(left, groups(token)...)
		left = append(left, containers(token)...)
	}
	slices.Sort(left)
	return left
}

func groups(token string) []string {
	var found []string
	for _, pattern := range []string{"/sys/fs/cgroup/*", "/sys/fs/cgroup/*/*", "/sys/fs/cgroup/*/*/*"} {
		dirs, _ := filepath.Glob(pattern + token + "*")
		for _, d := range dirs {
			found = append(found, "control group "+d)
		}
	}
	return found
}

func containers(token string) []string {
	var found []string
	for _, kind := range []string{"t", "p"} {
		filter := "label=edgebench.scope=eb-" + token + "-" + kind
		for _, args := range [][]string{{"ps", "-aq"}, {"images", "-aq"}} {
			out, err := exec.Command("docker", append(args, "--no-trunc", "--filter", filter)...).Output()
			if err == nil && len(out) > 0 {
				found = append(found, "docker "+args[0]+" "+string(out))
			}
		}
	}
	return found
}

// wantNothingLeft waits a moment: the kernel takes its time with what has died.
func (th *harness) wantNothingLeft(t *testing.T, when string) {
	t.Helper()
	var left []string
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		if left = th.left(t); len(left) == 0 {
			return
		}
	}
	t.Errorf("%s these are left: %s", when, strings.Join(left, "; "))
}

// complete resumes a run to its end.
func (th *harness) complete(t *testing.T) string {
	t.Helper()
	cmd, said := th.start(t, "run", "--resume", "run")
	if err := cmd.Wait(); err != nil {
		t.Fatalf("resume: %v\n%s", err, said)
	}
	p, _, records, err := results.Read(filepath.Join(th.dir, "run"))
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != len(p.Trials()) {
		t.Errorf("%d records of %d trials", len(records), len(p.Trials()))
	}
	for _, r := range records {
		if r.Outcome != results.OK {
			t.Errorf("trial %d: %s: %s", r.Seq, r.Outcome, r.Error)
		}
	}
	return said.String()
}

// TestAKilledAgentFailsItsTrialAlone kills an agent in the middle of its trial:
// that has failed, the others are measured.
func TestAKilledAgentFailsItsTrialAlone(t *testing.T) {
	th := newTheatre(t)
	// Modules of C are compiled at once, so that no other trial works for long.
	config := strings.ReplaceAll(everyRunner, `"go"`, `"c"`) + `
[[matrix]]
experiment = "throughput"
runners = ["wazero"]
workloads = ["noop"]
builds = ["c"]
modes = ["default"]
instances = ["reused"]
blocks = 1
concurrency = [1]
duration = "5s"
`
	if err := os.WriteFile(filepath.Join(th.dir, "c.toml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd, said := th.start(t, "run", "--config", "c.toml", "--runner", "wazero", "--out", "run")
	th.killAgent(t)
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitFailed {
		t.Fatalf("exit code %d, want %d\n%s", code, exitFailed, said)
	}
	_, _, records, err := results.Read(filepath.Join(th.dir, "run"))
	if err != nil {
		t.Fatal(err)
	}
	failed := slices.DeleteFunc(records, func(r results.Record) bool { return r.Outcome == results.OK })
	if len(failed) != 1 || !strings.Contains(failed[0].Error, "killed") || !strings.Contains(said.String(), "1 failed") {
		t.Errorf("failed: %+v\n%s", failed, said)
	}
	th.wantNothingLeft(t, "after an agent was killed")
	th.complete(t)
}

// killAgent waits for an agent that has worked for a while, which only that of
// the throughput trial does, and kills it. By then it is in the middle of its
// trial, and no other agent can be hit while it is leaving.
func (th *harness) killAgent(t *testing.T) {
	t.Helper()
	for until := time.Now().Add(3 * time.Minute); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		th.note()
		for _, pid := range th.agents() {
			if used, err := cpuTime(pid); err != nil || used < 500*time.Millisecond {
				continue
			}
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatal("no agent has worked for half a second in three minutes")
}

// cpuTime is the processor time of a process, to the tick.
func cpuTime(pid int) (time.Duration, error) {
	p, err := procfs.NewProc(pid)
	if err != nil {
		return 0, err
	}
	stat, err := p.Stat()
	return time.Duration(stat.CPUTime() * float64(time.Second)), err
}

// agents are the processes that run an executable of the run's own.
func (th *harness) agents() (pids []int) {
	exes, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, exe := range exes {
		target, err := os.Readlink(exe)
		if err != nil || !strings.HasPrefix(target, filepath.Join(th.cache, "edgebench", "runs")) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(exe))); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

func TestInterruptLeavesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long; run without -short")
	}
	th := newTheatre(t)
	cmd, said := th.start(t, "run", "--config", "c.toml", "--out", "run")
	th.during(t, 7)
	cmd.Process.Signal(syscall.SIGINT)
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("exit code %d, want %d\n%s", code, exitInterrupted, said)
	}
	if !strings.Contains(said.String(), "interrupted; complete it with: benchrun run --resume run") {
		t.Errorf("it does not say how to go on:\n%s", said)
	}
	if _, err := os.Stat(filepath.Join(th.dir, "run", results.ReportFile)); err != nil {
		t.Errorf("an interrupted run is not reported: %v", err)
	}
	th.wantNothingLeft(t, "after SIGINT")
	th.complete(t)
	th.wantNothingLeft(t, "after the run")
}

func TestKillLeavesNothingAfterTheNextStart(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long; run without -short")
	}
	th := newTheatre(t)
	cmd, _ := th.start(t, "run", "--config", "c.toml", "--out", "run")
	th.during(t, 9)
	cmd.Process.Kill()
	cmd.Wait()
	if said := th.complete(t); !strings.Contains(said, "left behind when it died") {
		t.Errorf("the new start does not say that it removed something:\n%s", said)
	}
	th.wantNothingLeft(t, "after SIGKILL and a new start")
}
