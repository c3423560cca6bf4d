package client

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"edgebench/runners"
)

// write makes a file with all folders above it.
func write(t *testing.T, content string, path ...string) {
	t.Helper()
	file := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// installed makes a folder with a library of a version.
func installed(t *testing.T, version string) string {
	dir := t.TempDir()
	write(t, "#define OTHER \"1\"\r\n#define EDGE_VERSION \""+version+"\"\r\n", dir, "include", "edge", "version.h")
	write(t, "", dir, "lib64", "libedge.so")
	return dir
}

func library(folder string) runners.Library {
	return runners.Library{
		Name: "edge", Tag: "edge", Version: "0.14.", Header: "edge/version.h", Macro: "EDGE_VERSION",
		Variable: "EDGEBENCH_TEST_EDGE", Folder: folder,
	}
}

func TestFindLibrary(t *testing.T) {
	good := installed(t, "0.14.1")
	own := installed(t, "0.14.0")
	write(t, "", own, "lib64", "ld-linux-x86-64.so.2")
	t.Setenv("CGO_LDFLAGS", "-lmine")
	for name, c := range map[string]struct {
		folder, user string
		dir          string // that is linked
		linker       bool
	}{
		"where the set-up puts it":    {good, "", good, false},
		"the user's comes first":      {good, own, own, true},
		"with its own dynamic linker": {own, "", own, true},
	} {
		t.Setenv("EDGEBENCH_TEST_EDGE", c.user)
		how, err := findLibrary(library(c.folder))
		if err != nil || how.Tag != "edge" || len(how.Env) != 2 {
			t.Errorf("%s: %+v, %v", name, how, err)
			continue
		}
		lib := filepath.Join(c.dir, "lib64")
		if flags := strings.Fields(how.Env[0]); !slices.Contains(flags, "-I"+filepath.Join(c.dir, "include")) {
			t.Errorf("%s: %q", name, how.Env[0])
		}
		flags := strings.Fields(how.Env[1])
		if !slices.Contains(flags, "-Wl,-rpath,"+lib) || flags[len(flags)-1] != "-lmine" {
			t.Errorf("%s: %q", name, how.Env[1])
		}
		if slices.Contains(flags, "-Wl,--dynamic-linker="+filepath.Join(lib, "ld-linux-x86-64.so.2")) != c.linker {
			t.Errorf("%s: %q", name, how.Env[1])
		}
	}
}

func TestFindLibraryRefuses(t *testing.T) {
	old := installed(t, "0.13.5")
	headers := installed(t, "0.14.1")
	if err := os.RemoveAll(filepath.Join(headers, "lib64")); err != nil {
		t.Fatal(err)
	}
	odd := t.TempDir()
	write(t, "#define EDGE_VERSION 14\n", odd, "include", "edge", "version.h")
	for name, c := range map[string]struct{ folder, user, words string }{
		"nothing":            {"/nowhere", "", "it needs libedge 0.14.x with its headers: scripts/setup-debian.sh installs it, and EDGEBENCH_TEST_EDGE names"},
		"another version":    {old, "", `is "0.13.5", and 0.14.x is wanted: scripts/setup-debian.sh`},
		"headers alone":      {headers, "", "it needs libedge"},
		"no version":         {odd, "", "defines no EDGE_VERSION"},
		"the user's is none": {installed(t, "0.14.1"), "/nowhere", "EDGEBENCH_TEST_EDGE: stat /nowhere"},
		"the user's is odd":  {"/nowhere", "/no where", "cannot hold the name"},
		"not a whole path":   {"/nowhere", "lib", "cannot hold the name"},
	} {
		t.Setenv("EDGEBENCH_TEST_EDGE", c.user)
		_, err := findLibrary(library(c.folder))
		if err == nil || !strings.Contains(err.Error(), c.words) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v; want %q in one line", name, err, c.words)
		}
	}
	write(t, strings.Repeat(" ", maxHeader+1), odd, "include", "edge", "version.h")
	if _, err := linkage(library(""), odd); !errors.Is(err, runners.ErrTooLarge) {
		t.Errorf("a header of more than %d bytes: %v", maxHeader, err)
	}
	if _, err := linkage(library(""), "/nowhere"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}
