package results

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// Whatever is in the file, reading ends without a panic; what is taken for a
// record conforms to the schema when it is written again, and reads the same.
func FuzzReadRecords(f *testing.F) {
	ok, failed := filledRecords()
	for _, r := range []Record{ok, failed, testRecord(0)} {
		text, _ := encode(r.complete(), "")
		f.Add(text)
		f.Add(append(text, text[:len(text)/2]...))
	}
	seed(f, RecordsFile)
	f.Fuzz(func(t *testing.T, text []byte) {
		lines, whole, err := readLines(bytes.NewReader(text), "fuzz", 100)
		if err != nil {
			oneLine(t, err, "fuzz")
			return
		}
		if whole > int64(len(text)) || bytes.Count(text, []byte("\n")) != len(lines) {
			t.Fatalf("%d lines in %d of %d bytes", len(lines), whole, len(text))
		}
		for _, l := range lines {
			l.record.Schema = Schema // of schema 1 it was converted
			written, err := encode(l.record.complete(), "")
			if err != nil {
				t.Fatalf("a record that was read can't be written: %v", err)
			}
			if err := conforms(t, RecordsFile, written); err != nil {
				t.Fatalf("%v\n%s", err, written)
			}
			again, _, err := readLines(bytes.NewReader(written), "again", 1)
			if err != nil {
				t.Fatalf("a record that was written can't be read: %v", err)
			}
			if diff := same(l.record, again[0].record); diff != "" {
				t.Fatal(diff)
			}
		}
		stand(lines)
	})
}

// As above for plan.json, and for environment.json and SHA256SUMS by the way: a
// text is tried as each. The order of a plan survives, unless it was listed.
func FuzzReadPlan(f *testing.F) {
	filledPlan, _ := encodePlan(filled[Plan]())
	plan, _ := encodePlan(testPlan(2))
	environment, _ := encodeEnvironment(filled[Environment]())
	for _, text := range [][]byte{filledPlan, plan, environment} {
		f.Add(text)
	}
	seed(f, PlanFile)
	seed(f, EnvironmentFile)
	f.Fuzz(func(t *testing.T, text []byte) {
		if sums, err := parseSums(text); err == nil && len(sums) > len(text)/64 {
			t.Fatalf("%d checksums in %d bytes", len(sums), len(text))
		}
		var plan, plan2 Plan
		if err := decodePlan(text, &plan); err == nil {
			trials := plan.Trials()
			plan.Schema, plan.listed = Schema, nil
			written, err := encodePlan(plan)
			rewritten(t, PlanFile, written, err, decodePlan, &plan2)
			if diff := same(plan, plan2); diff != "" {
				t.Fatalf("%s\n%s", diff, written)
			}
			checkBlocks(t, &plan2)
			if len(trials) != len(plan2.Trials()) {
				t.Fatalf("%d trials were read, %d are written", len(trials), len(plan2.Trials()))
			}
		}
		var env, env2 Environment
		if err := decodeEnvironment(text, &env); err == nil {
			env.Schema = Schema
			written, err := encodeEnvironment(env)
			rewritten(t, EnvironmentFile, written, err, decodeEnvironment, &env2)
			if diff := same(env, env2); diff != "" {
				t.Fatalf("%s\n%s", diff, written)
			}
		}
	})
}

// seed adds a file of each committed run.
func seed(f *testing.F, file string) {
	for _, run := range []string{"v1", "v2"} {
		text, err := os.ReadFile(filepath.Join("testdata", run, file))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
}

// rewritten checks a document that was written against the schema and reads it.
func rewritten[T any](t *testing.T, file string, text []byte, err error, decode func([]byte, *T) error, again *T) {
	t.Helper()
	if err != nil {
		t.Fatalf("what was read can't be written: %v", err)
	}
	if err := conforms(t, file, text); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if err := decode(text, again); err != nil {
		t.Fatalf("what was written can't be read: %v", err)
	}
}
