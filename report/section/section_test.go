package section_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"edgebench/bench/experiment"
	"edgebench/bench/stat/compare"
	"edgebench/report/figure"
	"edgebench/report/html"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/text"
	"edgebench/report/view"
	"edgebench/results"
)

// invented is an experiment that nothing but this test knows.
const invented results.Experiment = "invented"

var noop = results.Artefact{Workload: "noop", Build: "c"}

func cell(runner, mode, at string) results.Cell {
	return results.Cell{
		System: results.System{Runner: runner, Mode: mode}, Artefact: noop,
		Experiment: invented, Params: results.NewParams(map[string]string{results.ConcurrencyParam: at}),
	}
}

// run has six trials of three systems, each with one and four at a time.
func run() *view.View {
	plan := results.Plan{Run: "r", Table: results.Table{
		Artefact: noop,
		Classes: []results.Class{
			{Side: "containers", What: "image", Lead: true, Artefacts: []results.Artefact{noop}, Systems: []results.System{{Runner: "docker", Mode: "a"}}},
			{Side: "WASM", What: "module", Lead: true, Artefacts: []results.Artefact{noop},
				Systems: []results.System{{Runner: "wazero", Mode: "a"}, {Runner: "wazero", Mode: "b"}}},
		},
		Reference: results.System{Runner: "docker", Mode: "a"},
	}}
	var records []results.Record
	for i, c := range []results.Cell{
		cell("docker", "a", "4"), cell("docker", "a", "1"), cell("wazero", "a", "4"), cell("wazero", "a", "1"), cell("wazero", "b", "1"),
	} {
		plan.Specs = append(plan.Specs, results.Spec{Cell: c, Trials: 6})
		for block := range 6 {
			rate := float64(100*(i+1) + block)
			records = append(records, results.Record{Run: "r", Seq: len(records), Block: block, Cell: c, Outcome: results.OK,
				Metrics: []results.Metric{{Name: "invented_rate", Unit: "starts/sec", Values: []float64{rate}}}})
		}
	}
	v := view.New(plan, results.Environment{}, records, nil)
	v.Summarise()
	return v
}

// sections is how a further experiment shows itself: a grid, and a chart of the
// same figures.
func sections(v *view.View) []model.Section {
	s := model.Section{ID: "invented", Title: "Invented", Intro: "It shows something."}
	for _, x := range section.Variants(v, invented, results.ConcurrencyParam) {
		g := section.NewGrid(invented, x, "invented", "Invented rates")
		g.Ratios, g.Picture = true, &model.Caption{Shows: "rates", Reading: "Read it."}
		chart := &model.Chart{ID: x.ID("invented-chart"), Caption: model.Caption{Title: "Rates", Shows: "rates", Reading: "Read it."},
			X: model.Axis{Title: "at a time", Unit: results.Count}, Y: model.Axis{Unit: "starts/sec"}}
		for _, at := range []string{"1", "4"} {
			g.Slots = append(g.Slots, section.Slot{
				Column: model.Column{Label: "×" + at, Unit: "starts/sec", Explanation: "rate"},
				Params: x.Params.With(results.ConcurrencyParam, at), Metric: "invented_rate",
			})
		}
		grid := g.Fill(v)
		for _, r := range grid.Rows {
			series := model.Series{System: r.System}
			for i, e := range r.Entries {
				if e.State == model.Measured {
					series.Points = append(series.Points, model.Point{X: float64(1 + 3*i), Y: e.Estimate.Value, Interval: e.Estimate.Interval})
				}
			}
			chart.Series = append(chart.Series, series)
		}
		s.Elements = append(s.Elements, append(section.Grids(grid), model.Element{Chart: chart})...)
	}
	return []model.Section{s}
}

