package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"edgebench/bench/experiment/isolation"
	"edgebench/results"
)

// attemptsConfig asks one mode of each kind of system for attempts, and for the surface
// of an edge function.
const attemptsConfig = `
profile = "attempts"
budget = "30m"
deadline = "5m"
[table]
workload = "rewrite"
build = "c"
reference = { runner = "process", mode = "plain" }
[[matrix]]
experiment = "isolation"
runners = ["wazero", "wasmtime", "process", "oci"]
modes = ["compiler", "aot", "component-aot", "plain", "embedded"]
workloads = ["isolation", "rewrite"]
builds = ["c", "c+component"]
blocks = 1
`

// settings are folders of /proc/sys that an attempt could change something in. Interfaces of
// networks come and go with other tests' containers.
var settings = []string{"kernel", "vm", "fs", "user", "net/core", "net/ipv4"}

// machineState is what attempts must not change: the kernel's settings, and files, mounts,
// control groups and processes of this test. Other tests have theirs meanwhile.
func machineState(t *testing.T, folder string) map[string]string {
	t.Helper()
	state := map[string]string{}
	for _, name := range settings {
		addSettings(state, filepath.Join("/proc/sys", name))
	}
	own := fmt.Sprintf("edgebench-isolation-%d-", os.Getpid())
	for _, pattern := range []string{folder + "/*", "/dev/shm/" + own + "*", "/sys/fs/cgroup/" + own + "*", "/sys/fs/cgroup/*/" + own + "*"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			state["file "+path] = ""
		}
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(mounts)) {
		if strings.Contains(line, folder) {
			state["mount "+line] = ""
		}
	}
	children, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range children {
		list, _ := os.ReadFile(path) // a thread may have ended
		for pid := range strings.FieldsSeq(string(list)) {
			state["process "+pid] = ""
		}
	}
	return state
}

// addSettings adds the values of all settings in a folder that can be written to, but for
// the last number of a process.
func addSettings(state map[string]string, folder string) {
	_ = filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // not for us to see
		case e.IsDir() && (e.Name() == "binfmt_misc" || e.Name() == "conf" || e.Name() == "neigh"):
			return fs.SkipDir
		case e.IsDir() || e.Name() == "ns_last_pid":
			return nil
		}
		if info, err := e.Info(); err == nil && info.Mode().Perm()&0o200 != 0 {
			if b, err := os.ReadFile(path); err == nil {
				state["setting "+path] = string(b)
			}
		}
		return nil
	})
}

// sameState reports what of a machine has changed.
func sameState(t *testing.T, before, after map[string]string) {
	t.Helper()
	both := maps.Clone(before)
	maps.Copy(both, after)
	for _, name := range slices.Sorted(maps.Keys(both)) {
		was, known := before[name]
		is, remains := after[name]
		if !known || !remains || was != is {
			t.Errorf("%s was %q (%v) and is %q (%v)", name, was, known, is, remains)
		}
	}
}

// A setting, a file, a control group or a process that is left is seen.
func TestMachineState(t *testing.T) {
	folder := t.TempDir()
	before := machineState(t, folder)
	if len(before) < 100 {
		t.Errorf("only %d settings of the kernel are compared", len(before))
	}
	if err := os.WriteFile(filepath.Join(folder, "left"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	left := exec.Command("sleep", "60")
	if err := left.Start(); err != nil {
		t.Fatal(err)
	}
	after := machineState(t, folder)
	left.Process.Kill()
	left.Wait()
	for _, name := range []string{"file " + filepath.Join(folder, "left"), fmt.Sprintf("process %d", left.Process.Pid)} {
		if _, seen := after[name]; !seen {
			t.Errorf("%s is not seen", name)
		}
	}
}

// Attempts come to the results that are known, and leave the machine as it was. Other
// packages' tests may have worlds of their own meanwhile: these are in another folder.
func TestIsolation(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes attempts in real systems")
	}
	temporary := filepath.Join(os.TempDir(), "edgebench-attempts-"+filepath.Base(t.TempDir()))
	if err := os.MkdirAll(temporary, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(temporary) })
	t.Setenv("TMPDIR", temporary)
	dir, config := filepath.Join(t.TempDir(), "run"), filepath.Join(t.TempDir(), "attempts.toml")
	if err := os.WriteFile(config, []byte(attemptsConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	before := machineState(t, temporary)
	var out, said bytes.Buffer
	if code := run([]string{"run", "--config", config, "--out", dir, "--seed", "1"}, &out, &said); code != exitOK {
		t.Fatalf("exit code %d\n%s\n%s", code, out.String(), said.String())
	}
	sameState(t, before, machineState(t, temporary))
	_, _, records, err := results.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if r.Outcome == results.Unavailable {
			continue
		}
		if r.Outcome != results.OK || len(r.Warnings) > 0 {
			t.Errorf("%s: %s %s %v", r.Cell, r.Outcome, r.Error, r.Warnings)
		}
		if r.Workload == isolation.Guest && len(r.Checks) != len(isolation.Attempts()) {
			t.Errorf("%s: %d checks of %d attempts", r.Cell, len(r.Checks), len(isolation.Attempts()))
		}
		for _, c := range r.Checks {
			if c.Unexpected() {
				t.Errorf("%s: %s/%s is %s (%s), expected %s", r.Cell, c.Group, c.Name, c.Result, c.Evidence, c.Expected)
			}
		}
	}
}
