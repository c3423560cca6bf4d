package results

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var testCell = Cell{Runner: "wazero", Mode: "compiler", Workload: "noop", Language: "c", Rung: Pooled}

// testPlan is a plan of n trials of one cell in one block.
func testPlan(n int) Plan {
	p := Plan{Schema: Schema, Run: "test", Profile: "quick", Seed: 1<<64 - 1, Budget: time.Minute}
	for seq := range n {
		p.Trials = append(p.Trials, Trial{Seq: seq, Experiment: ColdStart, Cell: testCell, Deadline: time.Second})
	}
	return p
}

func testEnvironment() Environment {
	return Environment{Schema: Schema, Run: "test", At: time.Unix(1767323045, 678e6),
		Host: Host{OS: "linux", Arch: "amd64", Cores: 2}, Command: []string{"benchrun", "run"}}
}

// testRecord is an OK record of a trial of testPlan.
func testRecord(seq int) Record {
	return Record{Schema: Schema, Run: "test", Seq: seq, Experiment: ColdStart, Cell: testCell,
		At: time.Unix(1767323045, int64(seq)), Outcome: OK,
		Metrics: []Metric{{FirstResponse, Seconds, []float64{1.23e-5, 0.1}}}}
}

func failedRecord(seq int, why string) Record {
	r := testRecord(seq)
	r.Outcome, r.Error, r.Metrics = Failed, why, nil
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

func mustAppend(t *testing.T, run *Run, records ...Record) {
	t.Helper()
	for _, r := range records {
		if err := run.Append(r); err != nil {
			t.Fatal(err)
		}
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

// same compares what was written with what was read.
func same(want, got any) string {
	return cmp.Diff(want, got, cmpopts.EquateEmpty())
}

// oneLine checks what every error of this package promises.
func oneLine(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("the error lacks %q: %v", p, err)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("the error has several lines: %v", err)
	}
}

func TestRunRoundTrip(t *testing.T) {
	run := create(t, 3)
	records := []Record{testRecord(0), failedRecord(1, "the guest <trapped>\nbadly"), testRecord(2)}
	for i, r := range records {
		mustAppend(t, run, r)
		// Readable while the run goes on, and complete to the last record.
		if f := mustOpen(t, run.Dir); len(f.Records) != i+1 || f.Warnings != nil {
			t.Fatalf("after %d records the reader has %d and warns %q", i+1, len(f.Records), f.Warnings)
		}
	}
	if err := run.Close(); err != nil {
		t.Fatal(err)
	}
	plan, env, got, err := Read(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := same(testPlan(3), plan) + same(testEnvironment(), env) + same(records, got); diff != "" {
		t.Error(diff)
	}
}

// All that is written conforms to the schema, and nothing but the files of a
// run is left in its folder.
func TestFilesOfARun(t *testing.T) {
	run := create(t, 2)
	mustAppend(t, run, testRecord(0), failedRecord(1, "x"))
	run.Close()
	entries, _ := os.ReadDir(run.Dir)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if diff := cmp.Diff([]string{lockFile, EnvironmentFile, PlanFile, RecordsFile}, names); diff != "" {
		t.Error(diff)
	}
	for _, file := range []string{PlanFile, EnvironmentFile} {
		text, _ := os.ReadFile(filepath.Join(run.Dir, file))
		if err := conforms(t, file, text); err != nil {
			t.Error(err)
		}
	}
	text, _ := os.ReadFile(filepath.Join(run.Dir, RecordsFile))
	lines := bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	if len(lines) != 2 {
		t.Fatalf("%d lines, want 2", len(lines))
	}
	for _, l := range lines {
		if err := conforms(t, RecordsFile, l); err != nil {
			t.Error(err)
		}
	}
}

func TestCreateRefuses(t *testing.T) {
	run := create(t, 1)
	mustAppend(t, run, testRecord(0))
	_, err := Create(run.Dir, testPlan(1), testEnvironment())
	oneLine(t, err, run.Dir, ErrBusy.Error())
	run.Close()
	_, err = Create(run.Dir, testPlan(1), testEnvironment())
	if !errors.Is(err, ErrHoldsRun) {
		t.Errorf("%v is not ErrHoldsRun", err)
	}
	oneLine(t, err, run.Dir)
	if f := mustOpen(t, run.Dir); len(f.Records) != 1 {
		t.Error("the refused Create has changed the run")
	}

	// Records without a plan are still somebody's records.
	os.Remove(filepath.Join(run.Dir, PlanFile))
	if _, err := Create(run.Dir, testPlan(1), testEnvironment()); !errors.Is(err, ErrHoldsRun) {
		t.Errorf("%v is not ErrHoldsRun", err)
	}

	file := filepath.Join(t.TempDir(), "file")
	os.WriteFile(file, nil, 0o600)
	_, err = Create(file, testPlan(1), testEnvironment())
	oneLine(t, err, file)
	_, err = Create(filepath.Join(file, "below"), testPlan(1), testEnvironment())
	oneLine(t, err, file)

	dir := filepath.Join(t.TempDir(), "new")
	plan, env := testPlan(1), testEnvironment()
	plan.Trials[0].Cell.Mode = "a/b\n"
	_, err = Create(dir, plan, env)
	oneLine(t, err, dir, PlanFile, "trial 0")
	env.Run = "other"
	_, err = Create(dir, testPlan(1), env)
	oneLine(t, err, "other")
	if _, err := os.Stat(dir); err == nil {
		t.Error("a refused Create has made the folder")
	}
}

// A crash within Create leaves a folder that a next one can use.
func TestCreateAfterHalfACreate(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, EnvironmentFile), []byte("{"), 0o600)
	os.WriteFile(filepath.Join(dir, RecordsFile), nil, 0o600)
	if _, err := Open(dir); !errors.Is(err, ErrNoRun) {
		t.Errorf("%v is not ErrNoRun", err)
	}
	run, err := Create(dir, testPlan(1), testEnvironment())
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, run, testRecord(0))
	run.Close()
}

