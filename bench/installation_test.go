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
