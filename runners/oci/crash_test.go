//go:build linux

package oci

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"edgebench/runners"
)

// The variables by which this test binary becomes the victim of a crash.
const (
	victimVariable  = "EDGEBENCH_TEST_VICTIM"
	scopeVariable   = "EDGEBENCH_TEST_SCOPE"
	scratchVariable = "EDGEBENCH_TEST_SCRATCH"
)

// victim holds two live containers and a parked one, says so, and waits to be
// killed.
func victim(mode string) int {
	ctx := context.Background()
	fail := func(err error) int {
		fmt.Println("error:", err)
		return 1
	}
	scratch := os.Getenv(scratchVariable)
	rt, err := New().Boot(ctx, runners.Options{Mode: mode, Scratch: scratch, Scope: os.Getenv(scopeVariable)})
	if err != nil {
		return fail(err)
	}
	path, err := guest()
	if err != nil {
		return fail(err)
	}
	p, err := rt.Prepare(ctx, runners.Artefact{Kind: runners.Native, Path: path}, filepath.Join(scratch, "prepared"), nil)
	if err != nil {
		return fail(err)
	}
	l, err := rt.Load(ctx, p, nil)
	if err != nil {
		return fail(err)
	}
	for range 2 {
		in, err := l.Instantiate(ctx, nil)
		if err != nil {
			return fail(err)
		}
		if _, err := in.Call(ctx, nil, []byte("user")); err != nil {
			return fail(err)
		}
	}
	if _, err := l.(*loaded).Park(ctx); err != nil {
		return fail(err)
	}
	fmt.Println("ready")
	select {}
}

// TestCrash kills a process that holds containers, without a chance to clean
// up, and checks that nothing is left after Sweep.
func TestCrash(t *testing.T) {
	path, err := guest()
	if err != nil {
		t.Skipf("%v (a Go toolchain is needed)", err)
	}
	forEachMode(t, func(t *testing.T, mode string) {
		scope, scratch := scopeOf(t), t.TempDir()
		if err := os.Mkdir(filepath.Join(scratch, "prepared"), 0o700); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), victimVariable+"="+mode, scopeVariable+"="+scope, scratchVariable+"="+scratch, guestVariable+"="+path)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil || line != "ready\n" {
			t.Fatalf("the victim says %q (%v)", line, err)
		}
		containers := 3
		if mode == modeRunsc {
			containers = 0 // whose sandboxes have another environment: they are found by their control groups
		}
		before := processesOf(scope)
		if len(before) != containers {
			t.Errorf("there are %d containers, want %d", len(before), containers)
		}
		namespaces := namespacesOf(before)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		if mode == modeEmbedded {
			// All but the frozen one die with their parent.
			eventually(t, "the live containers die", func() bool { return len(processesOf(scope)) <= 1 })
		}
		for range 2 {
			if err := New().Sweep(t.Context(), scope); err != nil {
				t.Fatal(err)
			}
		}
		nothingOf(t, scope)
		eventually(t, "the namespaces are gone", func() bool {
			for _, n := range namespacesOf(everyProcess(t)) {
				if slices.Contains(namespaces, n) {
					return false
				}
			}
			return true
		})
	})
}

// namespacesOf lists the namespaces of processes that are not ours too.
func namespacesOf(pids []int) (list []string) {
	for _, pid := range pids {
		links, _ := filepath.Glob(fmt.Sprintf("/proc/%d/ns/*", pid))
		for _, link := range links {
			to, err := os.Readlink(link)
			ours, _ := os.Readlink("/proc/self/ns/" + filepath.Base(link))
			if err == nil && to != ours {
				list = append(list, to)
			}
		}
	}
	return list
}

func everyProcess(t *testing.T) (pids []int) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// TestSweepSpares checks that a scope's sweep leaves the containers of another
// whose name begins alike.
func TestSweepSpares(t *testing.T) {
	_, l := open(t, modeEmbedded, 0)
	in := instantiate(t, l)
	scope := l.system.host.scope
	for _, other := range []string{scope[:len(scope)-1], scope + "-1", strings.ToUpper(scope) + "x", "test-never-used"} {
		if err := New().Sweep(t.Context(), other); err != nil {
			t.Errorf("sweep %s: %v", other, err)
		}
	}
	ask(t, in, "user")
}

func TestNamed(t *testing.T) {
	cases := []struct {
		name, scope string
		want        bool
	}{
		{"edgebench-a-1", "a", true},
		{"edgebench-a-12", "a", true},
		{"edgebench-a-", "a", false},
		{"edgebench-a-b", "a", false},
		{"edgebench-a-1-2", "a", false},
		{"edgebench-a-1-2", "a-1", true},
		{"edgebench-b-1", "a", false},
		{"edgebench-a-+1", "a", false},
		{"x-edgebench-a-1", "a", false},
	}
	for _, c := range cases {
		if got := named(c.name, c.scope); got != c.want {
			t.Errorf("named(%q, %q) = %v", c.name, c.scope, got)
		}
	}
}

func TestAbandoned(t *testing.T) {
	ended := exec.Command("true")
	if err := ended.Run(); err != nil {
		t.Skip(err)
	}
	for name, want := range map[string]bool{
		fmt.Sprintf("edgebench-rehearsal-%d-1", ended.Process.Pid): true,
		fmt.Sprintf("edgebench-rehearsal-%d-1", os.Getpid()):       false,
		fmt.Sprintf("edgebench-rehearsal-%d", ended.Process.Pid):   false,
		"edgebench-rehearsal--1":                                   false,
		"edgebench-rehearsal-0-1":                                  false,
		"edgebench-other-1":                                        false,
	} {
		if got := abandoned(name); got != want {
			t.Errorf("abandoned(%q) = %v", name, got)
		}
	}
}

func TestScope(t *testing.T) {
	for scope, want := range map[string]bool{
		"a": true, "Run-7": true, strings.Repeat("x", 40): true,
		"": false, "../a": false, "a b": false, "a_b": false, "ä": false, strings.Repeat("x", 41): false,
	} {
		if got := validScope(scope); got != want {
			t.Errorf("validScope(%q) = %v", scope, got)
		}
		rt, err := New().Boot(t.Context(), runners.Options{Mode: modeEmbedded, Scope: scope})
		if (err == nil) != want {
			t.Errorf("Boot with scope %q: %v", scope, err)
		}
		if err == nil {
			rt.Close()
		}
	}
}
