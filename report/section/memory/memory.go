// Package memory shows the experiment on memory: what each further live instance
// costs, by several measures.
package memory

import (
	"fmt"
	"slices"

	"edgebench/bench/experiment/instances"
	"edgebench/bench/experiment/memory"
	"edgebench/bench/experiment/registry"
	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
)

// Section of the report.
func Section() section.Section {
	return section.Section{
		Experiment: memory.Name, Benchmark: "Memory", Derive: derive,
		Compared:   []string{estimate.PerInstance(instances.PSS)},
		Quantities: quantities, Build: build, Row: row, RowOrder: 60,
	}
}

// derive gives what each further instance costs, and the fixed cost: the records
// hold values by step.
func derive(_ []stat.Trial, samples *stat.Samples) (all []*stat.Sample, rejected []stat.Rejection) {
	for _, live := range samples.All() {
		if live.Experiment != memory.Name || live.Metric != instances.Live {
			continue
		}
		for _, metric := range estimate.MemoryMetrics() {
			s := samples.Get(stat.Key{Cell: live.Cell, Metric: metric})
			if s == nil {
				continue
			}
			slope, fixed, left := estimate.Slopes(live, s)
			rejected = append(rejected, left...)
			if slope != nil {
				all = append(all, slope, fixed)
			}
		}
	}
	return all, rejected
}

func build(v *view.View) []model.Section {
	explain := map[string][2]string{
		instances.AvailableDrop: {"MemAvailable", "fall of the node's available memory for each further live instance"},
		instances.PSS:           {"PSS", "growth of the sum of proportional set sizes (agent, workloads, shims, the daemon's growth)"},
		instances.PageTables:    {"page tables", "growth of the page tables of the same processes"},
		instances.CgroupCharge:  {"control group", "growth of what the instances' control groups are charged"},
	}
	s := model.Section{ID: "memory", Title: "Memory",
		Intro: "What each further live instance costs the node, as the slope over many of them, with the fixed cost apart."}
	for _, x := range section.Variants(v, memory.Name) {
		g := section.NewGrid(memory.Name, x, "memory", "Memory for each live instance")
		g.Picture = &model.Caption{
			Shows:   "what each further live instance costs, as the slope over the number of instances",
			Reading: "Each dot is the median slope of a system's trials by one measure. Further left is less memory; the last panel is what is paid before the first instance.",
		}
		for _, m := range estimate.MemoryMetrics() {
			g.Slots = append(g.Slots, section.Slot{
				Column: model.Column{Label: explain[m][0], Unit: results.Bytes,
					Explanation: explain[m][1] + " (Theil–Sen slope over the steps of a trial)"},
				Params: x.Params, Metric: estimate.PerInstance(m),
			})
		}
		g.Slots = append(g.Slots, section.Slot{
			Column: model.Column{Label: "fixed PSS", Unit: results.Bytes,
				Explanation: "proportional set size before the first instance (intercept of the slope)"},
			Params: x.Params, Metric: estimate.Fixed(instances.PSS),
		})
		s.Elements = append(s.Elements, section.Grids(g.Fill(v))...)
	}
	return []model.Section{s}
}

func quantities(results.Cell) []section.Quantity {
	return []section.Quantity{{Metric: estimate.PerInstance(instances.PSS), What: "PSS an instance",
		Explanation: "growth of the sum of proportional set sizes for each further live instance"}}
}

// manyInstances is how many live instances make the fall of MemAvailable,
// which moves by megabytes by itself, a fair measure of one of them.
const manyInstances = 100

// row takes the fall of MemAvailable where all cells of the table had enough
// instances for it, and otherwise the sum of PSS.
func row(v *view.View) model.TableRow {
	p := section.Property{Name: "memory per instance"}
	name, words := instances.AvailableDrop, "fall of MemAvailable for each further live instance"
	if !hadMany(v) {
		name = instances.PSS
		words = fmt.Sprintf("growth of PSS for each further live instance (a cell of the table had fewer than %d instances, too few for MemAvailable)", manyInstances)
		p.Notes = []string{"PSS holds no memory of the kernel's: what namespaces, mounts and control groups of a container cost is not in it"}
	}
	metric, _ := registry.Metric(name)
	metric.Name = estimate.PerInstance(name)
	return p.Row(v, section.Measure{Experiment: memory.Name, Metric: metric, Words: words})
}

func hadMany(v *view.View) bool {
	params, ok := v.TableParams(memory.Name, "")
	if !ok {
		return false
	}
	x := section.Variant{Artefact: v.Plan.Table.Artefact, Params: params}
	for _, s := range slices.Concat(v.Containers(), v.Wasm()) {
		c := x.Cell(memory.Name, v.System(s), params)
		live := v.Grouped().Get(stat.Key{Cell: c, Metric: instances.Live})
		if live == nil {
			continue
		}
		if pooled := live.Pooled(); pooled[len(pooled)-1] < manyInstances {
			return false
		}
	}
	return true
}
