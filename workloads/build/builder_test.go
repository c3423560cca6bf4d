package build_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"edgebench/runners"
	"edgebench/runners/source"
	"edgebench/workloads/build"
)

// copyRoot makes a root of the test's own with the kit for C and one workload,
// for tests that change sources.
func copyRoot(tb testing.TB, name string) string {
	tb.Helper()
	from, to := filepath.Join(suiteRoot(tb), build.Folder), filepath.Join(tb.TempDir(), build.Folder)
	for _, folder := range []string{filepath.Join("guest", "c"), name} {
		if err := os.CopyFS(filepath.Join(to, folder), os.DirFS(filepath.Join(from, folder))); err != nil {
			tb.Fatal(err)
		}
	}
	return filepath.Dir(to)
}

func openAt(tb testing.TB, root, name string) build.Workload {
	tb.Helper()
	set, err := build.Open(root)
	if err != nil {
		tb.Fatal(err)
	}
	w, err := set.Find(name)
	if err != nil {
		tb.Fatal(err)
	}
	return w
}

func edit(tb testing.TB, path string, change func(string) string) {
	tb.Helper()
	old, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(change(string(old))), 0o600); err != nil {
		tb.Fatal(err)
	}
}

func says(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error that says %q", words)
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than a line: %v", err)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q says nothing of %q", err, word)
		}
	}
}

// The stated hash and size are those of the file, and a second builder finds
// the same file.
func TestBuildIsKept(t *testing.T) {
	t.Parallel()
	root, cache := suiteRoot(t), t.TempDir()
	w := openAt(t, root, "noop")
	for _, language := range languagesAs(w, runners.Native) {
		t.Run(language, func(t *testing.T) {
			first := mustBuild(t, build.NewBuilder(root, cache), w, language, runners.Native)
			sum, size, err := source.HashFile(first.Path)
			if err != nil || sum != first.SHA256 || size != first.Size {
				t.Errorf("%+v has hash %s and %d bytes (%v)", first, sum, size, err)
			}
			if first.Toolchain == "" || first.Workload != "noop" || first.Language != language || first.Kind != runners.Native {
				t.Errorf("built as %+v", first)
			}
			if first.Building <= 0 {
				t.Error("how long it took is not noted")
			}
			before, err := os.Stat(first.Path)
			if err != nil {
				t.Fatal(err)
			}
			second := mustBuild(t, build.NewBuilder(root, cache), w, language, runners.Native)
			after, err := os.Stat(second.Path)
			if err != nil || !reflect.DeepEqual(first, second) || !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
				t.Errorf("%+v was built again as %+v (%v)", first, second, err)
			}
		})
	}
}

// Two builds from nothing give the same bytes.
func TestBuildIsReproducible(t *testing.T) {
	t.Parallel()
	root := suiteRoot(t)
	w := openAt(t, root, "noop")
	first := mustBuild(t, build.NewBuilder(root, t.TempDir()), w, "c", runners.Native)
	second := mustBuild(t, build.NewBuilder(root, t.TempDir()), w, "c", runners.Native)
	if first.SHA256 != second.SHA256 {
		t.Errorf("hashes %s and %s", first.SHA256, second.SHA256)
	}
}

// A damaged artefact is built anew, and what a killed builder left goes.
func TestCacheMends(t *testing.T) {
	t.Parallel()
	root, cache := suiteRoot(t), t.TempDir()
	w, b := openAt(t, root, "noop"), build.NewBuilder(root, cache)
	first := mustBuild(t, b, w, "c", runners.Native)
	if err := os.Truncate(first.Path, 100); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(cache, "artefacts", "building", "left")
	old := filepath.Join(cache, "artefacts", "old")
	for _, dir := range []string{left, old} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	then := time.Now().Add(-365 * 24 * time.Hour)
	if err := os.Chtimes(old, then, then); err != nil {
		t.Fatal(err)
	}
	second := mustBuild(t, b, w, "c", runners.Native)
	second.Building = first.Building // which is that of another build
	if sum, _, err := source.HashFile(second.Path); err != nil || sum != first.SHA256 || !reflect.DeepEqual(second, first) {
		t.Errorf("mended to %+v with hash %s (%v)", second, sum, err)
	}
	for _, dir := range []string{left, old} {
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there (%v)", dir, err)
		}
	}
}

