package client

import (
	"debug/elf"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"edgebench/runners"
)

// ownRow is the row of a runner of which a Go module brings the library, with one of the
// user's.
func ownRow(dir string) runners.Entry {
	return runners.Entry{
		Name: "edge@next", Library: &runners.Library{Name: "edge", Header: "edge.h", Macro: "EDGE_VERSION"},
		Own: &runners.OwnLibrary{Runner: "edge", Name: "next", Path: dir},
	}
}

// thisProgram is one whose header says that it is a library.
func thisProgram(t *testing.T) string {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	const typeAt = 16
	b[typeAt] = byte(elf.ET_DYN)
	return string(b)
}

func TestExamine(t *testing.T) {
	file := thisProgram(t)
	with := t.TempDir()
	write(t, file, with, "lib", "libedge.so")
	write(t, "#define EDGE_VERSION \"7.1\"\n", with, "include", "edge.h")
	without := t.TempDir()
	write(t, file, without, "libedge.so")
	t.Setenv("CGO_CFLAGS", "")
	for _, c := range []struct {
		dir, lib, version string
		variables         int
	}{{with, "lib", "7.1", 2}, {without, "", "", 1}} {
		o, err := Examine(ownRow(c.dir))
		if err != nil || o.Version != c.version || len(o.SHA256) != 64 || o.File != filepath.Join(c.dir, c.lib, "libedge.so") {
			t.Errorf("%+v, %v", o, err)
		}
		cache := t.TempDir()
		how, err := o.linkage(*ownRow(c.dir).Library, cache)
		if err != nil || how.Own != o.SHA256 || how.Tag != "" || len(how.Env) != c.variables {
			t.Fatalf("%+v, %v", how, err)
		}
		first, _, _ := strings.Cut(how.Env[0], " ")
		lib, _ := strings.CutPrefix(first, "CGO_LDFLAGS=-L")
		if there, err := filepath.EvalSymlinks(lib); err != nil || there != filepath.Join(c.dir, c.lib) || !strings.HasPrefix(lib, cache) {
			t.Errorf("its folder does not come first: %q leads to %q, %v", how.Env[0], there, err)
		}
		if c.variables == 2 && !slices.Contains(strings.Fields(how.Env[1]), "-I"+filepath.Join(filepath.Dir(lib), "include")) {
			t.Errorf("its headers are left out: %q", how.Env[1])
		}
		o.File = filepath.Join(t.TempDir(), "libedge.so") // the same library elsewhere
		moved, err := o.linkage(*ownRow(c.dir).Library, cache)
		if there, linkErr := os.Readlink(lib); err != nil || !slices.Equal(moved.Env, how.Env) || there != filepath.Dir(o.File) {
			t.Errorf("%v, %v: %q leads to %s, %v; want the same flags %q", err, moved.Env, lib, there, linkErr, how.Env)
		}
	}
}

func TestExamineRefuses(t *testing.T) {
	text, empty := t.TempDir(), t.TempDir()
	write(t, "hello", text, "lib", "libedge.so")
	write(t, "hello", empty, "file")
	odd := t.TempDir()
	write(t, thisProgram(t), odd, "libedge.so")
	write(t, "#define EDGE_VERSION 7\n", odd, "include", "edge.h")
	system := ownRow(t.TempDir())
	system.Library.Tag = "edge"
	write(t, thisProgram(t), system.Own.Path, "libedge.so")
	for name, c := range map[string]struct {
		row   runners.Entry
		words string
	}{
		"not there":       {ownRow("/nowhere"), "stat /nowhere"},
		"no library":      {ownRow(empty), "neither libedge.so nor libedge.a in " + empty},
		"a file":          {ownRow(filepath.Join(empty, "file")), "is not a folder"},
		"text":            {ownRow(text), "neither a shared library nor an archive"},
		"odd headers":     {ownRow(odd), "defines no EDGE_VERSION"},
		"without headers": {system, "its headers belong beside it"},
	} {
		_, err := Examine(c.row)
		if err == nil || !strings.HasPrefix(err.Error(), "the library next for edge: ") || !strings.Contains(err.Error(), c.words) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v; want %q in one line", name, err, c.words)
		}
	}
}

// What a build stumbled on is told in one line, and first what is missing.
func TestWhyNot(t *testing.T) {
	command := "/usr/bin/gcc -m64 " + strings.Repeat("-o x ", 2000) + "\n"
	for said, want := range map[string]string{
		"# edge\n" + command + "/usr/bin/ld: x.o: in function `f':\n/_/shim.c:197: undefined reference to `edge_new'\n/usr/bin/ld: undefined reference to `edge_old'": "this libedge does not have edge_new, which",
		"ld.lld: error: undefined symbol: edge_new\n":                                                          "does not have edge_new,",
		"/mod/config.go:142:2: could not determine what C.edge_set refers to\n":                                "does not have edge_set,",
		"In file included from x.h:\n/a/b/library.h:20:3: error: conflicting types for ‘edge_t’; have ‘int’\n": "(library.h:20: conflicting types for ",
		"go: disk full\n": "does not build with this libedge: go: disk full",
	} {
		err := whyNot(ownRow("/x"), said)
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v; want %q", err, want)
		}
	}
}
