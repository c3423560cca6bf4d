package report_test

import (
	"slices"
	"strings"
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/instances"
	"edgebench/bench/experiment/memory"
	"edgebench/bench/stat/estimate"
	"edgebench/report"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/reporttest"
	"edgebench/results"
)

// The answer's sentences have the figures of the lead pairs, and nothing is said of
// what was not measured.
func TestAnswer(t *testing.T) {
	m := good()
	row := m.Table.Rows[slices.IndexFunc(m.Table.Rows, func(r model.TableRow) bool { return r.Property == "cold start" })]
	pair := row.Pair()
	container := pair.Containers.Best(false)[0].Entry.Estimate
	first := m.Answer[0]
	for _, want := range []string{
		"A container (minimal image, Docker) answers its first request after " + format.Quantity(container.Value, container.Unit),
		"a WebAssembly module (small module, compiled ahead) after ", " × shorter.",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("the first sentence is %q, want %q", first, want)
		}
	}
	if last := m.Answer[len(m.Answer)-1]; !strings.Contains(last, "compiled at start") || !strings.Contains(last, "compiled code on the node's disk") {
		t.Errorf("the last sentence is %q", last)
	}
	if len(m.Answer) != 4 {
		t.Errorf("there are %d sentences: %q", len(m.Answer), m.Answer)
	}
	plan, env, _ := reporttest.Run(1)
	if m := report.Build(plan, env, nil); len(m.Answer) != 0 {
		t.Errorf("without records the answer is %q", m.Answer)
	}
}

// An advantage is above 1 where the module is better, whichever direction is better.
func TestAdvantages(t *testing.T) {
	for _, r := range good().Table.Rows {
		pair := r.Pair()
		for _, a := range pair.Advantages {
			container := pair.Containers.Cells[0].Entry.Estimate.Value
			i := slices.IndexFunc(pair.Wasm.Cells, func(c model.CellResult) bool { return c.System.Name == a.System.Name })
			module := pair.Wasm.Cells[i].Entry.Estimate.Value
			if better := module < container != r.Higher; better != (a.Ratio.Value > 1) {
				t.Errorf("%s: %s has the advantage %g, with %g and %g of the container", r.Property, a.System.Name, a.Ratio.Value, module, container)
			}
			if x := a.Ratio.Interval; x != nil && !x.Contains(a.Ratio.Value) {
				t.Errorf("%s: the interval of %s is %+v around %g", r.Property, a.System.Name, *x, a.Ratio.Value)
			}
		}
	}
}

// Each cell has one figure that stands for it, with its state.
func TestFiguresOfAllCells(t *testing.T) {
	m := good()
	heads := map[results.Cell]int{}
	for _, f := range m.Figures {
		if f.Headline {
			heads[f.Cell]++
		}
		if f.Entry.State == model.Measured && f.Entry.Key.Cell != f.Cell {
			t.Errorf("%s %s is of %s", f.Cell, f.Metric, f.Entry.Key)
		}
		if f.Entry.State != model.Measured && f.Entry.Why == "" {
			t.Errorf("%s %s has no figure and no reason", f.Cell, f.Metric)
		}
		if live := f.Metric == instances.Live; f.Reached != live || f.LowerBound && !live {
			t.Errorf("%s %s is reached: %t, and a lower bound: %t", f.Cell, f.Metric, f.Reached, f.LowerBound)
		}
	}
	for c, n := range heads {
		if n != 1 {
			t.Errorf("%s has %d headlines", c, n)
		}
	}
	has := func(metric string) bool {
		return slices.ContainsFunc(m.Figures, func(f model.CellFigure) bool { return f.Metric == metric && f.Entry.State == model.Measured })
	}
	for _, f := range m.Figures {
		if f.Headline && f.Cell.Experiment == memory.Name && f.Metric != estimate.PerInstance(instances.AvailableDrop) {
			t.Errorf("%s stands for the memory of %s", f.Metric, f.System.Name)
		}
	}
	if !has(coldstart.FirstResponse) || !has(estimate.FirstStart) || has(coldstart.EmptyMeasurement) {
		t.Error("the figures are not those that are compared or graded")
	}
}

// A command from outside stays one command.
func TestCommandsAreQuoted(t *testing.T) {
	env := results.Environment{Commit: "$(reboot)", Command: []string{"benchrun", "run", "--config", "my file's.toml"}}
	var lines []string
	for _, c := range report.Build(results.Plan{Run: "r"}, env, nil).Commands {
		lines = append(lines, c.Line)
	}
	for _, want := range []string{"git checkout '$(reboot)'", `benchrun run --config 'my file'\''s.toml'`, "benchrun report . --html report.html"} {
		if !slices.Contains(lines, want) {
			t.Errorf("the commands are %q, want %q", lines, want)
		}
	}
}
