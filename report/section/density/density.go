// Package density shows the experiment on density: how many instances lived at
// once, and what stopped them.
package density

import (
	"fmt"

	"edgebench/bench/experiment/density"
	"edgebench/bench/experiment/instances"
	"edgebench/bench/experiment/registry"
	"edgebench/bench/stat"
	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/estimate"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
)

// Section of the report.
func Section() section.Section {
	return section.Section{
		Experiment: density.Name, Benchmark: "Density", Derive: derive,
		Methods: []string{
			"A density trial that ended at its budget gives a lower bound, marked ≥, not a capacity.",
			"Computed numbers of instances were not reached: they are the node's memory divided by what each further instance took of it.",
		},
		Reached: reached, Params: []string{density.MemoryLimitParam}, Build: build, Rows: rows, RowOrder: 50,
	}
}

// derive gives the greatest number of live instances of each trial, since the records
// hold values by step, how many the trial's memory would hold, and what each further
// instance took of it.
func derive(retained []stat.Trial, samples *stat.Samples) (all []*stat.Sample, _ []stat.Rejection) {
	for _, d := range estimate.Densities(retained, samples) {
		all = append(all, d.Sample())
		if computed := d.ComputedSample(); computed != nil {
			all = append(all, computed)
		}
	}
	for _, s := range samples.All() {
		if s.Experiment != density.Name {
			continue
		}
		switch s.Metric {
		case density.PerGiB:
			all = append(all, s)
		case instances.AvailableDrop:
			live := samples.Get(stat.Key{Cell: s.Cell, Metric: instances.Live})
			if slope := estimate.AvailableSlope(live, s); slope != nil {
				all = append(all, slope)
			}
		}
	}
	return all, nil
}

// reached are the numbers of live instances, lower bounds where a trial ended at its
// budget.
func reached(v *view.View) func(stat.Key) (reached, lowerBound bool) {
	all := find(v)
	return func(k stat.Key) (bool, bool) {
		return k.Metric == instances.Live, k.Metric == instances.Live && all[k.Cell].LowerBound
	}
}

// densities are those of all cells.
type densities map[results.Cell]estimate.Density

func find(v *view.View) densities {
	all := densities{}
	for _, d := range estimate.Densities(v.Retained, v.Grouped()) {
		all[d.Cell] = d
	}
	return all
}

// state says how a cell ended, with the reason.
func (all densities) state(v *view.View, c results.Cell) (model.State, string) {
	if _, ok := all[c]; ok {
		return model.Measured, v.Besides(c)
	}
	state, why := v.State(c)
	if state == model.Measured {
		return model.Failed, "its records do not contain the number of live instances"
	}
	return state, why
}

func build(v *view.View) []model.Section {
	all := find(v)
	s := model.Section{ID: "density", Title: "Density",
		Intro: "How many instances were alive at once, each after it had answered a request, and what stopped the trial. Random ones were asked meanwhile. A process at a limit of its own was followed by further ones."}
	for _, x := range section.Variants(v, density.Name) {
		if chart := stairs(v, x, all); chart != nil {
			s.Elements = append(s.Elements, model.Element{Chart: chart})
		}
		if list := list(v, x, all); len(list.Items) > 0 {
			s.Elements = append(s.Elements, model.Element{List: list})
		}
	}
	return []model.Section{s}
}

// thousands is the smallest number that "thousands" can mean.
const thousands = 1000

// rows are those of the node and, where the run limited the memory of any trial, that
// of instances per GiB.
func rows(v *view.View) []model.TableRow {
	list := []model.TableRow{node(v)}
	if limit := leastLimit(v); limit != "" {
		metric, _ := registry.Metric(density.PerGiB)
		p := section.Property{Name: "instances/GiB",
			Answer: &section.Answer{Verb: "fits", Rest: " times into each GiB of memory"}}
		list = append(list, p.Row(v, section.Measure{
			Experiment: density.Name, Metric: metric, Fixed: limit,
			Words: fmt.Sprintf("live instances for each GiB under a limit of %s MiB, in which the agent, shims and proxies count too", limit.Get(density.MemoryLimitParam)),
		}))
	}
	return list
}

// leastLimit is the smallest limit of memory that the run has.
func leastLimit(v *view.View) (least results.Params) {
	for _, c := range v.Cells() {
		limit := results.Params("").With(density.MemoryLimitParam, c.Params.Get(density.MemoryLimitParam))
		if c.Experiment == density.Name && limited(c.Params) && (least == "" || limit.Int(density.MemoryLimitParam) < least.Int(density.MemoryLimitParam)) {
			least = limit
		}
	}
	return least
}

// node judges counts that may be lower bounds and have no interval.
func node(v *view.View) model.TableRow {
	all := find(v)
	metric, _ := registry.Metric(instances.Live)
	containers, wasm := compare.Below(thousands), compare.AtLeast(thousands)
	p := section.Property{
		Name: "density", Notes: notes(v, all),
		Claim: model.Claim{Containers: "moderate", Wasm: "thousands a node",
			ContainersBound: "< 1,000", WasmBound: "≥ 1,000"},
		Containers: &containers, Wasm: &wasm,
	}
	if leastLimit(v) == "" { // else the row per GiB has the better answer
		p.Answer = &section.Answer{Verb: "was alive", Rest: " times at once"}
	}
	return p.Row(v, section.Measure{
		Experiment: density.Name, Metric: metric,
		Words:  "live instances that have answered a request; ≥ marks a trial that ended at its budget",
		Figure: all.figure, Unrelated: true, Unset: density.MemoryLimitParam,
	})
}

func (all densities) figure(v *view.View, c results.Cell) section.Figure {
	var f section.Figure
	f.Entry.State, f.Entry.Why = all.state(v, c)
	d, ok := all[c]
	if !ok {
		return f
	}
	f.Entry.Key = stat.Key{Cell: c, Metric: instances.Live}
	f.Entry.Estimate = estimate.Estimate{Value: d.Maximum, Unit: results.Count,
		Trials: len(d.Trials), Values: len(d.Trials), Warnings: d.Warnings}
	f.LowerBound, f.Reached = d.LowerBound, true
	f.Judge = func(b compare.Bound) (compare.Verdict, string) {
		verdict, reason := b.JudgeDensity(d)
		return verdict, reason.String()
	}
	return f
}
