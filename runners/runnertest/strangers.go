package runnertest

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"edgebench/runners"
	"edgebench/runners/source"
)

// stranger is an artefact that is not ours, from testdata: the module that is
// there, a component of it, or what the Go toolchain makes of main.go.
func (s *suite) stranger(t *testing.T, name string, iface runners.Interface, files string) runners.Artefact {
	dir := filepath.Join(s.guests.root, "runners", "runnertest", "testdata", name)
	a := runners.Artefact{Workload: name, Language: "own", Kind: runners.Wasm, Path: filepath.Join(dir, name+".wasm"), Interface: iface, Files: files}
	var err error
	switch {
	case slices.Contains(s.entry.Takes, runners.Wasm):
	case s.entry.TakesWasm():
		a.Kind = runners.Component
		if a.Path, err = s.guests.builder.Command(t.Context(), a.Path); isUnavailable(err) {
			t.Skip(err)
		}
	default:
		a.Kind, a.Path = runners.Native, filepath.Join(s.home, name)
		if _, err := os.Stat(a.Path); err != nil {
			buildGuest(t, a.Path, filepath.Join(dir, "main.go"))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if a.SHA256, a.Size, err = source.HashFile(a.Path); err != nil {
		t.Fatal(err)
	}
	return a
}

func buildGuest(t *testing.T, path, from string) {
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, from)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); errors.Is(err, exec.ErrNotFound) {
		t.Skip("the command go is missing, which builds the guest: put it into PATH")
	} else if err != nil {
		t.Fatalf("build the guest: %v: %s", err, out)
	}
}

// loadOrSkip brings a stranger into memory. A runner that cannot take it has to
// say so in one line when it prepares it.
func (s *suite) loadOrSkip(t *testing.T, a runners.Artefact) runners.Loaded {
	rt := s.boot(t, 0)
	p, err := rt.Prepare(t.Context(), a, scratch(t), nil)
	if isUnavailable(err) {
		oneLine(t, err)
		t.Skip(err)
	}
	if err != nil {
		t.Fatalf("Prepare: %v", err)
	}
	removeAfter(t, rt, p)
	l, err := rt.Load(t.Context(), p, nil)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Errorf("Close of what was loaded: %v", err)
		}
	})
	return l
}

// says wants a new instance to fail with an error of that kind that says some
// words.
func says(t *testing.T, l runners.Loaded, request string, kind error, words ...string) {
	t.Helper()
	response, err := instantiate(t, l).Call(t.Context(), nil, []byte(request))
	if !errors.Is(err, kind) {
		t.Errorf("Call(%.20q) = %.60q, %v; want %v", request, response, err, kind)
		return
	}
	oneLine(t, err)
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("Call(%.20q): %v; it should say %q", request, err, w)
		}
	}
}

// command runs a program that answers once.
func command(t *testing.T, s *suite) {
	l := s.loadOrSkip(t, s.stranger(t, "command", runners.Stdio, ""))
	big := strings.Repeat("0123456789abcdef", 1<<15)
	want(t, instantiate(t, l), "", "nothing\n")
	want(t, instantiate(t, l), "E"+big, big)
	want(t, instantiate(t, l), "R", "real\n")
	if s.entry.TakesWasm() {
		want(t, instantiate(t, l), "A", "1 arguments, the first not empty: 1, 0 variables\n")
	}
	in := instantiate(t, l)
	response, err := in.Call(t.Context(), []byte("kept "), []byte("Eonce"))
	if err != nil || string(response) != "kept once" {
		t.Errorf("Call gives %q, %v", response, err)
	}
	fails(t, in, "Etwice", runners.ErrClosed)
	unused := instantiate(t, l)
	for range 2 {
		if err := unused.Close(); err != nil {
			t.Errorf("Close of an instance that was never called: %v", err)
		}
	}
	fails(t, unused, "E", runners.ErrClosed)
	if parker, ok := l.(runners.Parker); ok {
		if parked, err := parker.Park(t.Context()); !isUnavailable(err) {
			t.Errorf("Park = %v, %v; want ErrUnavailable, since a command gives no sign that it is ready", parked, err)
		}
	}
}

// commandFails ends commands badly, and looks that the next one does well.
func commandFails(t *testing.T, s *suite) {
	l := s.loadOrSkip(t, s.stranger(t, "command", runners.Stdio, ""))
	says(t, l, "X3", runners.ErrTrap, s.exits(3), "leaving with 3")
	says(t, l, "T", runners.ErrTrap, "about to trap")
	says(t, l, "Fno-such-file", runners.ErrTrap, s.exits(2), "no-such-file")
	says(t, l, "W", runners.ErrTooLarge)
	want(t, instantiate(t, l), "Estill here", "still here")
}

// exits are the words for a command that ends with a code. A component tells only
// whether it did well (wasi:cli/exit).
func (s *suite) exits(code int) string {
	if s.entry.TakesWasm() && !slices.Contains(s.entry.Takes, runners.Wasm) {
		code = 1
	}
	return "code " + strconv.Itoa(code)
}

