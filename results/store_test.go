package results

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

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
	mustClose(t, run)
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
	mustClose(t, run)
	if diff := cmp.Diff([]string{lockFile, SumsFile, EnvironmentFile, PlanFile, RecordsFile}, names(t, run.Dir)); diff != "" {
		t.Error(diff)
	}
	for _, file := range []string{PlanFile, EnvironmentFile} {
		if err := conforms(t, file, mustRead(t, run.Dir, file)); err != nil {
			t.Error(err)
		}
	}
	text := mustRead(t, run.Dir, RecordsFile)
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
	mustClose(t, run)
	_, err = Create(run.Dir, testPlan(1), testEnvironment())
	if !errors.Is(err, ErrHoldsRun) {
		t.Errorf("%v is not ErrHoldsRun", err)
	}
	oneLine(t, err, run.Dir)
	if f := mustOpen(t, run.Dir); len(f.Records) != 1 || f.Warnings != nil {
		t.Error("the refused Create has changed the run")
	}

	// Records without a plan are still somebody's records.
	os.Remove(filepath.Join(run.Dir, PlanFile))
	if _, err := Create(run.Dir, testPlan(1), testEnvironment()); !errors.Is(err, ErrHoldsRun) {
		t.Errorf("%v is not ErrHoldsRun", err)
	}
	os.Rename(filepath.Join(run.Dir, RecordsFile), filepath.Join(run.Dir, CompressedFile))
	if _, err := Create(run.Dir, testPlan(1), testEnvironment()); !errors.Is(err, ErrHoldsRun) {
		t.Errorf("compressed: %v is not ErrHoldsRun", err)
	}

	file := filepath.Join(t.TempDir(), "file")
	mustWrite(t, file, nil)
	_, err = Create(file, testPlan(1), testEnvironment())
	oneLine(t, err, file)
	_, err = Create(filepath.Join(file, "below"), testPlan(1), testEnvironment())
	oneLine(t, err, file)
}

// Create rejects what a reader would reject, before it makes the folder.
func TestCreateChecksFirst(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	for part, change := range map[string]func(*Plan, *Environment){
		"spec 0":                  func(p *Plan, _ *Environment) { p.Specs[0].Mode = "a/b\n" },
		"plan.json":               func(p *Plan, _ *Environment) { p.Target = 1 },
		"effort":                  func(p *Plan, _ *Environment) { p.Specs[0].Effort = []byte("{") },
		"environment.json":        func(_ *Plan, e *Environment) { e.At = time.Time{} },
		"other":                   func(_ *Plan, e *Environment) { e.Run = "other" },
		"plan is of schema 1":     func(p *Plan, _ *Environment) { p.Schema = 1 },
		"environment of schema 1": func(_ *Plan, e *Environment) { e.Schema = 1 },
	} {
		plan, env := testPlan(1), testEnvironment()
		change(&plan, &env)
		_, err := Create(dir, plan, env)
		oneLine(t, err, dir, part)
		if _, err := os.Stat(dir); err == nil {
			t.Fatalf("%s: a refused Create has made the folder", part)
		}
	}
}

// A crash within Create leaves a folder that a next one can use.
func TestCreateAfterHalfACreate(t *testing.T) {
	dir := t.TempDir()
	mustWrite(t, filepath.Join(dir, EnvironmentFile), []byte("{"))
	mustWrite(t, filepath.Join(dir, "."+PlanFile+".new"), []byte("{"))
	mustWrite(t, filepath.Join(dir, SumsFile), []byte("of another run"))
	mustWrite(t, filepath.Join(dir, RecordsFile), nil)
	if _, err := Open(dir); !errors.Is(err, ErrNoRun) {
		t.Errorf("%v is not ErrNoRun", err)
	}
	run, err := Create(dir, testPlan(1), testEnvironment())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{lockFile, EnvironmentFile, PlanFile, RecordsFile}, names(t, dir)); diff != "" {
		t.Error(diff)
	}
	mustAppend(t, run, testRecord(0))
	mustClose(t, run)
}

