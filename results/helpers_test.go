package results

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var testCell = Cell{
	System: System{Runner: "wazero", Mode: "compiler"}, Artefact: Artefact{Workload: "noop", Build: "c"},
	Experiment: "coldstart", Params: Params("").With(RungParam, string(Pooled)),
}

// testPlan is a plan of n trials of one cell, so that trial i is that of block i.
func testPlan(n int) Plan {
	return Plan{Schema: Schema, Run: "test", Profile: "quick", Seed: 1<<64 - 1, Budget: time.Minute, Deadline: time.Second,
		Specs: []Spec{{Cell: testCell, Trials: n}}}
}

// widePlan is a plan of one trial of each of n cells.
func widePlan(n int) Plan {
	p := testPlan(0)
	p.Specs = nil
	for i := range n {
		s := Spec{Cell: testCell, Trials: 1}
		s.Workload = fmt.Sprintf("w%d", i)
		p.Specs = append(p.Specs, s)
	}
	return p
}

func testEnvironment() Environment {
	return Environment{Schema: Schema, Run: "test", At: time.Unix(1767323045, 678e6),
		Host: Host{OS: "linux", Arch: "amd64", Cores: 2}, Command: []string{"benchrun", "run"}}
}

// testRecord is an OK record of a trial of testPlan.
func testRecord(seq int) Record {
	return Record{Schema: Schema, Run: "test", Seq: seq, Block: seq, Cell: testCell,
		At: time.Unix(1767323045, int64(seq)), Outcome: OK,
		Metrics: []Metric{{"first_response", Seconds, []float64{1.23e-5, 0.1}}}}
}

func failedRecord(seq int, why string) Record {
	r := testRecord(seq)
	r.Outcome, r.Error, r.Metrics = Failed, why, nil
	return r
}

// changed is the record of trial 1 with a change.
func changed(change func(*Record)) Record {
	r := testRecord(1)
	change(&r)
	return r
}

// create makes a run of n trials in a folder that does not exist yet.
func create(t *testing.T, n int) *Run {
	t.Helper()
	run, err := Create(filepath.Join(t.TempDir(), "some", "where"), testPlan(n), testEnvironment())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { run.Close() })
	return run
}

// folder writes a run of two trials and hands its files to an editor.
func folder(t *testing.T, edit func(dir string)) string {
	t.Helper()
	run := create(t, 2)
	mustAppend(t, run, testRecord(0), testRecord(1))
	mustClose(t, run)
	edit(run.Dir)
	return run.Dir
}

// unsummed is folder for a run that was never closed, so that what the editor
// changes is not told by the checksums.
func unsummed(t *testing.T, edit func(dir string)) string {
	t.Helper()
	dir := folder(t, func(dir string) { os.Remove(filepath.Join(dir, SumsFile)) })
	edit(dir)
	return dir
}

func mustAppend(t *testing.T, run *Run, records ...Record) {
	t.Helper()
	for _, r := range records {
		if err := run.Append(r); err != nil {
			t.Fatal(err)
		}
	}
}

func mustClose(t *testing.T, run *Run) {
	t.Helper()
	if err := run.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustOpen(t *testing.T, dir string) *Folder {
	t.Helper()
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func mustRead(t *testing.T, path ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func mustWrite(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// replace changes a file in one place.
func replace(t *testing.T, path, old, new string) {
	t.Helper()
	text := mustRead(t, path)
	changed := bytes.Replace(text, []byte(old), []byte(new), 1)
	if bytes.Equal(changed, text) {
		t.Fatalf("%s is not in %s", old, path)
	}
	mustWrite(t, path, changed)
}

// names lists what is in a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// same compares what was written with what was read.
func same(want, got any) string {
	return cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(Plan{}))
}

// oneLine checks what every error of this package promises.
func oneLine(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("the error does not contain %q: %v", p, err)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("the error has several lines: %v", err)
	}
}
