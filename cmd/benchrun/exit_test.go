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
		{"report", references(t)[0], "--fail-if", "colld.p50 > 1ms"},
		{"report", references(t)[0], "--fail-if", "cold.p50 > 1ms runner=nobody"},
		{"report", references(t)[0], "--figures", "poster"},
		{"report", references(t)[0], "--figures", "nothing", "--png", t.TempDir()},
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
	if code := run([]string{"report", dir, "--fail-if", "cold.p50 > 1h"}, &out, &said); code != exitOK {
		t.Errorf("a limit that nothing exceeds: exit code %d, %s", code, said.String())
	}
	if code := run([]string{"report", dir, "--fail-if", "cold.p50 > 1us runner=wazero"}, &out, &said); code != exitTripped {
		t.Errorf("a limit that figures exceed: exit code %d, %s", code, said.String())
	}
}

// A run of which nothing could be measured fails, also where nothing went wrong.
func TestNothingMeasuredExitsWith1(t *testing.T) {
	cell := results.Cell{System: results.System{Runner: "wazero", Mode: "compiler"}, Artefact: results.Artefact{Workload: "noop", Build: "c"}, Experiment: "size"}
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
		c.sum.Dir = filepath.Join(t.TempDir(), "run")
		at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		run, err := results.Create(c.sum.Dir,
			results.Plan{Schema: results.Schema, Run: "r", Specs: []results.Spec{{Cell: cell, Trials: 5}}},
			results.Environment{Schema: results.Schema, Run: "r", At: at})
		if err == nil {
			err = run.Append(results.Record{Schema: results.Schema, Run: "r", Cell: cell, At: at, Outcome: c.outcome, Error: c.reason,
				Metrics: []results.Metric{}, Phases: []results.Metric{}, Warnings: []results.Warning{}})
		}
		if err == nil {
			err = run.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		var out, said bytes.Buffer
		if code := exitCode(conclude(console{&out, &said}, newProgress(&said), c.sum, nil), &said); code != c.want {
			t.Errorf("%s: exit code %d, want %d: %s", name, code, c.want, said.String())
		}
		if n := c.sum.GivenUp; n > 0 && !strings.Contains(out.String(), "0 trials ok, 2 failed, 3 given up. Report: ") {
			t.Errorf("%s: the last line is missing in %s", name, out.String())
		}
	}
}
