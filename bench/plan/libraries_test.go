package plan

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"edgebench/runners"
)

const someLibrary = `
[[library]]
runner = "wasmtime"
name = "next"
path = "lib/next"
[[matrix]]
experiment = "size"
blocks = 1
`

// The paths of a file are below the file's folder.
func TestReadLibraries(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "c.toml")
	if err := os.WriteFile(file, []byte(head+someLibrary), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := runners.OwnLibrary{Runner: "wasmtime", Name: "next", Path: filepath.Join(dir, "lib", "next")}
	if len(c.Libraries) != 1 || c.Libraries[0] != want || len(c.Matrix) != 1 {
		t.Errorf("%+v; want %+v", c.Libraries, want)
	}
	rows, err := RowsOf(c.Libraries)
	if err != nil || len(rows) != 1 || rows[0].Name != "wasmtime@next" || rows[0].Own == nil || rows[0].Side != runners.SideWasm {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestLibrariesThatAreRefused(t *testing.T) {
	good := runners.OwnLibrary{Runner: "wasmtime", Name: "next", Path: "/x"}
	change := func(f func(*runners.OwnLibrary)) []runners.OwnLibrary {
		l := good
		f(&l)
		return []runners.OwnLibrary{l}
	}
	for want, list := range map[string][]runners.OwnLibrary{
		"the library's name is \"Next one\"": change(func(l *runners.OwnLibrary) { l.Name = "Next one" }),
		"the library's name is \"\"":         change(func(l *runners.OwnLibrary) { l.Name = "" }),
		"for the runner \"process\"":         change(func(l *runners.OwnLibrary) { l.Runner = "process" }),
		"has no path":                        change(func(l *runners.OwnLibrary) { l.Path = "" }),
		"two libraries with the name next":   {good, good},
		"at most 16 are linked":              make([]runners.OwnLibrary, 17),
	} {
		if _, err := RowsOf(list); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v; want %q", err, want)
		}
	}
	if _, err := Parse("c.toml", []byte(head+strings.Replace(someLibrary, "wasmtime", "docker", 1))); err == nil || !strings.Contains(err.Error(), "c.toml: the library next is for the runner") {
		t.Errorf("a configuration: %v", err)
	}
}
