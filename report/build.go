package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/report/clean"
	"edgebench/report/model"
	"edgebench/report/section/registry"
	"edgebench/report/view"
	"edgebench/results"
)

// Build makes the model of a run. The plan, the environment and the records may
// each be empty.
func Build(plan results.Plan, env results.Environment, records []results.Record) *model.Model {
	v := look(plan, env, records)
	v.Summarise()
	m := &model.Model{}
	conditions(m, v)
	m.Slowed = slowed(v.Plan)
	outcomes(m, v)
	m.Quality = quality(v)
	v.Grades = m.Quality.Grades
	m.Systems = v.Systems
	m.Programs = programs(v)
	m.Sections = sections(v)
	for _, s := range registry.Sections() {
		m.Methods = append(m.Methods, s.Methods...)
	}
	m.Toolchains = toolchains(v)
	m.Table = table(v)
	m.Answer = answer(m.Table)
	m.Figures = figures(v, m.Table)
	m.Commands = commands(m, v)
	m.Export = export(v)
	m.Warnings = v.Warnings
	return m
}

// look gives the view of a run whose texts may be anything.
func look(plan results.Plan, env results.Environment, records []results.Record) *view.View {
	return view.New(clean.Plan(plan), clean.Environment(env), clean.Records(records), registry.Deriving())
}

// sections returns the sections that have something to show, and gives each element
// a unique ID.
func sections(v *view.View) []model.Section {
	var all []model.Section
	for _, s := range registry.Sections() {
		if s.Build != nil {
			all = append(all, s.Build(v)...)
		}
	}
	all = append(all, builds(v))
	all = slices.DeleteFunc(all, func(s model.Section) bool { return len(s.Elements) == 0 })
	seen := map[string]int{}
	for _, s := range all {
		for _, e := range s.Elements {
			id := idOf(e)
			if seen[*id]++; seen[*id] > 1 {
				*id = fmt.Sprintf("%s-%d", *id, seen[*id])
			}
		}
	}
	return all
}

func idOf(e model.Element) *string {
	switch {
	case e.Grid != nil:
		return &e.Grid.ID
	case e.Chart != nil:
		return &e.Chart.ID
	case e.Stack != nil:
		return &e.Stack.ID
	case e.List != nil:
		return &e.List.ID
	case e.Matrix != nil:
		return &e.Matrix.ID
	}
	return &e.Pairs.ID
}

// slowed says what was slowed on purpose, so that nobody takes the figures for
// those of the runtime. It is "" if nothing was slowed.
func slowed(p results.Plan) string {
	words := []string{"cold starts, rates and latencies were slowed on purpose"}
	for _, runner := range slices.Sorted(maps.Keys(p.Slowed)) {
		words = append(words, fmt.Sprintf("those of %s by %.4g %%", runner, p.Slowed[runner]*100))
	}
	if len(words) == 1 {
		return ""
	}
	return clean.Message(strings.Join(words, ", ") + "; the start of the process on the boot rung was not slowed")
}

// table compares the classes that the plan fixed.
func table(v *view.View) model.Table {
	t := model.Table{Notes: tableNotes()}
	if r := v.Reference(); r.Runner != "" {
		t.Reference = r.Name
	}
	for _, s := range registry.Rows() {
		t.Rows = append(t.Rows, s.Rows(v)...)
	}
	for _, s := range v.Systems {
		if slices.Contains(v.Plan.Table.Systems(""), s.Of()) && s.Unavailable == "" {
			t.Systems = append(t.Systems, s)
		}
	}
	return t
}

func tableNotes() []string {
	return []string{
		"classes were fixed before the run; a claim holds for one if the 95 % interval of each of its cells is on its side",
	}
}

// export fills in the part of the model that other programs read.
func export(v *view.View) model.Export {
	x := model.Export{
		Config: configuration(v), Benchmarks: map[results.Experiment]string{},
		Summaries: v.Summaries(), Latencies: v.Latencies(), Samples: v.Samples(),
	}
	for _, s := range registry.Sections() {
		if s.Benchmark != "" {
			x.Benchmarks[s.Experiment] = s.Benchmark
		}
	}
	x.Samples = append(x.Samples, percentilesOfTrials(v)...)
	return x
}

// percentilesOfTrials gives samples of the percentiles of each trial's histograms.
func percentilesOfTrials(v *view.View) []*stat.Sample {
	var list []*stat.Sample
	at := map[stat.Key]*stat.Sample{}
	for _, r := range v.Retained {
		if r.Outcome != results.OK {
			continue
		}
		for _, h := range r.Histograms {
			found, err := estimate.HistogramPercentiles(h)
			if err != nil {
				continue // the warnings have it
			}
			for _, p := range found {
				k := stat.Key{Cell: r.Cell, Metric: p.Name() + "_" + h.Name}
				s := at[k]
				if s == nil {
					s = &stat.Sample{Key: k, Unit: h.Unit}
					at[k] = s
					list = append(list, s)
				}
				s.Trials = append(s.Trials, stat.Values{Seq: r.Seq, Values: []float64{p.Value}})
			}
		}
	}
	return list
}