// commandsTogether runs several at a time, each with a request of its own.
func commandsTogether(t *testing.T, s *suite) {
	l := s.loadOrSkip(t, s.stranger(t, "command", runners.Stdio, ""))
	var wg sync.WaitGroup
	for i := range 4 {
		payload := bytes.Repeat([]byte{byte('a' + i)}, 10_000*(i+1))
		in := instantiate(t, l)
		wg.Go(func() {
			got, err := in.Call(t.Context(), nil, append([]byte("E"), payload...))
			if err != nil || !bytes.Equal(got, payload) {
				t.Errorf("command %d answers %.20q (%d bytes), %v", i, got, len(got), err)
			}
		})
	}
	wg.Wait()
}

// commandFiles reads from the folder that a guest works in.
func commandFiles(t *testing.T, s *suite) {
	files := scratch(t)
	if err := os.WriteFile(filepath.Join(files, "greeting"), []byte("good day"), 0o644); err != nil {
		t.Fatal(err)
	}
	l := s.loadOrSkip(t, s.stranger(t, "command", runners.Stdio, files))
	want(t, instantiate(t, l), "Fgreeting", "good day")
	if s.entry.TakesWasm() {
		want(t, instantiate(t, l), "F/greeting", "good day")
		says(t, l, "F../../../../../etc/passwd", runners.ErrTrap, s.exits(2))
	}
	// A plain process may do what its user may, and a container of an engine
	// what it likes with a copy that goes with it; for all others the folder is
	// to be read only.
	got := call(t, instantiate(t, l), "Pmade")
	_, err := os.Stat(filepath.Join(files, "made"))
	if s.entry.Name != "process" && (err == nil || got != "refused\n" && s.entry.Name != "docker") {
		t.Errorf("making a file gives %q", got)
	}
}

// commandUse gives a command arguments, variables and an exit code that is right.
func commandUse(t *testing.T, s *suite) {
	a := s.stranger(t, "command", runners.Stdio, "")
	a.Use = runners.Use{Args: []string{"-q", "two words"}, Env: []string{"GREETING=good=day", "OTHER="}, ExitCode: 7}
	l := s.loadOrSkip(t, a)
	want(t, instantiate(t, l), "V7", "-q\ntwo words\ngood=day\n")
	says(t, l, "V0", runners.ErrTrap, "7 is right")
	says(t, l, "X3", runners.ErrTrap, "3")
	says(t, l, "T", runners.ErrTrap)
}

// commandFolders lets a command read a folder of this machine.
func commandFolders(t *testing.T, s *suite) {
	a := s.stranger(t, "command", runners.Stdio, "")
	dir := scratch(t)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "greeting"), []byte("good day"), 0o644); err != nil {
		t.Fatal(err)
	}
	a.Use.Dirs = []runners.Folder{{Host: dir, Guest: "/given/folder"}}
	if s.entry.Name == "process" {
		a.Use.Dirs[0].Guest = dir
	}
	l := s.loadOrSkip(t, a)
	want(t, instantiate(t, l), "F"+a.Use.Dirs[0].Guest+"/greeting", "good day")
	if got := call(t, instantiate(t, l), "P"+a.Use.Dirs[0].Guest+"/made"); got != "refused\n" && s.entry.Name != "process" {
		t.Errorf("making a file in a folder to be read gives %q", got)
	}
}

// Modules that need what no runner has. Each is a command but for that.
var needyModules = map[string]needs{
	"import": {"\x00asm\x01\x00\x00\x00" + "\x01\x04\x01\x60\x00\x00" + "\x02\x0d\x01\x03env\x05fetch\x00\x00" + "\x03\x02\x01\x00" +
		"\x05\x03\x01\x00\x01" + "\x07\x13\x02\x06memory\x02\x00\x06_start\x00\x01" + "\x0a\x04\x01\x02\x00\x0b", "env.fetch"},
	"threads": {"\x00asm\x01\x00\x00\x00" + "\x01\x04\x01\x60\x00\x00" + "\x02\x10\x01\x03env\x06memory\x02\x03\x01\x02" + "\x03\x02\x01\x00" +
		"\x07\x13\x02\x06memory\x02\x00\x06_start\x00\x00" + "\x0a\x04\x01\x02\x00\x0b", "threads"},
	"component": {"\x00asm\x0d\x00\x01\x00", "component"},
}

// Components that need what no runner has.
var needyComponents = map[string]needs{
	"import": {"\x00asm\x0d\x00\x01\x00" + "\x0a\x0c\x01\x00\x07a:b/env\x05\x00", "a:b/env"},
	"module": {"\x00asm\x01\x00\x00\x00", "module"},
}

// needs is an artefact with what it needs.
type needs struct{ code, says string }

// needy modules and components are refused before they reach the runtime.
func needy(t *testing.T, s *suite) {
	if !s.entry.TakesWasm() {
		t.Skip("its artefacts are no modules")
	}
	kind, all := runners.Wasm, needyModules
	if !slices.Contains(s.entry.Takes, kind) {
		kind, all = runners.Component, needyComponents
	}
	for what, c := range all {
		a := runners.Artefact{Kind: kind, Path: filepath.Join(scratch(t), what), Size: uint64(len(c.code)), Interface: runners.Stdio}
		if err := os.WriteFile(a.Path, []byte(c.code), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := s.boot(t, 0).Prepare(t.Context(), a, scratch(t), nil)
		if !isUnavailable(err) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want ErrUnavailable that names %q", what, err, c.says)
			continue
		}
		oneLine(t, err)
	}
}