// Builders that want the same artefact at once all get it.
func TestBuildersTakeTurns(t *testing.T) {
	t.Parallel()
	root, cache := suiteRoot(t), t.TempDir()
	w := openAt(t, root, "noop")
	var all [4]build.Built
	var errs [len(all)]error
	var group sync.WaitGroup
	for i := range all {
		group.Go(func() {
			all[i], errs[i] = build.NewBuilder(root, cache).Build(t.Context(), w, "c", runners.Native)
		})
	}
	group.Wait()
	for i := range all {
		if errors.Is(errs[i], runners.ErrUnavailable) {
			t.Skip(errs[i])
		}
		if errs[i] != nil || !reflect.DeepEqual(all[i], all[0]) {
			t.Errorf("builder %d got %+v, %v", i, all[i], errs[i])
		}
	}
}

// Changed sources are another artefact; broken ones are an error with the
// compiler's first words.
func TestBuildFollowsSources(t *testing.T) {
	t.Parallel()
	root, cache := copyRoot(t, "noop"), t.TempDir()
	w, b := openAt(t, root, "noop"), build.NewBuilder(root, cache)
	first := mustBuild(t, b, w, "c", runners.Native)
	file := filepath.Join(root, build.Folder, "noop", "c", "noop.c")
	edit(t, file, func(s string) string { return strings.Replace(s, "return 0", "return 1", 1) })
	second := mustBuild(t, b, w, "c", runners.Native)
	if first.Path == second.Path || first.SHA256 == second.SHA256 {
		t.Errorf("a changed source gives %+v after %+v", second, first)
	}
	edit(t, file, func(s string) string { return strings.Replace(s, "return 1", "return nonsense", 1) })
	_, err := b.Build(t.Context(), w, "c", runners.Native)
	says(t, err, "build noop in c as native", "noop.c:", "nonsense")
}

// A workload is added by a folder with a manifest and nothing else.
func TestWorkloadIsAFolder(t *testing.T) {
	t.Parallel()
	root := copyRoot(t, "noop")
	dir := filepath.Join(root, build.Folder)
	if err := os.Rename(filepath.Join(dir, "noop"), filepath.Join(dir, "silence")); err != nil {
		t.Fatal(err)
	}
	edit(t, filepath.Join(dir, "silence", "manifest.toml"), func(s string) string { return strings.Replace(s, "noop", "silence", 1) })
	w := openAt(t, root, "silence")
	b := mustBuild(t, build.NewBuilder(root, t.TempDir()), w, "c", runners.Native)
	p := startPiped(t, b.Path)
	answersAll(t, w, p)
	p.end(t)
}

func TestCommittedModuleIsChecked(t *testing.T) {
	root := copyRoot(t, "noop")
	w, b := openAt(t, root, "noop"), build.NewBuilder(root, t.TempDir())
	good, err := b.Build(t.Context(), w, "c", runners.Wasm)
	if err != nil || !strings.HasPrefix(good.Toolchain, "clang ") {
		t.Fatalf("built as %+v, %v", good, err)
	}
	edit(t, good.Path, func(s string) string { return s + "\x00" })
	_, err = b.Build(t.Context(), w, "c", runners.Wasm)
	if !errors.Is(err, runners.ErrMalformed) {
		t.Errorf("not malformed: %v", err)
	}
	says(t, err, good.Path, "manifest", "scripts/build-workloads.sh")
	if err := os.Remove(good.Path); err != nil {
		t.Fatal(err)
	}
	_, err = b.Build(t.Context(), w, "c", runners.Wasm)
	says(t, err, good.Path)
}

// Without tools there is a reason and advice, and modules of C all the same.
func TestBuildWithoutTools(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	root := suiteRoot(t)
	w, b := openAt(t, root, "auth"), build.NewBuilder(root, t.TempDir())
	if _, err := b.Build(t.Context(), w, "c", runners.Wasm); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		language string
		kind     runners.Kind
		words    []string
	}{
		{"c", runners.Native, []string{"C compiler", "install"}},
		{"go", runners.Native, []string{"Go toolchain", "install Go"}},
		{"go", runners.Wasm, []string{"Go toolchain", "install Go"}},
	} {
		_, err := b.Build(t.Context(), w, c.language, c.kind)
		if !errors.Is(err, runners.ErrUnavailable) {
			t.Errorf("%s as %s is not unavailable: %v", c.language, c.kind, err)
		}
		says(t, err, c.words...)
	}
}

func TestBuildRefuses(t *testing.T) {
	root := suiteRoot(t)
	w, b := openAt(t, root, "noop"), build.NewBuilder(root, t.TempDir())
	_, err := b.Build(t.Context(), w, "cobol", runners.Wasm)
	says(t, err, "noop", `"cobol"`, "c, go")
	_, err = b.Build(t.Context(), w, "c", "jar")
	says(t, err, `"jar"`, "noop in c")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = b.Build(ctx, w, "go", runners.Native); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
