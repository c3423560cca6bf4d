package bench

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
)

// An agent that is damaged is named, so that it can be deleted.
func TestADamagedAgentIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "agent")
	if err := os.WriteFile(path, []byte("\x7fELF garbage"), 0o700); err != nil {
		t.Fatal(err)
	}
	h := &Installation{agents: map[string]agentPath{"wazero": {path: path}}, launch: startAgent}
	e, _ := runners.Find("wazero")
	if _, err := h.check(t.Context(), e); err == nil || !strings.Contains(err.Error(), "delete "+path) {
		t.Errorf("%v; want the path of the agent", err)
	}
}

// A folder for caches that can't be written to is not one that another process uses.
func TestACacheThatCannotBeWritten(t *testing.T) {
	cache := t.TempDir()
	if err := os.MkdirAll(runDirs(cache), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(runDirs(cache), "0123abcd.lock"), 0o700); err != nil { // root may write anywhere
		t.Fatal(err)
	}
	_, err := openRunDir(cache, "run", "0123abcd", nil)
	if err == nil || strings.Contains(err.Error(), "another process") || !strings.Contains(err.Error(), "make the folder writable") {
		t.Errorf("%v; want what to do", err)
	}
}

// Of two scopes and two folders that a dead run left, a runner that can't be asked is
// asked for none but the first.
func TestASilentRunnerIsAskedOnce(t *testing.T) {
	h, asked := &Installation{agents: map[string]agentPath{}}, 0
	h.agents["docker"] = agentPath{path: "agent"}
	h.launch = func(string) (trial.Agent, error) {
		asked++
		return nil, errors.New("the engine is frozen")
	}
	silent := map[string]bool{}
	for range 2 {
		if err := h.sweep(t.Context(), []string{"docker"}, silent, "eb-1-t", "eb-1-p"); err == nil {
			t.Error("a sweep that could not be done reports success")
		}
	}
	if asked != 1 {
		t.Errorf("it was asked %d times", asked)
	}
	survey := Survey{Systems: []results.SystemState{{System: results.System{Runner: "docker", Mode: AllModes}, Unavailable: "frozen"}}}
	if err := h.sweep(t.Context(), []string{"docker"}, survey.silent(), "eb-1-t"); err == nil || asked != 1 {
		t.Errorf("%v; a runner that was found unavailable was asked %d times", err, asked-1)
	}
}

// A library with which no agent can be linked ends a run; a runner without an agent is
// left out.
func TestALibraryThatCannotBeLinked(t *testing.T) {
	refused := errors.New("this libedge does not have edge_new")
	row, err := runners.OwnLibrary{Runner: "wasmer", Name: "old", Path: "/x"}.With()
	if err != nil {
		t.Fatal(err)
	}
	h := &Installation{own: []runners.Entry{row}, agents: map[string]agentPath{"wasmer": {err: refused}, row.Name: {err: refused}}}
	note := func(string) {}
	if _, err := h.Survey(t.Context(), []string{row.Name}, note); !errors.Is(err, ErrLibrary) || !strings.Contains(err.Error(), refused.Error()) {
		t.Errorf("with the library: %v", err)
	}
	h.own = nil
	if s, err := h.Survey(t.Context(), []string{"wasmer"}, note); err != nil || len(s.Systems) != 1 || s.Systems[0].Unavailable == "" {
		t.Errorf("without: %+v, %v", s.Systems, err)
	}
}
