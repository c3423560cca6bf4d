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
	"sync"
	"testing"

	"github.com/docker/docker/api/types/container"

	"edgebench/runners"
)

// TestMain is also the process that two tests kill.
func TestMain(m *testing.M) {
	if dir := os.Getenv("EDGEBENCH_TEST_OWN"); dir != "" {
		if err := holdOwn(dir); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	if scope := os.Getenv("EDGEBENCH_TEST_HOLD"); scope != "" {
		if err := hold(scope); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// hold makes containers in all states, says so and waits to be killed.
func hold(scope string) error {
	ctx := context.Background()
	rt, err := New().Boot(ctx, runners.Options{Mode: os.Getenv("EDGEBENCH_TEST_MODE"), Scratch: os.Getenv("EDGEBENCH_TEST_SCRATCH"), Scope: scope})
	if err != nil {
		return err
	}
	p, err := rt.Prepare(ctx, runners.Artefact{Kind: runners.Native, Path: os.Getenv("EDGEBENCH_TEST_GUEST")}, scope, nil)
	if err != nil {
		return err
	}
	l, err := rt.Load(ctx, p, nil)
	if err != nil {
		return err
	}
	for range 2 {
		if _, err := l.Instantiate(ctx, nil); err != nil {
			return err
		}
		if _, err := l.(runners.Parker).Park(ctx); err != nil {
			return err
		}
	}
	if _, err := l.(*loaded).create(ctx, os.Getenv("EDGEBENCH_TEST_SCRATCH"), true); err != nil {
		return err
	}
	fmt.Println("held")
	select {}
}

func TestSweepAfterKill(t *testing.T) {
	r, mode := needEngine(t)
	scope, scratch := newScope(t), shortDir(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "EDGEBENCH_TEST_HOLD="+scope, "EDGEBENCH_TEST_MODE="+mode,
		"EDGEBENCH_TEST_SCRATCH="+scratch, "EDGEBENCH_TEST_GUEST="+probe(t))
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
	cmd.Process.Kill()
	cmd.Wait()
	if containers, images := there(t, scope); len(containers) < 3 || len(images) != 1 {
		t.Errorf("after the kill there are %d containers and %d images, want the 2 that are paused, the one that was not started, and 1", len(containers), len(images))
	}
	if err := r.Sweep(t.Context(), scope); err != nil {
		t.Fatalf("Sweep: %v", err)
	}
	wantNothingOf(t, scope)
}

// TestForeign checks that what does not bear our label, or bears that of
// another scope, is left alone.
func TestForeign(t *testing.T) {
	r, mode := needEngine(t)
	s := boot(t, r, runners.Options{Mode: mode})
	l := load(t, s, probe(t))
	foreign, err := s.engine.api.ContainerCreate(t.Context(), &container.Config{Image: l.image, Labels: map[string]string{label: ""}}, nil, nil, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.engine.removeContainer(context.Background(), foreign.ID, false)
	in, err := l.Instantiate(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := r.Sweep(t.Context(), s.scope+"-not"); err != nil {
		t.Errorf("Sweep of another scope: %v", err)
	}
	if _, err := in.Call(t.Context(), nil, nil); err != nil {
		t.Errorf("a sweep of another scope hit ours: %v", err)
	}
	in.Close()
	for _, scope := range []string{"", "a=b", strings.Repeat("a", 41), "a b"} {
		if err := r.Sweep(t.Context(), scope); err == nil {
			t.Errorf("Sweep accepts %q as a scope", scope)
		}
	}
	if _, err := s.engine.api.ContainerInspect(t.Context(), foreign.ID); err != nil {
		t.Errorf("a container that is not ours is gone: %v", err)
	}
}

func TestEndsBeforeItConnects(t *testing.T) {
	r, mode := needEngine(t)
	cases := []struct {
		how   string
		limit uint64
		says  []string
	}{
		{"complains", 0, []string{"exit code 7", "early: no licence found early: giving up"}},
		{"takes memory", 32 << 20, []string{"exit code 137, signal 9", "memory limit"}},
		{"ends", 0, []string{"exit code 0"}},
	}
	for _, c := range cases {
		t.Run(c.how, func(t *testing.T) {
			s := boot(t, r, runners.Options{Mode: mode, Memory: c.limit})
			l := load(t, s, early(t, c.how))
			_, err := l.Instantiate(t.Context(), nil)
			wantOneLine(t, err, c.says...)
			if !errors.Is(err, runners.ErrTrap) {
				t.Errorf("%v; want ErrTrap", err)
			}
			if containers, _ := there(t, s.scope); len(containers) > 0 {
				t.Errorf("%d containers are left", len(containers))
			}
			if left, _ := os.ReadDir(s.scratch); len(left) > 0 {
				t.Errorf("%v is left in the scratch folder", left)
			}
		})
	}
}

// TestNeverConnects gives up a workload that runs and does not connect.
func TestNeverConnects(t *testing.T) {
	r, mode := needEngine(t)
	s := boot(t, r, runners.Options{Mode: mode})
	l := load(t, s, early(t, "idles"))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	onceStarted(t, s, cancel)
	_, err := l.Instantiate(ctx, nil)
	wantOneLine(t, err, "start the container", "canceled")
	if containers, _ := there(t, s.scope); len(containers) > 0 {
		t.Errorf("%d containers are left", len(containers))
	}
}

func (s *system) load(ctx context.Context, t *testing.T, image string) (runners.Instance, error) {
	t.Helper()
	return (&loaded{system: s, image: image}).Instantiate(ctx, nil)
}

func TestPhases(t *testing.T) {
	r, mode := needEngine(t)
	s := boot(t, r, runners.Options{Mode: mode})
	trace := runners.NewTrace()
	trace.Begin()
	p, err := s.Prepare(t.Context(), runners.Artefact{Kind: runners.Native, Path: probe(t)}, shortDir(t), trace)
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Load(t.Context(), p, trace)
	if err != nil {
		t.Fatal(err)
	}
	in, err := l.Instantiate(t.Context(), trace)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	at, ok, err := in.(runners.Entrant).Entered(t.Context())
	if err != nil || !ok {
		t.Fatalf("Entered: %v, %v", ok, err)
	}
	trace.Insert(runners.PhaseEntry, at)
	want := []string{runners.PhaseRead, runners.PhaseImport, runners.PhaseLoad, runners.PhaseCreate, runners.PhaseEntry, runners.PhaseConnect}
	if got := phases(trace); !slices.Equal(got, want) {
		t.Errorf("phases %v, want %v", got, want)
	}
	if p.Shipped <= p.Stored || p.Stored == 0 {
		t.Errorf("shipped %d bytes, stored %d: the archive holds more than the layer", p.Shipped, p.Stored)
	}
}

func TestPayers(t *testing.T) {
	r, mode := needEngine(t)
	s := boot(t, r, runners.Options{Mode: mode})
	l := load(t, s, probe(t))
	for range 2 {
		in, err := l.Instantiate(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
	}
	parked, err := l.Park(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer parked.Close()
	owners, err := s.MemoryOwners(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]int{}
	for _, pid := range append(owners.PIDs, owners.Daemons...) {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
		if err != nil {
			t.Errorf("process %d: %v", pid, err)
		}
		names[strings.TrimSpace(string(b))]++
	}
	want := map[string]int{"workload": 3, "containerd-shim": 3, "dockerd": 1, "containerd": 1}
	if fmt.Sprint(names) != fmt.Sprint(want) {
		t.Errorf("owners are %v, want %v", names, want)
	}
	for in := range s.live {
		if !slices.ContainsFunc(owners.Cgroups, func(dir string) bool { return strings.Contains(dir, in.id) }) {
			t.Errorf("the memory group of container %.12s is not among %v", in.id, owners.Cgroups)
		}
	}
}

func TestLimits(t *testing.T) {
	r, mode := needEngine(t)
	l := load(t, boot(t, r, runners.Options{Mode: mode, Memory: 1 << 20}), probe(t))
	_, err := l.Instantiate(t.Context(), nil)
	wantOneLine(t, err, "create a container", "memory")

	for name, o := range map[string]runners.Options{
		"a scope with a blank": {Mode: mode, Scratch: "/tmp", Scope: "a b"},
		"no scope":             {Mode: mode, Scratch: "/tmp"},
		"an unknown runtime":   {Mode: "nothing-bridge", Scratch: "/tmp", Scope: "a"},
	} {
		rt, err := r.Boot(t.Context(), o)
		if err == nil {
			rt.Close()
			t.Errorf("Boot accepts %s", name)
			continue
		}
		wantOneLine(t, err)
	}
}

// TestPrepared checks what Load and Remove make of the ID of an image.
func TestPrepared(t *testing.T) {
	r, mode := needEngine(t)
	s := boot(t, r, runners.Options{Mode: mode})
	for _, c := range []struct {
		path      string
		malformed bool
	}{
		{"", true}, {"alpine", true}, {"sha256:../../containers", true},
		{"sha256:" + strings.Repeat("0", 64), false},
	} {
		p := runners.Prepared{Mode: mode, Path: c.path}
		_, err := s.Load(t.Context(), p, nil)
		wantOneLine(t, err)
		if errors.Is(err, runners.ErrMalformed) != c.malformed {
			t.Errorf("Load of image %q: %v", c.path, err)
		}
		if err := s.Remove(t.Context(), p); (err != nil) != c.malformed {
			t.Errorf("Remove of image %q: %v", c.path, err)
		}
	}
	foreign := load(t, s, probe(t)).image
	if err := s.Remove(t.Context(), runners.Prepared{Mode: mode, Path: foreign}); err != nil {
		t.Errorf("Remove: %v", err)
	}
	if _, images := there(t, s.scope); len(images) > 0 {
		t.Errorf("%d images are left", len(images))
	}
}

// TestConcurrent starts containers from several goroutines, as the workers of a
// throughput trial with fresh instances do.
func TestConcurrent(t *testing.T) {
	r, mode := needEngine(t)
	l := load(t, boot(t, r, runners.Options{Mode: mode}), probe(t))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 2 {
				in, err := l.Instantiate(t.Context(), nil)
				if err != nil {
					t.Errorf("Instantiate: %v", err)
					return
				}
				if response, err := in.Call(t.Context(), nil, []byte("C")); err != nil || string(response) != "1" {
					t.Errorf("Call gives %q, %v", response, err)
				}
				if err := in.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			}
		})
	}
	wg.Wait()
}

// A socket in a folder whose path does not fit into an address, as in a deep cache folder:
// https://github.com/kata-containers/runtime/issues/290,
// https://github.com/anthropic-experimental/sandbox-runtime/issues/213.
func TestDeepScratch(t *testing.T) {
	r, mode := needEngine(t)
	deep := filepath.Join(shortDir(t), strings.Repeat("x", 60), strings.Repeat("y", 60))
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	in, err := load(t, boot(t, r, runners.Options{Mode: mode, Scratch: deep}), probe(t)).Instantiate(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := in.Call(t.Context(), nil, []byte("E deep")); err != nil || string(response) != " deep" {
		t.Errorf("%q, %v", response, err)
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
}
