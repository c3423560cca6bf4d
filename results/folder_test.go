package results

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every error of a reader names the file, and the line in records.jsonl.
func TestOpenNamesTheFault(t *testing.T) {
	cases := []struct{ file, old, new, want string }{
		{PlanFile, "{", "[", PlanFile},
		{PlanFile, `"schema": 2`, `"schema": 3`, "schema is 3, this program reads 1 to 2"},
		{PlanFile, `"schema": 2`, `"schema": 1`, "environment.json is of run \"test\" in schema 2, but plan.json of run \"test\" in schema 1"},
		{PlanFile, `"trials":2`, `"trials":-1`, "spec 0: trials and max_adaptive"},
		{PlanFile, `"trials":2`, `"trials":1`, RecordsFile + ":2: trial 1 is not in the plan"},
		{PlanFile, `"run": "test"`, `"run": "tset"`, `"tset"`},
		{PlanFile, `"rung":"pooled"`, `"rung":"warm"`, `rung "warm" is unknown`},
		{PlanFile, `"trials":2`, `"trials":2,"effort":[]`, "spec 0: effort is not a JSON object"},
		{PlanFile, "\n\t]\n", ",{}\n\t]\n", "spec 1: cell"},
		{EnvironmentFile, `"schema": 2`, `"schema": 0`, "schema is 0"},
		{EnvironmentFile, `"cores": 2`, `"cores": "two"`, EnvironmentFile},
		{EnvironmentFile, `"cores": 2`, `"cores": -2`, "cores"},
		{RecordsFile, "{", "", RecordsFile + ":1: "},
		{RecordsFile, "\n", "\n\n", RecordsFile + ":2: the line is empty"},
		{RecordsFile, "\n", "\n\x00\x00\x00\n", RecordsFile + ":2: "},
		{RecordsFile, `"seq":1`, `"seq":5`, RecordsFile + ":2: trial 5 is not in the plan"},
		{RecordsFile, `"block":0`, `"block":1`, RecordsFile + ":1: trial 0 is experiment=coldstart"},
		{RecordsFile, `"outcome":"ok"`, `"outcome":"fine"`, RecordsFile + `:1: outcome "fine"`},
		{RecordsFile, `"run":"test"`, `"run":"tset"`, RecordsFile + ":1: the record is of run"},
		{RecordsFile, `0.0000123`, `1e999`, RecordsFile + ":1: "},
		{RecordsFile, `0.0000123`, `null`, RecordsFile + ":1: null is not a value"},
		{RecordsFile, `"mode":"compiler"`, `"mode":"a\nb"`, RecordsFile + ":1: cell"},
	}
	for _, c := range cases {
		dir := folder(t, func(dir string) { replace(t, filepath.Join(dir, c.file), c.old, c.new) })
		_, err := Open(dir)
		oneLine(t, err, dir, c.want)
		_, _, err = Resume(dir)
		oneLine(t, err, dir, c.want)
	}
}

// A record of schema 1 has no place in a run of schema 2, nor the other way round.
func TestOpenRefusesAMixOfSchemas(t *testing.T) {
	dir := folder(t, func(dir string) {
		old := mustRead(t, "testdata", "v1", RecordsFile)
		line, _, _ := bytes.Cut(old, []byte("\n"))
		line = bytes.Replace(line, []byte(`"run":"2026-01-02T030405Z-a1b2"`), []byte(`"run":"test"`), 1)
		path := filepath.Join(dir, RecordsFile)
		mustWrite(t, path, append(append(mustRead(t, path), line...), '\n'))
	})
	_, err := Open(dir)
	oneLine(t, err, RecordsFile+":3: the record is of schema 1, but the plan of schema 2")
}

// What a later version adds without a change of meaning is passed over.
func TestOpenPassesOverAdditions(t *testing.T) {
	dir := folder(t, func(dir string) {
		replace(t, filepath.Join(dir, PlanFile), `"schema": 2`, `"later": {"x": [1]}, "schema": 2`)
		replace(t, filepath.Join(dir, RecordsFile), `"schema":2`, `"later":{"x":[1]},"schema":2`)
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

	objects := `{"schema":2,"specs":[` + strings.Repeat("{},", maxObjects) + `{}]}`
	dir = folder(t, func(dir string) {
		mustWrite(t, filepath.Join(dir, PlanFile), []byte(objects))
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
