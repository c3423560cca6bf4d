package results

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// folder writes a run of two trials and hands its files to an editor.
func folder(t *testing.T, edit func(dir string)) string {
	t.Helper()
	run := create(t, 2)
	mustAppend(t, run, testRecord(0), testRecord(1))
	run.Close()
	edit(run.Dir)
	return run.Dir
}

func replace(t *testing.T, path, old, new string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(text, []byte(old), []byte(new), 1)
	if bytes.Equal(changed, text) {
		t.Fatalf("%s is not in %s", old, path)
	}
	if err := os.WriteFile(path, changed, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Every error of a reader names the file, and the line in records.jsonl.
func TestOpenNamesTheFault(t *testing.T) {
	cases := []struct{ file, old, new, want string }{
		{PlanFile, "{", "[", PlanFile},
		{PlanFile, `"schema": 1`, `"schema": 2`, "schema is 2, this program reads 1 to 1"},
		{PlanFile, `"seq": 1`, `"seq": 0`, "trial 0 is there twice"},
		{PlanFile, `"seq": 1`, `"seq": -1`, PlanFile},
		{PlanFile, `"run": "test"`, `"run": "tset"`, `"tset"`},
		{PlanFile, `"rung": "pooled"`, `"rung": "warm"`, `rung "warm" is unknown`},
		{EnvironmentFile, `"schema": 1`, `"schema": 0`, "schema is 0"},
		{EnvironmentFile, `"cores": 2`, `"cores": "two"`, EnvironmentFile},
		{EnvironmentFile, `"cores": 2`, `"cores": -2`, "cores"},
		{RecordsFile, "{", "", RecordsFile + ":1: "},
		{RecordsFile, "\n", "\n\n", RecordsFile + ":2: the line is empty"},
		{RecordsFile, "\n", "\n\x00\x00\x00\n", RecordsFile + ":2: "},
		{RecordsFile, `"seq":1`, `"seq":5`, RecordsFile + ":2: trial 5 is not in the plan"},
		{RecordsFile, `"outcome":"ok"`, `"outcome":"fine"`, RecordsFile + `:1: outcome "fine"`},
		{RecordsFile, `"run":"test"`, `"run":"tset"`, RecordsFile + ":1: the record is of run"},
		{RecordsFile, `0.0000123`, `1e999`, RecordsFile + ":1: "},
		{RecordsFile, `"mode":"compiler"`, `"mode":"a\nb"`, RecordsFile + ":1: cell"},
	}
	for _, c := range cases {
		dir := folder(t, func(dir string) { replace(t, filepath.Join(dir, c.file), c.old, c.new) })
		_, err := Open(dir)
		oneLine(t, err, dir, c.want)
		_, _, err = Resume(dir)
		oneLine(t, err, c.want)
	}
}

// What a later version adds without a change of meaning is passed over.
func TestOpenPassesOverAdditions(t *testing.T) {
	dir := folder(t, func(dir string) {
		replace(t, filepath.Join(dir, PlanFile), `"schema": 1`, `"later": {"x": [1]}, "schema": 1`)
		replace(t, filepath.Join(dir, RecordsFile), `"schema":1`, `"later":{"x":[1]},"schema":1`)
	})
	if f := mustOpen(t, dir); len(f.Records) != 2 {
		t.Errorf("%d records, want 2", len(f.Records))
	}
}

func TestOpenTakesRegularFilesAlone(t *testing.T) {
	for _, file := range []string{PlanFile, EnvironmentFile, RecordsFile} {
		dir := folder(t, func(dir string) {
			os.Remove(filepath.Join(dir, file))
			os.Mkdir(filepath.Join(dir, file), 0o700)
		})
		_, err := Open(dir)
		oneLine(t, err, file, "is not a regular file")
	}
}

// Sparse files stand in for large ones: nothing of them must be read.
func TestOpenIsBounded(t *testing.T) {
	for file, limit := range map[string]int64{PlanFile: MaxDocument, EnvironmentFile: MaxDocument, RecordsFile: MaxRecordsFile} {
		dir := folder(t, func(dir string) {
			if err := os.Truncate(filepath.Join(dir, file), limit+1); err != nil {
				t.Fatal(err)
			}
		})
		_, err := Open(dir)
		oneLine(t, err, file, fmt.Sprintf("at most %d are read", limit))
	}
	dir := folder(t, func(dir string) {
		os.Truncate(filepath.Join(dir, RecordsFile), MaxLine*2)
	})
	_, err := Open(dir)
	oneLine(t, err, RecordsFile+":3: the line is longer than")

	objects := `{"trials":[` + strings.Repeat("{},", maxObjects) + `{}]}`
	dir = folder(t, func(dir string) {
		os.WriteFile(filepath.Join(dir, PlanFile), []byte(objects), 0o600)
	})
	_, err = Open(dir)
	oneLine(t, err, PlanFile, "objects")
}

func TestReadLinesIsBounded(t *testing.T) {
	text, _ := encode(testRecord(0).complete(), "")
	_, _, err := readLines(bytes.NewReader(bytes.Repeat(text, 4)), "x", 3)
	oneLine(t, err, "x has more than 3 lines")
	if lines, _, err := readLines(bytes.NewReader(bytes.Repeat(text, 3)), "x", 3); len(lines) != 3 || err != nil {
		t.Errorf("%d lines, %v", len(lines), err)
	}
}

// testdata/v1 was written by the first version. It is never written again:
// as long as its schema is 1, it must read as it does today.
func TestOldRunsStayReadable(t *testing.T) {
	f := mustOpen(t, filepath.Join("testdata", "v1"))
	if len(f.Plan.Trials) != 3 || len(f.Records) != 2 || len(f.Warnings) != 2 {
		t.Fatalf("%d trials, %d records, warnings %q", len(f.Plan.Trials), len(f.Records), f.Warnings)
	}
	m, ok := f.Records[0].Metric(FirstResponse)
	if !ok || m.Unit != Seconds || m.Values[0] != 0.0000123 {
		t.Errorf("first_response is %v, %v", m, ok)
	}
	if p := f.Records[0].Phases[0]; p.Name != "instantiate" || p.Values[0] != 0.0000101 {
		t.Errorf("the phase is %v", p)
	}
	if r := f.Records[1]; r.Outcome != Failed || r.Error != "deadline of 1s has passed" {
		t.Errorf("the second record is %v", r)
	}
	if at := f.Records[0].At; !at.Equal(time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)) {
		t.Errorf("at is %v", at)
	}
	if f.Environment.Host.Memory != 25275994112 || f.Plan.Trials[2].Deadline != time.Second {
		t.Errorf("memory %d, deadline %v", f.Environment.Host.Memory, f.Plan.Trials[2].Deadline)
	}
}
