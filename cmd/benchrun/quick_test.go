package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"edgebench/results"
)

// patientQuick writes the quick profile with more time for a trial and for a step
// of instances, which a busy machine may need. The budget stays.
func patientQuick(t *testing.T) string {
	t.Helper()
	text := string(read(t, "../../bench/plan/profiles", "quick.toml"))
	for was, is := range map[string]string{`deadline = "15s"`: `deadline = "5m"`, `duration   = "2s"`: `duration = "1m"`, `duration          = "2s"`: `duration = "1m"`} {
		if !strings.Contains(text, was) {
			t.Fatalf("the quick profile has no line %s", was)
		}
		text = strings.ReplaceAll(text, was, is)
	}
	file := filepath.Join(t.TempDir(), "quick.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestQuickProfile runs the profile that a user tries first, over whatever
// runners this machine has, and holds each file it writes to the schema.
func TestQuickProfile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	var out, said bytes.Buffer
	if code := run([]string{"run", "--config", patientQuick(t), "--out", dir, "--seed", "1"}, &out, &said); code != exitOK {
		t.Fatalf("exit code %d\n%s\n%s", code, out.String(), said.String())
	}
	schema := compile(t, "schema.json")
	lines := bytes.Split(bytes.TrimSpace(read(t, dir, results.RecordsFile)), []byte("\n"))
	for i, line := range lines {
		if err := conforms(schema, line); err != nil {
			t.Errorf("records.jsonl:%d: %v", i+1, err)
		}
	}
	for file, at := range map[string]string{results.PlanFile: "plan", results.EnvironmentFile: "environment"} {
		if err := conforms(compile(t, "schema.json#/$defs/"+at), read(t, dir, file)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	p, _, records, err := results.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range records {
		if r.Outcome != results.OK {
			t.Errorf("%s %s: %s: %s", r.Experiment, r.Cell, r.Outcome, r.Error)
		}
		seen[r.Cell.Runner] = true
	}
	if !seen["wazero"] || !seen["process"] {
		t.Errorf("%d of %d trials recorded, of the runners %v", len(records), len(p.Trials()), seen)
	}
}

func read(t *testing.T, dir, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func compile(t *testing.T, at string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(results.SchemaJSON))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(at)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func conforms(s *jsonschema.Schema, text []byte) error {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return s.Validate(v)
}
