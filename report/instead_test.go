package report_test

import (
	"slices"
	"strings"
	"testing"

	"edgebench/bench/experiment/density"
	"edgebench/bench/experiment/memory"
	"edgebench/report"
	"edgebench/report/model"
	"edgebench/report/reporttest"
	"edgebench/results"
)

// A class without trials of its own for memory has the figure that the steps of its
// density trials give, and the row says so.
func TestMemoryByTheStepsOfDensity(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	gone := func(c results.Cell) bool { return c.Experiment == memory.Name && c.Runner == "docker" }
	plan.Specs = slices.DeleteFunc(plan.Specs, func(s results.Spec) bool { return gone(s.Cell) })
	records = slices.DeleteFunc(records, func(r results.Record) bool { return gone(r.Cell) })
	m := report.Build(plan, env, records)
	i := slices.IndexFunc(m.Table.Rows, func(r model.TableRow) bool { return r.Property == "memory/instance" })
	row := m.Table.Rows[i]
	for _, c := range row.Classes {
		if !c.Measured() {
			continue
		}
		x, want := c.Cells[0], memory.Name
		if c.Name == "minimal image, Docker" {
			want = density.Name
			if e := x.Entry.Estimate; e.Trials != 2 || e.Value < 3e6 || e.Value > 6e6 {
				t.Errorf("docker's containers take %v B by %d trials", e.Value, e.Trials)
			}
		}
		if x.Cell.Experiment != want {
			t.Errorf("%s is of the experiment %s, want %s", c.Name, x.Cell.Experiment, want)
		}
	}
	if notes := strings.Join(row.Notes, "; "); !strings.Contains(notes, "by the steps of the experiment density: minimal image, Docker") {
		t.Errorf("the row does not say where the figure is from: %q", notes)
	}
}

// Trials under a limit of memory say nothing about the node: the row on density has
// neither their classes nor their parameter.
func TestLimitedTrialsAreNotTheNodes(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	limit := func(c *results.Cell) {
		if c.Experiment == density.Name && c.Runner == "docker" {
			c.Params = c.Params.With(density.MemoryLimitParam, "128")
		}
	}
	for i := range plan.Specs {
		limit(&plan.Specs[i].Cell)
	}
	for i := range records {
		limit(&records[i].Cell)
	}
	m := report.Build(plan, env, records)
	i := slices.IndexFunc(m.Table.Rows, func(r model.TableRow) bool { return r.Property == "density" })
	row := m.Table.Rows[i]
	if strings.Contains(row.Measure, density.MemoryLimitParam) {
		t.Errorf("the row is said to be measured under a limit: %s", row.Measure)
	}
	measured := 0
	for _, c := range row.Classes {
		for _, x := range c.Cells {
			if x.Cell.Params.Get(density.MemoryLimitParam) != "" {
				t.Errorf("%s has the cell %s", c.Name, x.Cell)
			}
			measured++
		}
	}
	if measured == 0 {
		t.Error("the row has no cells")
	}
}