func TestAppendRefuses(t *testing.T) {
	change := func(f func(*Record)) Record {
		r := testRecord(1)
		f(&r)
		return r
	}
	huge := testRecord(1)
	huge.Warnings = []string{strings.Repeat("x", MaxLine)}
	cases := map[string]Record{
		"run is missing":           change(func(r *Record) { r.Run = "" }),
		"not of run":               change(func(r *Record) { r.Run = "other" }),
		"trial 7 is not in the":    testRecord(7),
		"the plan has":             change(func(r *Record) { r.Cell.Mode = "interpreter" }),
		"in block 3":               change(func(r *Record) { r.Block = 3 }),
		"has an OK record already": testRecord(0),
		"has the value NaN":        change(func(r *Record) { r.Metrics[0].Values[1] = math.NaN() }),
		"has the value +Inf":       change(func(r *Record) { r.Metrics[0].Values[1] = math.Inf(1) }),
		"is there twice":           change(func(r *Record) { r.Metrics = append(r.Metrics, r.Metrics[0]) }),
		"at is missing":            change(func(r *Record) { r.At = time.Time{} }),
		"at most 16777216":         huge,
	}
	run := create(t, 2)
	mustAppend(t, run, testRecord(0))
	before, _ := os.ReadFile(filepath.Join(run.Dir, RecordsFile))
	for part, r := range cases {
		oneLine(t, run.Append(r), part, fmt.Sprintf("record of trial %d", r.Seq))
	}
	after, _ := os.ReadFile(filepath.Join(run.Dir, RecordsFile))
	if !bytes.Equal(before, after) {
		t.Error("a refused record has changed the file")
	}
	mustAppend(t, run, testRecord(1))
	run.Close()
	oneLine(t, run.Append(testRecord(1)), "closed")
	if err := run.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

// The first OK record stands; before it, the last.
func TestRecordsOfOneTrial(t *testing.T) {
	run := create(t, 2)
	mustAppend(t, run, failedRecord(0, "first"), failedRecord(1, "first"), testRecord(0), failedRecord(1, "second"))
	oneLine(t, run.Append(failedRecord(0, "late")), "stands")
	f := mustOpen(t, run.Dir)
	if diff := same([]Record{testRecord(0), failedRecord(1, "second")}, f.Records); diff != "" {
		t.Error(diff)
	}
	want := []string{
		"trial 0 was run more than once: line 1 (failed) gives way to line 3 (ok)",
		"trial 1 was run more than once: line 2 (failed) gives way to line 4 (failed)",
	}
	if diff := cmp.Diff(want, f.Warnings); diff != "" {
		t.Error(diff)
	}
	run.Close()

	// A file that was put together by hand may have two that are OK.
	path := filepath.Join(run.Dir, RecordsFile)
	text, _ := os.ReadFile(path)
	late := testRecord(0)
	late.Metrics[0].Values = []float64{1e-9}
	line, _ := encode(late.complete(), "")
	os.WriteFile(path, append(text, line...), 0o600)
	resumed, records, err := Resume(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	defer resumed.Close()
	if diff := same([]Record{testRecord(0), failedRecord(1, "second")}, records); diff != "" {
		t.Error(diff)
	}
	oneLine(t, resumed.Append(testRecord(0)), "stands")
	mustAppend(t, resumed, testRecord(1))
}

// Whatever is cut off the end of the file costs at most the line that it cuts,
// and the run goes on from there.
func TestResumeAfterACut(t *testing.T) {
	run := create(t, 4)
	mustAppend(t, run, testRecord(0), testRecord(1))
	kept, _ := os.Stat(filepath.Join(run.Dir, RecordsFile))
	mustAppend(t, run, testRecord(2))
	run.Close()
	path := filepath.Join(run.Dir, RecordsFile)
	whole, _ := os.ReadFile(path)
	for _, size := range []int64{kept.Size(), kept.Size() + 1, kept.Size() + 50, int64(len(whole)) - 1, int64(len(whole))} {
		os.WriteFile(path, whole[:size], 0o600)
		want := 2
		if size == int64(len(whole)) {
			want = 3
		}
		partial := size != kept.Size() && want == 2
		f := mustOpen(t, run.Dir)
		if len(f.Records) != want || (len(f.Warnings) == 1) != partial {
			t.Fatalf("cut to %d bytes: %d records, warnings %q", size, len(f.Records), f.Warnings)
		}
		resumed, records, err := Resume(run.Dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(records) != want || (len(resumed.Warnings) == 1) != partial {
			t.Fatalf("cut to %d bytes: %d records, warnings %q", size, len(records), resumed.Warnings)
		}
		mustAppend(t, resumed, testRecord(3))
		resumed.Close()
		if f := mustOpen(t, run.Dir); len(f.Records) != want+1 || f.Warnings != nil {
			t.Fatalf("cut to %d bytes and resumed: %d records, warnings %q", size, len(f.Records), f.Warnings)
		}
	}
}

func TestResumeRefuses(t *testing.T) {
	dir := t.TempDir()
	_, _, err := Resume(dir)
	oneLine(t, err, dir, ErrNoRun.Error())
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("a refused Resume leaves %v", entries)
	}

	run := create(t, 1)
	if _, _, err := Resume(run.Dir); !errors.Is(err, ErrBusy) {
		t.Errorf("%v is not ErrBusy", err)
	}
	run.Close()
	os.Remove(filepath.Join(run.Dir, RecordsFile))
	_, _, err = Resume(run.Dir)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not ErrNotExist", err)
	}
	oneLine(t, err, RecordsFile)

	// A refusal lets go of the lock.
	os.WriteFile(filepath.Join(run.Dir, RecordsFile), nil, 0o600)
	resumed, _, err := Resume(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	resumed.Close()
}

func TestAppendFromManyGoroutines(t *testing.T) {
	const n = 64
	run := create(t, n)
	var wg sync.WaitGroup
	for seq := range n {
		wg.Go(func() {
			if err := run.Append(testRecord(seq)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if f := mustOpen(t, run.Dir); len(f.Records) != n {
		t.Errorf("%d records, want %d", len(f.Records), n)
	}
}
