package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat/compare"
	"edgebench/report"
	"edgebench/report/model"
	"edgebench/report/reporttest"
	"edgebench/report/text"
	"edgebench/results"
)

// runs are synthetic ones, a day apart, in the wrong order. Cold starts of wazero take
// the factor of each run.
func runs(factors ...float64) (list []*results.Folder) {
	for i, factor := range factors {
		plan, env, records := reporttest.Run(uint64(i + 1))
		env.At = env.At.Add(time.Duration(i) * 24 * time.Hour)
		for _, r := range records {
			if r.Runner == "wazero" && r.Experiment == coldstart.Name {
				for _, m := range r.Metrics {
					for j := range m.Values {
						m.Values[j] *= factor
					}
				}
			}
		}
		list = append(list, &results.Folder{Plan: plan, Environment: env, Records: records})
	}
	slices.Reverse(list)
	return list
}

func everything(t *testing.T, text string) report.Selector {
	t.Helper()
	s, err := report.ParseSelector(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestHistoryMarksTheRunThatChanged(t *testing.T) {
	h, err := report.BuildHistory(runs(1, 2, 2), everything(t, "experiment=coldstart"))
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Runs) != 3 || h.Runs[0].At.After(h.Runs[1].At) {
		t.Errorf("the runs are %+v", h.Runs)
	}
	changed := 0
	for _, r := range h.Rows {
		for i, p := range r.Points {
			switch {
			case p.Change == compare.Slower && i == 1 && r.Runner == "wazero":
				changed++
			case p.Change == compare.Slower || p.Change == compare.Faster:
				t.Errorf("%s: run %d is %s", r.Name, i+1, p.Change)
			}
		}
	}
	if changed == 0 {
		t.Error("no row of wazero is slower in the second run")
	}
	figures := h.Figures()
	first := figures[0].Changes()[0]
	if first.Run != 1 || first.Change != compare.Slower || !strings.Contains(first.Text(), " × longer [") {
		t.Errorf("the first change is %+v, %s", first, first.Text())
	}
	seen := 0
	for _, f := range figures {
		seen += len(f.Changes())
		for _, s := range f.Chart.Series {
			if len(s.Points) != 3 || (s.Points[1].Change == model.ChangeMore) != (len(s.Notes) == 1) {
				t.Errorf("%s: the line of %s is %+v", f.Name, s.System.Name, s)
			}
		}
	}
	if seen != changed {
		t.Errorf("%d changes, want %d", seen, changed)
	}
	var b strings.Builder
	if err := text.History(&b, h, false, 100, false); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); strings.Count(got, "▲") != changed+1 || strings.Contains(got, "process/plain") {
		t.Errorf("%d arrows, want %d and one in the legend, in\n%s", strings.Count(got, "▲"), changed, got)
	}
}

// Figures of another machine stand beside each other without a verdict.
func TestHistoryOfTwoMachines(t *testing.T) {
	list := runs(1, 3)
	list[0].Environment.Host.CPU = "Another CPU"
	h, err := report.BuildHistory(list, everything(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	if h.Runs[1].Comparable() {
		t.Error("runs on two machines are comparable")
	}
	for _, r := range h.Rows {
		if r.Changed() {
			t.Fatalf("%s is judged", r.Name)
		}
	}
}

// A run is compared with the last one on its machine, whatever ran between them.
func TestHistoryOfInterleavedMachines(t *testing.T) {
	list := runs(1, 1, 2, 1)
	for _, i := range []int{0, 2} { // the second and the last in time
		list[i].Environment.Host.CPU = "Another CPU"
	}
	h, err := report.BuildHistory(list, everything(t, "experiment=coldstart rung=cold"))
	if err != nil {
		t.Fatal(err)
	}
	var before, on []int
	for _, r := range h.Runs {
		before, on = append(before, r.Before), append(on, r.On)
	}
	if !slices.Equal(before, []int{-1, -1, 0, 1}) || !slices.Equal(on, []int{0, 1, 0, 1}) || len(h.Machines) != 2 {
		t.Errorf("the runs are compared with %v, on machines %v of %q", before, on, h.Machines)
	}
	changed := 0
	for _, f := range h.Figures() {
		for _, c := range f.Changes() {
			changed++
			if c.Run != 2 || c.Runner != "wazero" {
				t.Errorf("run %d changed %s", c.Run+1, c.Name)
			}
		}
	}
	if changed == 0 {
		t.Error("the third run changed nothing")
	}
	side := h.SideBySide()
	if len(side) == 0 || side[0].Beside(0) != "" || side[0].Beside(1) == "" {
		t.Errorf("the machines stand side by side as %+v", side)
	}
}

func TestHistoryNeedsRunsAndFigures(t *testing.T) {
	if _, err := report.BuildHistory(runs(1), everything(t, "")); err == nil {
		t.Error("one run is a history")
	}
	if _, err := report.BuildHistory(runs(1, 1), everything(t, "runner=nobody")); err == nil {
		t.Error("there is a history of nothing")
	}
}
