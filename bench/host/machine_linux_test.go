package host

import (
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"

	"github.com/rogpeppe/go-internal/txtar"

	"edgebench/results"
)

// machine lays out a machine of testdata. What lies in a folder ns is a
// symbolic link there.
func machine(t testing.TB, name string) fstest.MapFS {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, f := range archive.Files {
		file := &fstest.MapFile{Data: f.Data}
		if strings.Contains(f.Name, "/ns/") {
			file = &fstest.MapFile{Data: []byte(strings.TrimSpace(string(f.Data))), Mode: fs.ModeSymlink}
		}
		files[f.Name] = file
	}
	return files
}

var machines = []string{"laptop", "microvm", "container", "board"}

// described is the fingerprint of a machine, as far as files tell it.
func described(files fs.FS) results.Host {
	h := results.Host{Settings: map[string]string{}}
	describeTree(tree{files}, &h)
	return h
}

// idle is what an idle machine with two processors did.
var idle = cpuTimes{idle: 60, cpus: 2}

// rootAccess may do everything.
var rootAccess = access{uid: 0, writable: func(string) bool { return true }, timer: fineTimer,
	socket: "/run/docker.sock", engine: engine{"29.1", "overlay2"}}

var fineTimer = timer{resolution: time.Nanosecond, late: 60 * time.Microsecond}

// judged are the findings of a machine, by their names.
func judged(t testing.TB, files fs.FS, spent cpuTimes, a access) map[string]Finding {
	t.Helper()
	found := map[string]Finding{}
	for _, f := range (tree{files}).findings(spent, a) {
		if _, twice := found[f.Name]; twice {
			t.Errorf("%s is found twice", f.Name)
		}
		found[f.Name] = f
		wellFormed(t, f)
	}
	return found
}

// wellFormed checks what every finding promises.
func wellFormed(t testing.TB, f Finding) {
	t.Helper()
	if f.Name == "" || strings.Trim(f.Name, "abcdefghijklmnopqrstuvwxyz_") != "" {
		t.Errorf("%q is no name", f.Name)
	}
	if !slices.Contains([]State{OK, Warn, Bad, Unknown}, f.State) {
		t.Errorf("%s is %q", f.Name, f.State)
	}
	if f.Meaning == "" {
		t.Errorf("%s means nothing", f.Name)
	}
	if (f.State == Warn || f.State == Bad) != (f.Mend != "") {
		t.Errorf("%s is %s, and to mend it: %q", f.Name, f.State, f.Mend)
	}
	if f.State != Unknown && f.Value == "" {
		t.Errorf("%s is %s without a value", f.Name, f.State)
	}
	if f.Fix != nil && f.Mend == "" {
		t.Errorf("%s has commands where nothing is to be mended", f.Name)
	}
	texts := []string{f.Value, f.Meaning, f.Mend}
	for _, c := range f.Fix {
		if c.Run == "" || c.Does == "" {
			t.Errorf("%s has the command %+v", f.Name, c)
		}
		texts = append(texts, c.Run, c.Does)
	}
	for _, text := range texts {
		printable(t, f.Name, text)
	}
}

// printable checks that a text can be shown to a user whatever a file held.
func printable(t testing.TB, name, text string) {
	t.Helper()
	bad := func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }
	if strings.ContainsFunc(text, bad) || len(text) > 4*maxValue {
		t.Errorf("%s is %q", name, text)
	}
}

// printableHost checks all texts of a fingerprint.
func printableHost(t testing.TB, h results.Host) {
	t.Helper()
	for name, text := range map[string]string{"kernel": h.Kernel, "cpu": h.CPU, "clock": h.ClockSource,
		"governor": h.Governor, "virtual": h.Virtual, "cgroup": h.Cgroup,
		"microcode": h.Microcode, "distribution": h.Distribution, "libc": h.Libc} {
		printable(t, name, text)
	}
	for name, text := range h.Settings {
		printable(t, name, text)
		if text == "" {
			t.Errorf("setting %s is empty", name)
		}
	}
}

// paths are all files that any of the machines has.
func paths(t testing.TB) []string {
	t.Helper()
	all := map[string]bool{}
	for _, name := range machines {
		for path := range machine(t, name) {
			all[path] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
