package host

import (
	"io/fs"
	"maps"
	"os"
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

// lay is the tree of a machine with some files.
func lay(t testing.TB, files fstest.MapFS) tree {
	t.Helper()
	return at(write(t, files))
}

// write writes a machine's files into a new folder. Process 7 looks at it.
func write(t testing.TB, files fstest.MapFS) (root string) {
	t.Helper()
	root = t.TempDir()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(os.MkdirAll(filepath.Join(root, "proc", "7"), 0o700))
	check(os.Symlink("7", filepath.Join(root, "proc", "self")))
	for name, file := range files {
		path := filepath.Join(root, name)
		check(os.MkdirAll(filepath.Dir(path), 0o700))
		switch file.Mode.Type() {
		case fs.ModeDir:
			check(os.MkdirAll(path, 0o700))
		case fs.ModeSymlink:
			check(os.Symlink(string(file.Data), path))
		default:
			check(os.WriteFile(path, file.Data, 0o600))
		}
	}
	return root
}

var machines = []string{"laptop", "microvm", "container", "board"}

// described is the fingerprint of a machine, as far as files tell it.
func described(m tree) results.Host {
	h := results.Host{Settings: map[string]string{}}
	describeTree(m, &h)
	return h
}

// idle is what an idle machine with two processors did.
var idle = cpuTimes{idle: 60, cpus: 2}

// rootAccess may do everything.
var rootAccess = access{uid: 0, writable: func(string) bool { return true }, timer: fineTimer,
	costs: &results.HostCosts{SystemCall: 1117, PageFault: 12_703}, socket: "/run/docker.sock", engine: engine{version: "29.1", storage: "overlay2"}}

var fineTimer = timer{resolution: time.Nanosecond, late: 60 * time.Microsecond}

// judged are the findings of a machine, by their names.
func judged(t testing.TB, m tree, spent cpuTimes, a access) map[string]Finding {
	t.Helper()
	found := map[string]Finding{}
	for _, f := range m.findings(spent, a) {
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
	if (f.State == Warn || f.State == Bad) != (f.Remedy != "") {
		t.Errorf("%s is %s, with the remedy: %q", f.Name, f.State, f.Remedy)
	}
	if f.State != Unknown && f.Value == "" {
		t.Errorf("%s is %s without a value", f.Name, f.State)
	}
	if f.Fix != nil && f.Remedy == "" {
		t.Errorf("%s has commands where nothing is to be mended", f.Name)
	}
	texts := []string{f.Value, f.Meaning, f.Remedy}
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
