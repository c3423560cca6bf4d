// Package memory shows the experiment on memory: what each further live instance
// costs, by several measures.
package memory

import (
	"fmt"

	"edgebench/bench/experiment/density"
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
		Quantities: quantities, Build: build, Rows: rows, RowOrder: 60,
	}
}

// derive returns the memory for each additional instance, and the fixed cost. The
// records hold values by step.
func derive(_ []stat.Trial, samples *stat.Samples) (all []*stat.Sample, rejected []stat.Rejection) {
	for _, live := range samples.All() {
		if live.Experiment != memory.Name || live.Metric != instances.Live && live.Metric != memory.Closed {
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
		if s := idle(live, samples); s != nil {
			all = append(all, s)
		}
	}
	return all, rejected
}

func build(v *view.View) []model.Section {
	explain := map[string][2]string{
		instances.AvailableDrop: {"MemAvailable", "drop in the node's available memory for each additional live instance"},
		instances.PSS:           {"PSS", "growth of the sum of proportional set sizes (agent, workloads, shims, the daemon's growth)"},
		instances.PageTables:    {"page tables", "growth of the page tables of the same processes"},
		instances.KernelMemory:  {"kernel", "growth of the node's slabs, kernel stacks, page tables and data of each CPU"},
		instances.CgroupCharge:  {"control group", "growth of the memory that is charged to the instances' control groups"},
	}
	s := model.Section{ID: "memory", Title: "Memory",
		Intro: "Memory that each additional live instance costs the node (the slope over many instances), and the fixed cost."}
	for _, x := range section.Variants(v, memory.Name) {
		g := section.NewGrid(memory.Name, x, "memory", "Memory for each live instance")
		churned := x.Params.Get(memory.StateParam) == memory.Churned
		if churned {
			g.Name(x, "Growth for each closed instance")
		}
		g.Picture = &model.Caption{
			Shows:   "memory for each additional live instance (slope over the number of instances)",
			Reading: "Each dot is the median slope of a system's trials by one measure. Further left is less memory. The last panel shows the fixed cost before the first instance.",
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
		if x.Params.Get(memory.StateParam) == memory.Idle {
			g.Slots = append(g.Slots, section.Slot{
				Column: model.Column{Label: "idle CPU", Unit: results.Seconds,
					Explanation: "processor time of an idle instance in a minute: that of agent, instances, shims and daemons, divided by the instances"},
				Params: x.Params, Metric: idlePerInstance,
			})
		}
		grid := g.Fill(v)
		grid.Notes = append(grid.Notes, differences(v, x)...)
		grid.Notes = append(grid.Notes, headRoom(v, grid)...)
		if churned {
			grid.Notes = append(grid.Notes, leaks(v, x)...)
		}
		s.Elements = append(s.Elements, section.Grids(grid)...)
	}
	return []model.Section{s}
}

func quantities(results.Cell) []section.Quantity {
	return []section.Quantity{{Metric: estimate.PerInstance(instances.PSS), What: "PSS an instance",
		Explanation: "growth of the sum of proportional set sizes for each additional live instance"}}
}

// rows use the drop in MemAvailable if all cells of the table had enough instances
// for it, and otherwise the sum of PSS. Where a class has no cell of this experiment,
// the steps of its density trials give the drop.
func rows(v *view.View) []model.TableRow {
	p := section.Property{Name: "memory/instance", Answer: &section.Answer{Verb: "takes", Rest: " of memory for each further live instance"}}
	name, words := instances.AvailableDrop, "drop in MemAvailable for each additional live instance"
	if !hadMany(v) {
		name = instances.PSS
		words = fmt.Sprintf("growth of PSS for each additional live instance (a cell of the table had fewer than %d instances, too few for MemAvailable)", estimate.ManyInstances)
		p.Notes = []string{"PSS excludes kernel memory, so it does not include what a container's namespaces, mounts and control groups cost"}
	}
	metric, _ := registry.Metric(name)
	metric.Name = estimate.PerInstance(name)
	return []model.TableRow{p.Row(v, section.Measure{
		Experiment: memory.Name, Instead: density.Name, Metric: metric, Words: words,
	})}
}

func hadMany(v *view.View) bool {
	for _, class := range v.Classes() {
		planned, _ := v.ClassCells(class, memory.Name, "")
		for _, c := range planned {
			if n := reached(v, c); n > 0 && n < estimate.ManyInstances {
				return false
			}
		}
	}
	return true
}

// most is the greatest value of a sample, 0 without one.
func most(s *stat.Sample) float64 {
	if s == nil {
		return 0
	}
	pooled := s.Pooled()
	return pooled[len(pooled)-1]
}
