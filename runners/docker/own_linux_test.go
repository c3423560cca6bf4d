package docker

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"edgebench/runners"
)

// needOwn skips where the run can't start an engine.
func needOwn(t *testing.T) {
	t.Helper()
	if why := ownObstacle(); why != "" {
		t.Skip(why)
	}
}

// closing gives a runner whose engines are ended before the test's folders are removed.
func closing(t *testing.T) *runner {
	t.Helper()
	r := newRunner(patient)
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Errorf("close the runner: %v", err)
		}
	})
	return r
}

// prepareOwn prepares a guest in the folder dir, as a process of its own would.
func prepareOwn(t *testing.T, guest, dir, scope string) runners.Prepared {
	t.Helper()
	r := newRunner(patient)
	rt, err := r.Boot(t.Context(), runners.Options{Mode: ownMode, Scratch: dir, Scope: scope})
	if err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(dir, "kept")
	if err := os.Mkdir(kept, 0o700); err != nil {
		t.Fatal(err)
	}
	p, err := rt.Prepare(t.Context(), runners.Artefact{Kind: runners.Native, Path: guest}, kept, nil)
	if err := errors.Join(err, rt.Close(), r.Close()); err != nil {
		t.Fatal(err)
	}
	return p
}

// The first start of an engine is followed by later ones in the same process. The engine
// of this machine does not know of it, and nothing is left.
func TestOwnEngine(t *testing.T) {
	needOwn(t)
	guest, dir, scope := probe(t), shortDir(t), "t-own"
	p := prepareOwn(t, guest, dir, scope)
	wantNoTrace(t, dir)
	wantNoGroup(t, scope)
	r := closing(t)
	var engines []*ownEngine
	for range 3 {
		from := time.Now()
		rt, err := r.Boot(t.Context(), runners.Options{Mode: ownMode, Scratch: dir, Scope: scope, Prepared: p.Path})
		if err != nil {
			t.Fatal(err)
		}
		booted := time.Since(from)
		in := instanceOf(t, rt, p)
		if _, err := in.Call(t.Context(), nil, nil); err != nil {
			t.Error(err)
		}
		t.Logf("booted in %v, answered %v later", booted, time.Since(from)-booted)
		if err := in.Close(); err != nil {
			t.Error(err)
		}
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
		engines = append(engines, r.engines.all[filepath.Join(p.Path, ownImages)])
	}
	if engines[0] == nil || engines[0] != engines[1] || engines[1] != engines[2] {
		t.Errorf("three starts have the engines %p", engines)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	wantNoTrace(t, dir)
	wantNoGroup(t, scope)
}

func instanceOf(t *testing.T, rt runners.Runtime, p runners.Prepared) runners.Instance {
	t.Helper()
	l, err := rt.Load(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	in, err := l.Instantiate(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// groups are the control groups of a scope's engines.
func groups(scope string) (found []string) {
	for _, at := range []string{"/sys/fs/cgroup/*", "/sys/fs/cgroup/*/*"} {
		some, _ := filepath.Glob(at)
		for _, g := range some {
			if strings.HasPrefix(filepath.Base(g), groupsOf(scope)) {
				found = append(found, g)
			}
		}
	}
	return found
}

func wantNoGroup(t *testing.T, scope string) {
	t.Helper()
	if left := groups(scope); len(left) > 0 {
		t.Errorf("the groups %v are left", left)
	}
}

// holdOwn starts an engine with a live container, says so and waits to be killed.
func holdOwn(dir string) error {
	ctx := context.Background()
	rt, err := New().Boot(ctx, runners.Options{Mode: ownMode, Scratch: dir, Scope: filepath.Base(dir), Prepared: filepath.Join(dir, "kept")})
	if err != nil {
		return err
	}
	l, err := rt.Load(ctx, runners.Prepared{Mode: ownMode, Path: filepath.Join(dir, "kept")}, nil)
	if err != nil {
		return err
	}
	if _, err := l.Instantiate(ctx, nil); err != nil {
		return err
	}
	fmt.Println("held")
	select {}
}

// A process that is killed takes its engine with it. What stays are control groups,
// which the next start sweeps.
func TestOwnEngineDiesWithItsProcess(t *testing.T) {
	needOwn(t)
	dir := shortDir(t)
	scope := filepath.Base(dir)
	prepareOwn(t, probe(t), dir, scope)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "EDGEBENCH_TEST_OWN="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said, err := bufio.NewReader(out).ReadString('\n')
	if said != "held\n" {
		t.Errorf("the process that is to be killed says %q (%v)", said, err)
	}
	if len(groups(scope)) == 0 {
		t.Error("a live container is in no group of the engine")
	}
	cmd.Process.Kill()
	cmd.Wait()
	wantNoTrace(t, dir)
	if err := newRunner(patient).Sweep(t.Context(), scope); err != nil && !errors.Is(err, runners.ErrUnavailable) {
		t.Error(err)
	}
	wantNoGroup(t, scope)
}

// The mode is measured where it is named, tells its version, and refuses what it can't do.
func TestOwnMode(t *testing.T) {
	needOwn(t)
	m := ownModeInfo(t.Context())
	if !m.OnRequest || m.Engine || !strings.Contains(m.Version, ", runc ") || slices.Contains(m.Rungs, "hot") {
		t.Errorf("the mode is %+v", m)
	}
	r := closing(t)
	_, err := r.Boot(t.Context(), runners.Options{Mode: ownMode, Scratch: shortDir(t), Scope: "a", Policy: &runners.Policy{}})
	wantOneLine(t, err, "takes no policy")
	_, err = r.Boot(t.Context(), runners.Options{Mode: ownMode, Scratch: shortDir(t), Scope: "a", Prepared: "/run/x"})
	wantOneLine(t, err, "can't see /run/x")
	s := &system{mode: ownMode, way: ownWay, apart: true}
	wantOneLine(t, s.checkInterface("http:80"), "a network of its own")
}
