package bench

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"edgebench/runners/source"
)

// An agent's state is read from its file; this test's own program stands for
// one.
func TestAgentState(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	state := agentState("x", self)
	if len(state.SHA256) != 64 || state.GoVersion != runtime.Version() || state.Settings["GOARCH"] != runtime.GOARCH {
		t.Errorf("%+v", state)
	}
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("no program"), 0o600); err != nil {
		t.Fatal(err)
	}
	if state := agentState("x", text); len(state.SHA256) != 64 || state.GoVersion != "" || state.Compilers != nil {
		t.Errorf("a file that is no program gives %+v", state)
	}
	if state := agentState("x", text+"-none"); state.SHA256 != "" {
		t.Errorf("a file that is not there gives %+v", state)
	}
}

func TestToolchain(t *testing.T) {
	root, err := source.Root()
	if err != nil {
		t.Fatal(err)
	}
	got := (&Installation{Root: root}).toolchain()
	if !strings.HasPrefix(got["GOVERSION"], "go1.") {
		t.Errorf("%v", got)
	}
	for name, value := range got {
		if value == "" {
			t.Errorf("%s is empty", name)
		}
	}
	for _, cc := range []string{"", "no-such-compiler -m64"} {
		if version := compilerVersion(cc); version != "" {
			t.Errorf("%q has the version %q", cc, version)
		}
	}
}

// Two changed work trees at one commit differ, and an unchanged one has no
// changes.
func TestChanges(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git: install it")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "a")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h := &Installation{Root: dir}
	if got := h.changes(); got != "" {
		t.Errorf("outside of a repository: %q", got)
	}
	write("one\n")
	for _, args := range [][]string{
		{"init", "-q"}, {"add", "a"}, {"-c", "user.name=x", "-c", "user.email=x", "commit", "-q", "-m", "x"},
	} {
		if out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
	seen := map[string]bool{}
	for _, text := range []string{"one\n", "two\n", "three\n"} {
		write(text)
		seen[h.changes()] = true
	}
	if len(seen) != 3 || !seen[""] {
		t.Errorf("%v", seen)
	}
}
