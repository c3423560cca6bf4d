package build_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"edgebench/runners"
	"edgebench/workloads/build"
)

// What is in the repository is, what can be built is once it has been, and
// asking builds nothing.
func TestState(t *testing.T) {
	root, cache := suiteRoot(t), t.TempDir()
	w, b := openAt(t, root, "noop"), build.NewBuilder(root, cache)
	state := func(language string, kind runners.Kind) build.State {
		t.Helper()
		s, err := b.State(t.Context(), w, language, kind)
		if (err != nil) != (s == build.Unavailable) {
			t.Errorf("%s in %s: %v", s, language, err)
		}
		return s
	}
	if s := state("c", runners.Wasm); s != build.Committed {
		t.Errorf("the module in C is %s", s)
	}
	if s := state("go", runners.Native); s != build.Buildable {
		t.Errorf("the executable in Go is %s", s)
	}
	if left, err := os.ReadDir(cache); err != nil || len(left) > 0 {
		t.Errorf("asking made %v (%v)", left, err)
	}
	mustBuild(t, b, w, "go", runners.Native)
	if s := state("go", runners.Native); s != build.Cached {
		t.Errorf("the executable in Go is %s once it has been built", s)
	}
	if s := state("cobol", runners.Wasm); s != build.Unavailable {
		t.Errorf("a module in COBOL is %s", s)
	}
}

// The reason is the one that building would give.
func TestStateNamesWhatIsLacking(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	root := copyRoot(t, "noop")
	w, b := openAt(t, root, "noop"), build.NewBuilder(root, t.TempDir())
	s, err := b.State(t.Context(), w, "c", runners.Native)
	if s != build.Unavailable || !errors.Is(err, runners.ErrUnavailable) {
		t.Errorf("without a compiler an executable in C is %s (%v)", s, err)
	}
	says(t, err, "C compiler", "install")
	if err := os.Remove(filepath.Join(root, build.Folder, "noop", "c", "noop.wasm")); err != nil {
		t.Fatal(err)
	}
	if s, err := b.State(t.Context(), w, "c", runners.Wasm); s != build.Unavailable || err == nil {
		t.Errorf("a module that is gone is %s (%v)", s, err)
	}
}
