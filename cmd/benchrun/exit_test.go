package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
