package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"edgebench/report"
	"edgebench/report/text"
	"edgebench/results"
)

// TestReferenceRunsStayReadable renders every published run again.
func TestReferenceRunsStayReadable(t *testing.T) {
	dirs := references(t)
	for _, dir := range dirs {
		var out, said bytes.Buffer
		if code := run([]string{"report", dir}, &out, &said); code != exitOK || !strings.Contains(out.String(), "cold start") {
			t.Errorf("%s: exit code %d, %s", dir, code, said.String())
		}
	}
}

// TestReadmeShowsAReferenceRun holds the README's table to the records that it
// is said to come from.
func TestReadmeShowsAReferenceRun(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range references(t) {
		p, env, records, err := results.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		var table bytes.Buffer
		if err := text.Table(&table, report.Build(p, env, records), 80, false); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(readme, bytes.TrimSpace(table.Bytes())) {
			return
		}
	}
	t.Error("the table in README.md is not what any run in results/reference gives")
}

func references(t *testing.T) []string {
	t.Helper()
	plans, err := filepath.Glob(filepath.Join("..", "..", "results", "reference", "*", results.PlanFile))
	if err != nil || len(plans) == 0 {
		t.Fatalf("there is no reference run (%v)", err)
	}
	dirs := make([]string, len(plans))
	for i, p := range plans {
		dirs[i] = filepath.Dir(p)
	}
	return dirs
}
