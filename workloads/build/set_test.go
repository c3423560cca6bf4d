package build_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"edgebench/workloads/build"
)

func TestSet(t *testing.T) {
	set, err := build.Open(suiteRoot(t))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, w := range set.List() {
		names = append(names, w.Name)
		if len(w.Exchanges) == 0 || w.Description == "" {
			t.Errorf("%s: %d exchanges, described as %q", w.Name, len(w.Exchanges), w.Description)
		}
	}
	if !slices.IsSorted(names) || !slices.Contains(names, "rewrite") || slices.Contains(names, "probe") {
		t.Errorf("listed are %v", names)
	}
	if w, err := set.Find("probe"); err != nil || !w.Hidden {
		t.Errorf("probe is found as %+v, %v", w, err)
	}
	_, err = set.Find("nonsense")
	says(t, err, `"nonsense"`, strings.Join(names, ", "))
}

// Each thing that can be wrong with a folder is one line with the file's name.
func TestOpenRefuses(t *testing.T) {
	write := func(file, text string) func(string) error {
		return func(dir string) error { return os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600) }
	}
	remove := func(file string) func(string) error {
		return func(dir string) error { return os.RemoveAll(filepath.Join(dir, file)) }
	}
	for _, c := range []struct {
		name  string
		spoil func(dir string) error
		words []string
	}{
		{"no workload", remove("manifest.toml"), []string{"no folder with a manifest.toml"}},
		{"bad manifest", write("manifest.toml", "nonsense = 1\n"), []string{"manifest.toml:1:", `"nonsense"`}},
		{"large manifest", write("manifest.toml", strings.Repeat("#", 1<<20)), []string{"manifest.toml", "65536"}},
		{"another name", func(dir string) error { return os.Rename(dir, dir+"2") }, []string{`"noop"`, `"noop2"`}},
		{"no requests", remove("requests"), []string{"requests"}},
		{"no exchange", func(dir string) error {
			requests := filepath.Join(dir, "requests")
			return errors.Join(os.RemoveAll(requests), os.Mkdir(requests, 0o700))
		}, []string{"0 requests"}},
		{"empty request", write("requests/01-byte.req", ""), []string{"01-byte.req is empty"}},
		{"no response", remove("requests/01-byte.resp"), []string{"01-byte.req has no response"}},
		{"no request", remove("requests/01-byte.req"), []string{"01-byte.resp has no request"}},
		{"strange name", write("requests/1.req", "x"), []string{"1.req", "two digits"}},
		{"strange file", write("requests/notes.txt", "x"), []string{"notes.txt", ".req"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := copyRoot(t, "noop")
			if err := c.spoil(filepath.Join(root, build.Folder, "noop")); err != nil {
				t.Fatal(err)
			}
			_, err := build.Open(root)
			says(t, err, c.words...)
		})
	}
	_, err := build.Open(filepath.Join(t.TempDir(), "nowhere"))
	says(t, err, "nowhere")
}

// A committed module is what its sources give. The gate checks all of them.
func TestModulesAreUpToDate(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"sh", "clang-14", "wasm-ld-14"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%v: install clang-14, lld-14, wasi-libc and libclang-rt-14-dev-wasm32", err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "sh", "scripts/build-workloads.sh", "--check", "noop")
	cmd.Dir = suiteRoot(t)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, said)
	}
}
