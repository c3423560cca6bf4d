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

// As above for plan.json, and for environment.json by the way: a text is tried
// as either.
func FuzzReadPlan(f *testing.F) {
	plan, env := filled[Plan](), filled[Environment]()
	for _, v := range []any{plan.complete(), env.complete(), testPlan(2).complete()} {
		text, _ := encode(v, "\t")
		f.Add(text)
	}
	seed(f, PlanFile)
	seed(f, EnvironmentFile)
	f.Fuzz(func(t *testing.T, text []byte) {
		var plan, plan2 Plan
		if decode(text, &plan) == nil && plan.Validate() == nil {
			written := rewrite(t, PlanFile, plan.complete(), &plan2)
			if diff := same(plan, plan2); diff != "" {
				t.Fatalf("%s\n%s", diff, written)
			}
		}
		var env, env2 Environment
		if decode(text, &env) == nil && env.Validate() == nil {
			written := rewrite(t, EnvironmentFile, env.complete(), &env2)
			if diff := same(env, env2); diff != "" {
				t.Fatalf("%s\n%s", diff, written)
			}
		}
	})
}

// seed adds a file of the committed run.
func seed(f *testing.F, file string) {
	text, err := os.ReadFile(filepath.Join("testdata", "v1", file))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
}

// rewrite writes a document, checks it against the schema and reads it again.
func rewrite(t *testing.T, file string, v, again any) []byte {
	t.Helper()
	written, err := encode(v, "\t")
	if err != nil {
		t.Fatalf("what was read can't be written: %v", err)
	}
	if err := conforms(t, file, written); err != nil {
		t.Fatalf("%v\n%s", err, written)
	}
	if err := decode(written, again); err != nil {
		t.Fatalf("what was written can't be read: %v", err)
	}
	return written
}
