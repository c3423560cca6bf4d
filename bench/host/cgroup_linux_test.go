package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// group makes a folder that looks like a control group.
func group(t *testing.T, path, file, text string) string {
	t.Helper()
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(path, file), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCgroupReadsBothVersions(t *testing.T) {
	dir := t.TempDir()
	v1 := group(t, filepath.Join(dir, "a"), "memory.usage_in_bytes", "4096\n")
	v2 := group(t, filepath.Join(dir, "a-b"), "memory.current", "8192\n")
	for _, dirs := range [][]string{{v1, v2}, {v2, v1, v1 + "/", v2 + "/../a-b"}} {
		if got, err := Cgroup(dirs); err != nil || got != 12288 {
			t.Errorf("%q: %d, %v, want 12288", dirs, got, err)
		}
	}
	if got, err := Cgroup(nil); err != nil || got != 0 {
		t.Errorf("no groups: %d, %v", got, err)
	}
}

func TestCgroupRefuses(t *testing.T) {
	dir := t.TempDir()
	outer := group(t, filepath.Join(dir, "a"), "memory.current", "1\n")
	inner := group(t, filepath.Join(outer, "b"), "memory.current", "1\n")
	if _, err := Cgroup([]string{inner, outer}); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("nested groups: %v", err)
	}
	missing := filepath.Join(dir, "missing")
	if _, err := Cgroup([]string{outer, missing}); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), missing) {
		t.Errorf("missing group: %v", err)
	}
	odd := group(t, filepath.Join(dir, "odd"), "memory.current", "max\n")
	if _, err := Cgroup([]string{odd}); err == nil {
		t.Error("a charge that is no number is taken")
	}
}

// A group is charged for what its process touches.
func TestCgroupOfTouchedPages(t *testing.T) {
	const n = 64 * mib
	dir := memoryGroup(t)
	c := spawn(t, fmt.Sprintf("anonymous %d %d", n, os.Getpagesize()))
	if err := os.WriteFile(filepath.Join(dir, "cgroup.procs"), []byte(strconv.Itoa(c.pid())), 0); err != nil {
		t.Fatal(err)
	}
	before, err := Cgroup([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	c.do(t)
	after, err := Cgroup([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	inAdvance := float64(64 * 4096 * numCPU(t))
	near(t, "charge", rise(before, after), n, 0.01, inAdvance)
}

// memoryGroup makes an empty control group that is removed after the test's
// children have ended.
func memoryGroup(t *testing.T) string {
	t.Helper()
	for _, root := range []string{"/sys/fs/cgroup/memory", "/sys/fs/cgroup"} {
		dir := filepath.Join(root, fmt.Sprintf("edgebench-probe-test-%d", os.Getpid()))
		if os.Mkdir(dir, 0o755) != nil {
			continue
		}
		t.Cleanup(func() {
			if err := os.Remove(dir); err != nil {
				t.Error(err)
			}
		})
		if _, err := Cgroup([]string{dir}); err == nil {
			return dir
		}
	}
	t.Skip("no memory control group can be made here; run the test as root with /sys/fs/cgroup writable")
	return ""
}

func numCPU(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		t.Fatal(err)
	}
	return max(1, strings.Count(string(text), "processor\t"))
}
