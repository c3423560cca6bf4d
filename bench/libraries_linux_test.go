package bench_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"edgebench/bench"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/source"
)

// bundled copies the library that a Go module brings into a folder, as if it were another
// version, and gives its SHA-256.
func bundled(t *testing.T) (dir, sum string) {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/wasmerio/wasmer-go").Output()
	if err != nil {
		t.Skipf("the module with the library is not there: %v", err)
	}
	from := filepath.Join(strings.TrimSpace(string(out)), "wasmer", "packaged")
	dir = t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "include"), os.DirFS(filepath.Join(from, "include"))); err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile(filepath.Join(from, "lib", "linux-amd64", "libwasmer.so"))
	if err != nil {
		t.Skip(err)
	}
	file := filepath.Join(dir, "lib", "libwasmer.so")
	if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, code, 0o600); err != nil {
		t.Fatal(err)
	}
	if sum, _, err = source.HashFile(file); err != nil {
		t.Fatal(err)
	}
	return dir, sum
}

// TestTwoVersions measures a runner with its own library and with one of the user's in
// one run.
func TestTwoVersions(t *testing.T) {
	dir, sum := bundled(t)
	h := open(t)
	if _, err := h.Agent(t.Context(), entry(t, "wasmer")); err != nil {
		t.Skip(err)
	}
	library := runners.OwnLibrary{Runner: "wasmer", Name: "copy", Path: dir}
	if err := h.Use([]runners.OwnLibrary{library}); err != nil {
		t.Fatal(err)
	}
	o := options(t, "wasmer/singlepass")
	o.Filter.Experiments = []results.Experiment{"coldstart"}
	o.Filter.Rungs = []results.Rung{results.Cold}
	if _, err := h.Measure(t.Context(), o, &watcher{}); err != nil {
		t.Fatal(err)
	}
	_, env, records, err := results.Read(o.Dir)
	if err != nil {
		t.Fatal(err)
	}
	answered := map[results.System]int{}
	for _, r := range records {
		if r.Outcome != results.OK {
			t.Errorf("%s: %s", r.Cell, r.Error)
		}
		answered[r.System]++
	}
	own := results.System{Runner: "wasmer@copy", Mode: "singlepass"}
	if len(answered) != 2 || answered[own] == 0 || answered[results.System{Runner: "wasmer", Mode: "singlepass"}] != answered[own] {
		t.Errorf("the systems answered so often: %v", answered)
	}
	for _, s := range env.Systems {
		want := ""
		if s.Runner == own.Runner {
			want = sum
		}
		if s.Library != want || want != "" && s.Released != "" || s.Version == "" {
			t.Errorf("%s: library %q, version %q of %q; want the library %q", s.System, s.Library, s.Version, s.Released, want)
		}
	}
	withoutPath(t, o.Dir, dir)
	for _, libraries := range [][]runners.OwnLibrary{nil, {{Runner: "wasmer", Name: "other", Path: dir}}} {
		other := open(t)
		if err := other.Use(libraries); err != nil {
			t.Fatal(err)
		}
		if _, err := other.Resume(t.Context(), o.Dir, o.Host, &watcher{}); !errors.Is(err, bench.ErrDiffers) || !strings.Contains(err.Error(), "--library") {
			t.Errorf("resumed with %v: %v", libraries, err)
		}
	}
	if _, err := h.Resume(t.Context(), o.Dir, o.Host, &watcher{}); err != nil {
		t.Errorf("resumed with the library: %v", err)
	}
}

func entry(t *testing.T, name string) runners.Entry {
	e, ok := runners.Find(name)
	if !ok {
		t.Fatalf("no runner is called %s", name)
	}
	return e
}

// withoutPath looks for the folder of a library in the files of a run.
func withoutPath(t *testing.T, run, dir string) {
	t.Helper()
	files, err := os.ReadDir(run)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if text, err := os.ReadFile(filepath.Join(run, f.Name())); err != nil || strings.Contains(string(text), dir) {
			t.Errorf("%s holds the path of the library, or %v", f.Name(), err)
		}
	}
}

// A user's mistakes are told before anything is built.
func TestLibrariesAreRefused(t *testing.T) {
	h := open(t)
	for want, list := range map[string][]runners.OwnLibrary{
		"can be linked with another": {{Runner: "wazero", Name: "x", Path: "/"}},
		"neither libwasmtime.so":     {{Runner: "wasmtime", Name: "x", Path: t.TempDir()}},
	} {
		if err := h.Use(list); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
	}
	if len(h.Runners()) != len(runners.Table()) {
		t.Error("a library that is refused takes part")
	}
}
