package purego

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// makeFolders acts as a library that makes folders in the one that it is given.
func makeFolders(names ...string) func(dir string) error {
	return func(dir string) error {
		for _, name := range names {
			if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
				return err
			}
		}
		return nil
	}
}

func open(t *testing.T, scratch, prepared string) Folder {
	t.Helper()
	f, err := OpenFolder("lib", scratch, prepared, "", makeFolders("lib-1"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestFolder takes one compiled file from the runtime that made it to others.
func TestFolder(t *testing.T) {
	scratch, kept := t.TempDir(), t.TempDir()
	f := open(t, scratch, "")
	if _, err := f.Keep(kept); err == nil {
		t.Error("a cache without a file is kept")
	}
	if err := os.WriteFile(filepath.Join(f.Dir, "lib-1", "code"), []byte("code"), 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := f.Keep(kept)
	if err != nil || path != filepath.Join(kept, "lib-1", "code") {
		t.Fatalf("the file is kept as %q, %v", path, err)
	}
	told, other := open(t, scratch, path), open(t, scratch, "")
	for range 2 {
		if err := errors.Join(told.Offer(path), other.Offer(path)); err != nil {
			t.Error(err)
		}
	}
	if told.Dir != kept {
		t.Errorf("a runtime that is told opens %s, want %s", told.Dir, kept)
	}
	if _, err := os.Stat(filepath.Join(other.Dir, "lib-1", "code")); err != nil {
		t.Errorf("the file is not offered: %v", err)
	}
	if err := errors.Join(f.Remove(), told.Remove(), other.Remove()); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
		t.Errorf("left in the scratch folder: %v, %v", left, err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the prepared file is gone: %v", err)
	}
}

// TestFolderRefuses opens what is not the cache of one version.
func TestFolderRefuses(t *testing.T) {
	scratch := t.TempDir()
	for name, make := range map[string]func(string) error{
		"none":  makeFolders("other"),
		"two":   makeFolders("lib-1", "lib-2"),
		"fails": func(string) error { return errors.New("no") },
	} {
		if _, err := OpenFolder("lib", scratch, "", "", make); err == nil {
			t.Errorf("%s: it is opened", name)
		}
	}
	if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
		t.Errorf("left in the scratch folder: %v, %v", left, err)
	}
	if _, err := OpenFolder("lib", filepath.Join(scratch, "none"), "", "", makeFolders("lib-1")); err == nil {
		t.Error("a folder is made in one that is not there")
	}
}
