//go:build linux

package cgroup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// trees are what can be tested here: that which Discover finds, and one of
// version 2 alone where both are mounted.
func trees(t *testing.T) map[string]*Tree {
	t.Helper()
	found, err := Discover()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { found.Close() })
	all := map[string]*Tree{"discovered": found}
	own, err := Of(os.DirFS("/"), "self")
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range found.hierarchies {
		if !h.Unified {
			continue
		}
		if p, ok := h.place(own, []string{Memory, Pids, Freezer}); ok {
			all["unified"] = &Tree{hierarchies: found.hierarchies, places: []place{p}}
		}
	}
	return all
}

// forEach runs a test on each tree that lets us make groups.
func forEach(t *testing.T, test func(*testing.T, *Tree, string)) {
	for which, tree := range trees(t) {
		t.Run(which, func(t *testing.T) {
			if len(tree.places) == 0 {
				t.Skip("no control group may be made here: be root")
			}
			name := fmt.Sprintf("edgebench-cgtest%d-%d", os.Getpid(), time.Now().UnixNano())
			test(t, tree, name)
			for _, p := range tree.places {
				if _, err := os.Stat(filepath.Join(p.parent, name)); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("the group is left in %s (%v)", p.parent, err)
				}
			}
		})
	}
}

// sleeper starts a process that is born in the group.
func sleeper(t *testing.T, g *Group) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("sleep", "1000")
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends here
		done <- g.Around(func(unified int) error {
			if unified >= 0 {
				cmd.SysProcAttr = &syscall.SysProcAttr{UseCgroupFD: true, CgroupFD: unified}
			}
			return cmd.Start()
		})
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return cmd
}

func TestLife(t *testing.T) {
	forEach(t, func(t *testing.T, tree *Tree, name string) {
		g, err := tree.Make(name, Limits{Memory: 100 << 20, Pids: 10})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tree.Make(name, Limits{}); !errors.Is(err, fs.ErrExist) {
			t.Errorf("the same name again: %v; want ErrExist", err)
		}
		cmd := sleeper(t, g)
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", cmd.Process.Pid))
		if err != nil || strings.Count(string(b), name) != len(g.dirs) {
			t.Errorf("the process was not born in its groups (%v):\n%s", err, b)
		}
		own, err := os.ReadFile("/proc/self/cgroup")
		if err != nil || strings.Contains(string(own), name) {
			t.Errorf("this process is in the groups of another (%v):\n%s", err, own)
		}
		if g.OutOfMemory() {
			t.Error("a sleeper is out of memory")
		}
		if err := g.Freeze(); err != nil {
			t.Error(err)
		}
		if err := g.Thaw(); err != nil {
			t.Error(err)
		}
		if err := g.Remove(); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err == nil {
			t.Error("the process was not killed")
		}
		if err := g.Remove(); err != nil {
			t.Errorf("a second time: %v", err)
		}
	})
}

func TestLimits(t *testing.T) {
	forEach(t, func(t *testing.T, tree *Tree, name string) {
		g, err := tree.Make(name, Limits{Memory: 100 << 20, Pids: 10})
		if err != nil {
			t.Fatal(err)
		}
		defer g.Remove()
		if (g.MemoryDir() != "") != tree.Has(Memory) {
			t.Errorf("the memory is counted in %q", g.MemoryDir())
		}
		for controller, files := range map[string][]string{Memory: {"memory.limit_in_bytes", "memory.max"}, Pids: {"pids.max"}} {
			d, ok := g.with(controller)
			if !ok {
				continue
			}
			got := ""
			for _, f := range files {
				got += strings.TrimSpace(d.read(f))
			}
			if want := map[string]string{Memory: "104857600", Pids: "10"}[controller]; got != want {
				t.Errorf("the limit of %s is %q, want %s", controller, got, want)
			}
		}
	})
}

// TestSweepFrozen checks that groups are removed whose members are frozen in
// one hierarchy and keep another busy.
func TestSweepFrozen(t *testing.T) {
	forEach(t, func(t *testing.T, tree *Tree, name string) {
		g, err := tree.Make(name, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		sleeper(t, g)
		if err := g.Freeze(); err != nil {
			t.Fatal(err)
		}
		if err := tree.Sweep(func(other string) bool { return other == name }); err != nil {
			t.Error(err)
		}
	})
}

// TestWithoutPlaces checks that a machine that lets us do nothing is no error.
func TestWithoutPlaces(t *testing.T) {
	tree := &Tree{}
	g, err := tree.Make("edgebench-nowhere-1", Limits{Memory: 1, Pids: 1})
	if err != nil {
		t.Fatal(err)
	}
	called := false
	err = g.Around(func(unified int) error {
		called = unified == -1
		return nil
	})
	if err != nil || !called || g.CanFreeze() || g.MemoryDir() != "" || g.OutOfMemory() || tree.Has(Memory) {
		t.Errorf("a group that is nowhere does something (%v)", err)
	}
	if err := g.Remove(); err != nil {
		t.Error(err)
	}
}

// TestUnifiedPlace looks for the ancestor that hands down what is wanted.
func TestUnifiedPlace(t *testing.T) {
	mount := t.TempDir()
	folders := map[string]string{"": "cpu memory pids", "user.slice": "memory pids", "user.slice/session": ""}
	for dir, hands := range folders {
		path := filepath.Join(mount, dir)
		if err := os.MkdirAll(path, 0o755); err != nil {
			t.Fatal(err)
		}
		for file, content := range map[string]string{"cgroup.procs": "", "cgroup.subtree_control": hands + "\n"} {
			if err := os.WriteFile(filepath.Join(path, file), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	h := Hierarchy{Mount: mount, Root: "/", Unified: true}
	own := Membership{{path: "/user.slice/session"}}
	p, ok := h.place(own, []string{Memory, Pids, Freezer})
	if !ok || p.parent != filepath.Join(mount, "user.slice") || !slices.Equal(p.gives, []string{Memory, Pids, Freezer}) {
		t.Errorf("the place is %+v, %v", p, ok)
	}
	if p, ok := h.place(own, nil); ok {
		t.Errorf("there is a place %+v where nothing is wanted", p)
	}
	tree := &Tree{hierarchies: Hierarchies{h}, places: []place{p}}
	if got := tree.Path("x"); got != "/user.slice/x" {
		t.Errorf("a runtime is told %q", got)
	}
}

// TestBelow checks that groups are made within another, and that a sweep for the outer
// one removes both.
func TestBelow(t *testing.T) {
	forEach(t, func(t *testing.T, tree *Tree, name string) {
		if !tree.Divides(Memory) {
			t.Skip("no memory controller of version 1")
		}
		if _, err := tree.Make(name, Limits{Memory: 64 << 20}); err != nil {
			t.Fatal(err)
		}
		inner := tree.Below(tree.Path(name))
		g, err := inner.Make(name+"7", Limits{})
		if err != nil {
			t.Fatal(err)
		}
		sleeper(t, g)
		if want := tree.Path(name) + "/" + name + "7"; inner.Path(name+"7") != want || !strings.HasSuffix(g.MemoryDir(), want) {
			t.Errorf("the path is %q, the folder %q; want %q", inner.Path(name+"7"), g.MemoryDir(), want)
		}
		if err := tree.Sweep(func(other string) bool { return other == name }); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(g.MemoryDir()); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the inner group is still there (%v)", err)
		}
	})
}
