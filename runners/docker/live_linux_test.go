package docker

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/image"

	"edgebench/runners"
	"edgebench/runners/source"
	"edgebench/workloads/build"
)

// These tests need an engine, and skip where there is none.

// patient waits for an engine as long as a busy machine may take.
var patient = patience{request: 2 * time.Minute, ending: 2 * time.Minute, lastWords: 2 * time.Minute}

// needEngine gives the runner, and a mode that is fast to start.
func needEngine(t *testing.T) (*runner, string) {
	t.Helper()
	r := newRunner(patient)
	info, err := r.Check(t.Context())
	if err != nil {
		t.Skip(err)
	}
	for _, m := range info.Modes {
		if strings.HasSuffix(m.Name, "-host") && m.Unavailable == "" {
			return r, m.Name
		}
	}
	t.Skip("this engine has no network host")
	return nil, ""
}

// shortDir is a folder with a path short enough for a socket in it, which
// t.TempDir's is not.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "edgebench-t-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// boot starts a system under a scope that the test's end sweeps.
func boot(t *testing.T, r *runner, o runners.Options) *system {
	t.Helper()
	if o.Scratch == "" {
		o.Scratch = shortDir(t)
	}
	if o.Scope == "" {
		o.Scope = newScope(t)
	}
	rt, err := r.Boot(t.Context(), o)
	if err != nil {
		t.Fatalf("Boot: %v", err)
	}
	t.Cleanup(func() {
		if err := rt.Close(); err != nil {
			t.Errorf("Close of the runtime: %v", err)
		}
	})
	return rt.(*system)
}

func newScope(t *testing.T) string {
	t.Helper()
	scope := "t-" + filepath.Base(shortDir(t))[len("edgebench-t-"):]
	t.Cleanup(func() {
		if err := newRunner(patient).Sweep(context.Background(), scope); err != nil {
			t.Errorf("Sweep: %v", err)
		}
	})
	return scope
}

func load(t *testing.T, s *system, path string) *loaded {
	t.Helper()
	p, err := s.Prepare(t.Context(), runners.Artefact{Kind: runners.Native, Path: path}, shortDir(t), nil)
	if err != nil {
		t.Fatalf("Prepare: %v", err)
	}
	l, err := s.Load(t.Context(), p, nil)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return l.(*loaded)
}

// probe builds the guest of the conformance suite.
func probe(t *testing.T) string {
	t.Helper()
	root, err := source.Root()
	if err != nil {
		t.Fatal(err)
	}
	set, err := build.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	cache, err := source.CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	w, err := set.Find("probe")
	if err != nil {
		t.Fatal(err)
	}
	built, err := build.NewBuilder(root, cache).Build(t.Context(), w, "go", runners.Native)
	if err != nil {
		t.Fatal(err)
	}
	return built.Path
}

// early builds a workload that never connects.
func early(t *testing.T, how string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "early")
	cmd := exec.Command("go", "build", "-ldflags", "-s -w -X 'main.how="+how+"'", "-o", out, "./testdata/early")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the workload: %v: %s", err, b)
	}
	return out
}

// there is what the engine has under a scope.
func there(t *testing.T, scope string) (containers []container.Summary, images []image.Summary) {
	t.Helper()
	e, err := connect(t.Context(), patient)
	if err != nil {
		t.Fatal(err)
	}
	defer e.close()
	found, err := e.labelled(t.Context(), scope)
	if err != nil {
		t.Fatal(err)
	}
	return found.containers, found.images
}

// onceStarted does a thing when the engine has started the system's first
// container, which it waits for in the background.
func onceStarted(t *testing.T, s *system, do func()) {
	t.Helper()
	first := func() *running {
		s.mu.Lock()
		defer s.mu.Unlock()
		for c := range s.live {
			return c
		}
		return nil
	}
	go func() {
		for ; t.Context().Err() == nil; time.Sleep(time.Millisecond) {
			if c := first(); c != nil {
				if c.pending.wait() == nil {
					do()
				}
				return
			}
		}
	}()
}

func wantNothingOf(t *testing.T, scope string) {
	t.Helper()
	containers, images := there(t, scope)
	for _, c := range containers {
		t.Errorf("container %.12s is left, %s", c.ID, c.State)
	}
	for _, i := range images {
		t.Errorf("image %.19s is left", i.ID)
	}
}

func wantOneLine(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one with %q", parts)
	}
	text := err.Error()
	if strings.ContainsAny(text, "\r\n") || len(text) > 1000 {
		t.Errorf("not one line of bounded length: %q", text)
	}
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not say %q", text, part)
		}
	}
}

func phases(trace *runners.Trace) (names []string) {
	trace.Phases(func(name string, _ time.Duration) { names = append(names, name) })
	return names
}
