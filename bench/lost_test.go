package bench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
)

// losing makes the engine of the mode "engine" fail all trials, and not answer, from
// the second trial on until it was asked a number of times.
func losing(t *testing.T, asked int, budget time.Duration) (*session, *fake, *notes) {
	lost := 0
	x, f, n := newFake(t, func(mode string, before int) error {
		if mode == "engine" && before >= 1 && lost <= asked {
			return runners.ErrUnavailable
		}
		return nil
	}, "engine", "other")
	until := time.Now().Add(budget)
	x.engines = &engines{
		systems: []results.System{fakeCell("engine").System}, step: n.Step, note: n.Note,
		until: func() time.Time { return until },
		ask: func(context.Context, results.System) error {
			if lost++; lost <= asked {
				return errors.New("it does not answer")
			}
			return nil
		},
	}
	return x, f, n
}

func TestALostEngineIsWaitedFor(t *testing.T) {
	x, _, n := losing(t, 3, time.Hour)
	sum, err := x.measure(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if sum.OK != 10 || sum.Unavailable != 0 || sum.GivenUp != 0 || sum.Left != 0 {
		t.Errorf("the summary is %+v", sum)
	}
	if len(n.list) != 2 || !strings.Contains(n.list[0], "r/engine is lost") || !strings.Contains(n.list[0], "it does not answer") || n.list[1] != "r/engine is there again" {
		t.Errorf("noted is %q", n.list)
	}
}

// Trials of a lost engine leave no records: the run can be completed.
func TestALostEngineEndsTheRun(t *testing.T) {
	x, f, _ := losing(t, 1<<30, 0)
	sum, err := x.measure(t.Context(), nil)
	if !errors.Is(err, ErrLost) || !strings.Contains(err.Error(), "r/engine is not there any more: it does not answer") {
		t.Errorf("the run ended with %v", err)
	}
	if sum.Unavailable != 0 || sum.Left == 0 || sum.OK+sum.Left != 10 || f.done["engine"] != 2 {
		t.Errorf("the summary is %+v, trials %v", sum, f.done)
	}
}

// What is unavailable though its engine answers is the trial's own outcome.
func TestAnEngineThatAnswersIsNotLost(t *testing.T) {
	x, _, n := losing(t, -1, time.Hour)
	x.trials.Experiments["fake"].(*fake).outcome = func(string, int) error { return runners.ErrUnavailable }
	sum, err := x.measure(t.Context(), nil)
	if err != nil || sum.Unavailable != 4 || sum.GivenUp != 6 || len(n.list) != 2 {
		t.Errorf("%+v, %v, noted %q", sum, err, n.list)
	}
}

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
