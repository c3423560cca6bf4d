package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"edgebench/bench"
	"edgebench/results"
)

func TestMistakesExitWith2(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "c.toml")
	for path, content := range map[string]string{
		config: "bugdet = 1\n", filepath.Join(dir, "plan.json"): "{", filepath.Join(dir, "file"): "",
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"frobnicate"},
		{"--profil", "quick"},
		{"run", "extra"},
		{"run", "--profile", "tiny"},
		{"run", "--runner", "wazro"},
		{"run", "--rung", "lukewarm"},
		{"run", "--seed", "many"},
		{"run", "--slow", "wazro=5%"},
		{"run", "--slow", "wazero=5"},
		{"run", "--slow", "wazero=1001%"},
		{"run", "--runner", "process", "--slow", "wazero=5%"},
		{"run", "--config", config},
		{"run", "--profile", "quick", "--config", config},
		{"run", "--out", filepath.Join(dir, "file", "below")},
		{"run", "--out", "x", "--resume", "y"},
		{"run", "--resume", dir},
		{"run", "--resume", filepath.Join(dir, "file")},
		{"run", "--resume", filepath.Join(dir, "nowhere")},
		{"run", "--resume", dir, "--runner", "wazero"},
		{"report"},
		{"report", dir},
		{"compare", dir},
		{"compare", dir, dir},
		{"compare", references(t)[0], references(t)[0], "--fail-if", "worse"},
		{"list", "--jsn"},
		{"doctor", "me"},
		{"doctor", "--fix", "--json"},
		{"calibrate", "me"},
		{"calibrate", "--part", "nonsense"},
		{"calibrate", "--runner", "wazro"},
	} {
		var out, said bytes.Buffer
		if code := run(args, &out, &said); code != exitUsage {
			t.Errorf("%v: exit code %d, want %d", args, code, exitUsage)
		}
		text := strings.TrimSpace(said.String())
		if !strings.HasPrefix(text, "benchrun: ") || strings.Contains(text, "\n") {
			t.Errorf("%v: not one line: %q", args, text)
		}
	}
}

// A comparison that trips a threshold is told apart from one that fails.
func TestThresholdExitsWith3(t *testing.T) {
	var out, said bytes.Buffer
	dir := references(t)[0]
	if code := run([]string{"compare", dir, dir, "--fail-if", "slower"}, &out, &said); code != exitOK {
		t.Errorf("a run beside itself: exit code %d, %s", code, said.String())
	}
	if code := run([]string{"compare", dir, dir, "--fail-if", "undecided"}, &out, &said); code != exitTripped {
		t.Errorf("with a threshold that trips: exit code %d, %s", code, said.String())
	}
}

// A run of which nothing could be measured fails, also where nothing went wrong.
func TestNothingMeasuredExitsWith1(t *testing.T) {
	for name, c := range map[string]struct {
		outcome results.Outcome
		reason  string
		sum     bench.Summary
		want    int
	}{
		"unavailable": {results.Unavailable, "no engine", bench.Summary{Unavailable: 1}, exitFailed},
		"given up":    {results.Failed, "no response", bench.Summary{Failed: 2, GivenUp: 3}, exitFailed},
		"measured":    {results.OK, "", bench.Summary{OK: 1, Unavailable: 1}, exitOK},
	} {
		c.sum.Dir = recordedRun(t, c.outcome, c.reason)
		var out, said bytes.Buffer
		if code := exitCode(conclude(console{&out, &said}, newProgress(&said), c.sum, nil), &said); code != c.want {
			t.Errorf("%s: exit code %d, want %d: %s", name, code, c.want, said.String())
		}
		if n := c.sum.GivenUp; n > 0 && !strings.Contains(out.String(), "0 trials ok, 2 failed, 3 given up. Report: ") {
			t.Errorf("%s: the last line is missing in %s", name, out.String())
		}
	}
}

// recordedRun makes a run of one record.
func recordedRun(t *testing.T, outcome results.Outcome, reason string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	cell := results.Cell{System: results.System{Runner: "wazero", Mode: "compiler"}, Artefact: results.Artefact{Workload: "noop", Build: "c"}, Experiment: "size"}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	run, err := results.Create(dir,
		results.Plan{Schema: results.Schema, Run: "r", Specs: []results.Spec{{Cell: cell, Trials: 5}}},
		results.Environment{Schema: results.Schema, Run: "r", At: at})
	if err == nil {
		err = run.Append(results.Record{Schema: results.Schema, Run: "r", Cell: cell, At: at, Outcome: outcome, Error: reason,
			Metrics: []results.Metric{}, Phases: []results.Metric{}, Warnings: []results.Warning{}})
	}
	if err == nil {
		err = run.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// A report that can't be written, as on a full disk, costs neither the table nor the
// hint at how to make it later.
func TestNoRoomForTheReport(t *testing.T) {
	dir := recordedRun(t, results.OK, "")
	if err := os.Mkdir(filepath.Join(dir, results.ReportFile), 0o700); err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	if code := exitCode(conclude(console{&out, &said}, newProgress(&said), bench.Summary{Dir: dir, OK: 1}, nil), &said); code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
	if !strings.Contains(out.String(), "Containers versus WebAssembly") || !strings.Contains(out.String(), "1 trials ok. There is no report.") {
		t.Errorf("there is no table or no last line: %s", out.String())
	}
	if !strings.Contains(said.String(), "benchrun report "+dir+" --html ") {
		t.Errorf("there is no hint: %s", said.String())
	}
}

// A run whose engine was lost says how to complete it.
func TestALostEngineExitsWith1(t *testing.T) {
	dir := recordedRun(t, results.OK, "")
	var out, said bytes.Buffer
	err := conclude(console{&out, &said}, newProgress(&said), bench.Summary{Dir: dir, OK: 1, Left: 4}, bench.ErrLost)
	if code := exitCode(err, &said); code != exitFailed || !strings.Contains(said.String(), "benchrun run --resume "+dir) {
		t.Errorf("exit code %d, want %d; said %s", code, exitFailed, said.String())
	}
}
