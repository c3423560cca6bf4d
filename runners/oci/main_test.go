//go:build linux

package oci

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"edgebench/runners"
)

// guestVariable names the built guest for a test in another process.
const guestVariable = "EDGEBENCH_TEST_GUEST"

// guestDir holds what guest has built, "" until then.
var guestDir string

// guest builds testdata/inspect once.
var guest = sync.OnceValues(func() (string, error) {
	if path := os.Getenv(guestVariable); path != "" {
		return path, nil
	}
	dir, err := os.MkdirTemp("", "edgebench-inspect-")
	if err != nil {
		return "", err
	}
	guestDir = dir
	path := filepath.Join(dir, "inspect")
	cmd := exec.Command("go", "build", "-o", path, "./testdata/inspect")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the guest: %w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	if mode := os.Getenv(victimVariable); mode != "" {
		os.Exit(victim(mode))
	}
	code := m.Run()
	if guestDir != "" {
		os.RemoveAll(guestDir)
	}
	os.Exit(code)
}

// forEachMode runs a test in each mode that is available.
func forEachMode(t *testing.T, test func(*testing.T, string)) {
	info, err := New().Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range info.Modes {
		t.Run(m.Name, func(t *testing.T) {
			if m.Unavailable != "" {
				t.Skip(m.Unavailable)
			}
			test(t, m.Name)
		})
	}
}

// scopeOf makes a scope of a test's name.
func scopeOf(t testing.TB) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, t.Name())
	return fmt.Sprintf("%.30s-%d", name, os.Getpid())
}

// bootMode boots a mode, which ends with the test and leaves nothing.
func bootMode(t testing.TB, mode string, memory uint64) *system {
	t.Helper()
	return bootWith(t, runners.Options{Mode: mode, Scratch: t.TempDir(), Scope: scopeOf(t), Memory: memory})
}

func bootWith(t testing.TB, o runners.Options) *system {
	t.Helper()
	rt, err := New().Boot(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
		nothingOf(t, o.Scope)
	})
	return rt.(*system)
}

// open boots a mode and loads the guest. Everything ends with the test.
func open(t testing.TB, mode string, memory uint64) (*system, *loaded) {
	t.Helper()
	path, err := guest()
	if err != nil {
		t.Skipf("%v (a Go toolchain is needed)", err)
	}
	s := bootMode(t, mode, memory)
	return s, loadGuest(t, s, path, t.TempDir())
}

// loadGuest loads the guest from a root file system in a folder.
func loadGuest(t testing.TB, s *system, path, dir string) *loaded {
	t.Helper()
	p, err := s.Prepare(t.Context(), runners.Artefact{Kind: runners.Native, Path: path}, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Load(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l.(*loaded)
}

func instantiate(t testing.TB, l *loaded) *instance {
	t.Helper()
	in, err := l.start(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	return in
}

func ask(t testing.TB, in *instance, request string) string {
	t.Helper()
	response, err := in.Call(t.Context(), nil, []byte(request))
	if err != nil {
		t.Fatalf("%s: %v", request, err)
	}
	return string(response)
}

// groupsOf lists the control groups of a scope.
func groupsOf(scope string) (found []string) {
	for _, pattern := range []string{"/sys/fs/cgroup/%s*", "/sys/fs/cgroup/*/%s*", "/sys/fs/cgroup/*/*/%s*"} {
		groups, _ := filepath.Glob(fmt.Sprintf(pattern, prefix(scope)))
		found = append(found, groups...)
	}
	return found
}

func processesOf(scope string) []int {
	return members(func(name string) bool { return named(name, scope) })
}

// nothingOf checks that no process and no control group of a scope is left.
func nothingOf(t testing.TB, scope string) {
	t.Helper()
	if pids := processesOf(scope); len(pids) > 0 {
		t.Errorf("processes %v are left", pids)
	}
	if groups := groupsOf(scope); len(groups) > 0 {
		t.Errorf("control groups are left: %v", groups)
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil || strings.Contains(string(mounts), prefix(scope)) {
		t.Errorf("mounts are left (%v): %s", err, mounts)
	}
}

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for until := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("not within a minute: %s", what)
		}
	}
}