func TestAppendRefuses(t *testing.T) {
	cases := map[string]Record{
		"run is missing":           changed(func(r *Record) { r.Run = "" }),
		"not of run":               changed(func(r *Record) { r.Run = "other" }),
		"record is of schema 1":    changed(func(r *Record) { r.Schema = 1 }),
		"schema is 3":              changed(func(r *Record) { r.Schema = 3 }),
		"trial 7 is not in the":    testRecord(7),
		"the plan has":             changed(func(r *Record) { r.Mode = "interpreter" }),
		"rung=hot":                 changed(func(r *Record) { r.Params = r.Params.With(RungParam, string(Hot)) }),
		"in block 3":               changed(func(r *Record) { r.Block = 3 }),
		"already has an OK record": testRecord(0),
		"has the value NaN":        changed(func(r *Record) { r.Metrics[0].Values[1] = math.NaN() }),
		"has the value +Inf":       changed(func(r *Record) { r.Metrics[0].Values[1] = math.Inf(1) }),
		"has the value -Inf":       changed(func(r *Record) { r.Phases = []Metric{{"load", Seconds, []float64{math.Inf(-1)}}} }),
		"limit +Inf":               changed(func(r *Record) { r.Stop = &Stop{Reason: StopLimit, Limit: math.Inf(1)} }),
		"limit NaN":                changed(func(r *Record) { r.Stop = &Stop{Reason: StopLimit, Limit: math.NaN()} }),
		`"load" is NaN`:            changed(func(r *Record) { r.Machine = map[string]float64{MachineLoad: math.NaN()} }),
		`"steal" is +Inf`:          changed(func(r *Record) { r.Machine = map[string]float64{MachineSteal: math.Inf(1)} }),
		"the scale NaN":            changed(func(r *Record) { r.Histograms = []Histogram{{"latency", Seconds, math.NaN(), "x"}} }),
		"reason \"bored\"":         changed(func(r *Record) { r.Stop = &Stop{Reason: "bored"} }),
		"code \"\"":                changed(func(r *Record) { r.Warnings = []Warning{{Text: "x"}} }),
		"occurs twice":             changed(func(r *Record) { r.Metrics = append(r.Metrics, r.Metrics[0]) }),
		"at is missing":            changed(func(r *Record) { r.At = time.Time{} }),
		"at most 16777216":         changed(func(r *Record) { r.Warnings = []Warning{{WarnOther, strings.Repeat("x", MaxLine)}} }),
	}
	run := create(t, 2)
	mustAppend(t, run, testRecord(0))
	before := mustRead(t, run.Dir, RecordsFile)
	for part, r := range cases {
		oneLine(t, run.Append(r), part, fmt.Sprintf("record of trial %d", r.Seq))
	}
	if !bytes.Equal(before, mustRead(t, run.Dir, RecordsFile)) {
		t.Error("a refused record has changed the file")
	}
	mustAppend(t, run, testRecord(1))
	mustClose(t, run)
	oneLine(t, run.Append(testRecord(1)), run.Dir, "closed")
	if err := run.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

// The first OK record stands; before it, the last.
func TestRecordsOfOneTrial(t *testing.T) {
	run := create(t, 2)
	mustAppend(t, run, failedRecord(0, "first"), failedRecord(1, "first"), testRecord(0), failedRecord(1, "second"))
	oneLine(t, run.Append(failedRecord(0, "late")), "is kept")
	f := mustOpen(t, run.Dir)
	if diff := same([]Record{testRecord(0), failedRecord(1, "second")}, f.Records); diff != "" {
		t.Error(diff)
	}
	want := []string{
		"trial 0 was run more than once: line 1 (failed) is superseded by line 3 (ok)",
		"trial 1 was run more than once: line 2 (failed) is superseded by line 4 (failed)",
	}
	if diff := cmp.Diff(want, f.Warnings); diff != "" {
		t.Error(diff)
	}
	mustClose(t, run)

	// A file that was put together by hand may have two that are OK.
	path := filepath.Join(run.Dir, RecordsFile)
	late := testRecord(0)
	late.Metrics[0].Values = []float64{1e-9}
	line, _ := encode(late.complete(), "")
	mustWrite(t, path, append(mustRead(t, path), line...))
	resumed, records, err := Resume(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	defer resumed.Close()
	if diff := same([]Record{testRecord(0), failedRecord(1, "second")}, records); diff != "" {
		t.Error(diff)
	}
	oneLine(t, resumed.Append(testRecord(0)), "is kept")
	mustAppend(t, resumed, testRecord(1))
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
