package main

import (
	"bytes"
	"maps"
	"os"
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

// settings of the kernel that an attempt could change.
var settings = []string{
	"kernel/core_pattern", "kernel/hostname", "kernel/sysrq", "kernel/modprobe", "kernel/pid_max", "kernel/randomize_va_space",
	"kernel/unprivileged_bpf_disabled", "vm/max_map_count", "vm/overcommit_memory", "vm/swappiness", "fs/suid_dumpable", "fs/protected_symlinks",
}

// machineState is what attempts must not change: settings of the kernel and its modules, and
// whatever bears our names among mounts, control groups, files and processes.
func machineState(t *testing.T) map[string]string {
	t.Helper()
	state := map[string]string{}
	for _, name := range settings {
		if b, err := os.ReadFile("/proc/sys/" + name); err == nil {
			state["setting "+name] = string(b)
		}
	}
	for what, pattern := range map[string]string{"folder": os.TempDir() + "/edgebench-isolation-*", "shared memory": "/dev/shm/edgebench-*", "process": "/proc/[0-9]*/cmdline"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			b, _ := os.ReadFile(path)
			if what != "process" || bytes.Contains(b, []byte("edgebench-secret-")) {
				state[what+" "+path] = string(b)
			}
		}
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(mounts)) {
		if strings.Contains(line, "edgebench-isolation-") {
			state["mount "+line] = ""
		}
	}
	return state
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
	before := machineState(t)
	var out, said bytes.Buffer
	if code := run([]string{"run", "--config", config, "--out", dir, "--seed", "1"}, &out, &said); code != exitOK {
		t.Fatalf("exit code %d\n%s\n%s", code, out.String(), said.String())
	}
	after := machineState(t)
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if was, known := before[name]; !known || was != after[name] {
			t.Errorf("%s was %q and is %q", name, was, after[name])
		}
	}
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
