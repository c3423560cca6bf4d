package wazy_test

import (
	"os"
	"path/filepath"
	"testing"

	"edgebench/runners"
	"edgebench/runners/source"
	"edgebench/runners/wazy"
)

func prepared(t *testing.T) runners.Prepared {
	t.Helper()
	root, err := source.Root()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "workloads", "noop", "c", "noop.wasm")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	rt := boot(t, runners.Options{Mode: "compiler", Scratch: t.TempDir()})
	p, err := rt.Prepare(t.Context(), runners.Artefact{Path: path, Kind: runners.Wasm, Size: uint64(info.Size())}, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func boot(t *testing.T, o runners.Options) runners.Runtime {
	t.Helper()
	rt, err := wazy.New().Boot(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rt.Close() })
	return rt
}

func files(t *testing.T, dir string) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A runtime that is told what it will load opens the folder that holds it, and
// leaves it as it is. One that is not told links the file.
func TestBootOpensWhatIsPrepared(t *testing.T) {
	p := prepared(t)
	before, err := os.Stat(p.Path)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		told  string
		links int
	}{"told": {p.Path, 0}, "not told": {"", 1}} {
		scratch := t.TempDir()
		rt := boot(t, runners.Options{Mode: "compiler", Scratch: scratch, Prepared: c.told})
		l, err := rt.Load(t.Context(), p, nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		in, err := l.Instantiate(t.Context(), nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if n := files(t, scratch); n != c.links {
			t.Errorf("%s: %d files in the scratch folder, want %d", name, n, c.links)
		}
		for _, close := range []func() error{in.Close, l.Close, rt.Close} {
			if err := close(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		after, err := os.Stat(p.Path)
		if err != nil || !after.ModTime().Equal(before.ModTime()) || files(t, filepath.Dir(filepath.Dir(p.Path))) != 1 {
			t.Errorf("%s: the prepared folder has changed (%v)", name, err)
		}
	}
}

// Folders that hold something else are refused, and stay.
func TestBootRefusesAnotherFolder(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "wazy-of-another-version", "code")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("code"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := wazy.New().Boot(t.Context(), runners.Options{Mode: "compiler", Scratch: t.TempDir(), Prepared: path}); err == nil {
		t.Error("a runtime boots with the code of another version")
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}