// A further experiment is shown by all renderers, which know nothing of it.
func TestAFurtherExperiment(t *testing.T) {
	v := run()
	m := &model.Model{Title: "t", Systems: v.Systems, Sections: sections(v)}
	m.Export.Summaries, m.Export.Samples = v.Summaries(), v.Samples()
	m.Export.Benchmarks = map[results.Experiment]string{invented: "Invented"}
	var full, page, csv, bench bytes.Buffer
	for name, err := range map[string]error{
		"text": text.Full(&full, m, 120, false), "page": html.Write(&page, m), "CSV": text.CSV(&csv, m), "benchmarks": text.Benchfmt(&bench, m),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range []struct{ what, text, want string }{
		{"text", full.String(), "Invented rates of noop in c"},
		{"text", full.String(), "wazero/b"},
		{"page", page.String(), `"section":"Invented"`},
		{"page", page.String(), `"title":"Invented rates of noop in c"`},
		{"CSV", csv.String(), "experiment,runner,mode,workload,build,concurrency,metric,unit,n,"},
		{"CSV", csv.String(), "invented,docker,a,noop,c,1,invented_rate,starts/sec,6,"},
		{"benchmarks", bench.String(), "BenchmarkInvented/runner=docker/mode=a/workload=noop/build=c/concurrency=4 1 105 invented_rate"},
	} {
		if !strings.Contains(c.text, c.want) {
			t.Errorf("the %s has no %q in\n%s", c.what, c.want, c.text)
		}
	}
	var names []string
	for _, f := range figure.All(m) {
		names = append(names, f.Name)
	}
	if fmt.Sprint(names) != "[invented-noop-c invented-chart-noop-c]" {
		t.Errorf("the figures are %v", names)
	}
}

// A row uses the smallest concurrency, and names the parameters that are not fixed.
func TestRowOfAFurtherExperiment(t *testing.T) {
	v := run()
	below, above := compare.Below(300), compare.AtLeast(400)
	p := section.Property{Name: "rate", Containers: &below, Wasm: &above,
		Claim: model.Claim{ContainersBound: "< 300", WasmBound: "≥ 400"}}
	r := p.Row(v, section.Measure{
		Experiment: invented, Words: "starts a second",
		Metric: experiment.Metric{Name: "invented_rate", Unit: "starts/sec", Better: experiment.Higher},
	})
	if r.Measure != "starts a second (concurrency=1)" || r.Verdict != compare.Holds {
		t.Errorf("measured %q, the verdict is %s", r.Measure, r.Verdict)
	}
	if g := r.Classes[1].Range; g == nil || g.Best.System.Name != "wazero/b" || g.Cells != 2 || len(r.Ratios) != 2 {
		t.Errorf("modules are %+v, ratios %+v", g, r.Ratios)
	}
	r = p.Row(v, section.Measure{
		Experiment: invented, Words: "starts a second, four at a time", Fixed: results.Params("").With(results.ConcurrencyParam, "4"),
		Metric: experiment.Metric{Name: "invented_rate", Unit: "starts/sec", Better: experiment.Higher},
	})
	// The second module has no such cell.
	if c := r.Classes[1]; r.Measure != "starts a second, four at a time" || len(c.Cells) != 1 || c.Verdict != compare.Fails {
		t.Errorf("measured %q, modules are %+v", r.Measure, c)
	}
	if r.Verdict != compare.Depends {
		t.Errorf("the verdict is %s", r.Verdict)
	}
}

// IDs are safe in file names, and what is changed in them beyond that stays apart.
func TestAnchor(t *testing.T) {
	for name, want := range map[string]string{
		"ladder-noop-c+simd-page_cache=warm": "ladder-noop-c-simd-page-cache-warm",
		"Ladder-NOOP":                        "ladder-noop",
	} {
		if got := section.Anchor(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
	a, b := section.Anchor("x-<b>"), section.Anchor("x-<i>")
	if a == b || strings.ContainsAny(a+b, "<>") {
		t.Errorf("hostile names become %q and %q", a, b)
	}
	if long := section.Anchor(strings.Repeat("x", 1000)); len(long) > 80 {
		t.Errorf("a long name becomes %q", long)
	}
}
