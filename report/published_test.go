package report_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"edgebench/bench/stat/compare"
	"edgebench/report"
	"edgebench/report/model"
	"edgebench/results"
)

// stored gives the runs that are kept beside the code, of any schema.
func stored(t *testing.T) []*results.Folder {
	t.Helper()
	var runs []*results.Folder
	for _, root := range []string{"../results/testdata", "../results/reference"} {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.Name() != results.PlanFile || filepath.Base(filepath.Dir(filepath.Dir(path))) == "fuzz" {
				return err
			}
			run, err := results.Open(filepath.Dir(path))
			if err == nil {
				runs = append(runs, run)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(runs) == 0 {
		wd, _ := os.Getwd()
		t.Fatalf("no run is kept beside %s", wd)
	}
	return runs
}

// Runs of schema 1, which results.Open converts, and published ones have all that
// they were measured for.
func TestStoredRuns(t *testing.T) {
	schema1, published := false, false
	for _, run := range stored(t) {
		schema1 = schema1 || run.Plan.Schema == 1
		m := report.Build(run.Plan, run.Environment, run.Records)
		ok := 0
		for _, r := range run.Records {
			if r.Outcome == results.OK {
				ok++
			}
		}
		if m.Counts.OK != ok || len(m.Sections) == 0 || len(m.Table.Rows) < 7 {
			t.Errorf("%s: %+v of %d OK records, %d sections, %d rows", run.Dir, m.Counts, ok, len(m.Sections), len(m.Table.Rows))
		}
		if len(run.Records) > 500 {
			published = true
			checkPublished(t, run.Dir, m)
		}
	}
	if !schema1 || !published {
		t.Errorf("there is a run of schema 1: %v, a published one: %v", schema1, published)
	}
}

// checkPublished wants a class with figures for each side of each measured row, and every
// section.
func checkPublished(t *testing.T, dir string, m *model.Model) {
	t.Helper()
	for _, r := range m.Table.Rows {
		if r.Verdict == compare.Unmeasured {
			continue
		}
		for _, side := range []model.Side{model.Containers, model.Wasm} {
			if r.Measure == "" || !slices.ContainsFunc(r.Side(side), model.ClassResult.Measured) {
				t.Errorf("%s: the row %s has nothing for %s", dir, r.Property, side)
			}
		}
	}
	var ids []string
	for _, s := range m.Sections {
		ids = append(ids, s.ID)
	}
	for _, want := range []string{"ladder", "distribution", "phases", "memory", "density", "throughput", "sizes"} {
		if !slices.Contains(ids, want) {
			t.Errorf("%s has no section %s but %q", dir, want, ids)
		}
	}
}
