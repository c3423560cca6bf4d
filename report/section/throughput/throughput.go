// Package throughput shows the experiment on throughput: requests a second, and
// latency, by where instances come from and how many workers there are.
package throughput

import (
	"cmp"
	"slices"

	"edgebench/bench/experiment/registry"
	"edgebench/bench/experiment/throughput"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
)

// Section of the report.
func Section() section.Section {
	return section.Section{
		Experiment: throughput.Name, Benchmark: "Throughput",
		Params:     of,
		Compared:   []string{throughput.RequestRate},
		Quantities: quantities, Build: build, Rows: rows, RowOrder: 70,
	}
}

// load is how requests are distributed over instances: the experiment's parameters.
type load results.Params

func (l load) params() results.Params { return results.Params(l) }

func (l load) fresh() bool { return l.params().Get(throughput.InstanceParam) == throughput.Fresh }

func (l load) workers() int { return l.params().Int(results.ConcurrencyParam) }

func (l load) placement() string { return l.params().Get(results.PlacementParam) }

// label gives "reused ×2": what serves, and the number of workers. A reused instance
// that is held on a core is named by its placement.
func (l load) label() string {
	s := cmp.Or(l.placement(), throughput.Reused)
	if l.fresh() {
		s = throughput.Fresh
	}
	if n := l.params().Get(results.ConcurrencyParam); n != "" {
		s += " ×" + n
	}
	return s
}

func (l load) meaning() string {
	if l.fresh() {
		return "a fresh instance for each request (pooled where a system has that rung, else cold)"
	}
	switch l.placement() {
	case results.PlacementSameCore:
		return "one instance, reused; harness and instance are held on one core"
	case results.PlacementOtherCore:
		return "one instance, reused; harness and instance are held on two cores"
	}
	return "one instance for each worker, reused"
}

func compareLoads(x, y load) int {
	order := func(l load) int {
		if l.fresh() {
			return 1
		}
		return 0
	}
	placements := []string{"", results.PlacementSameCore, results.PlacementOtherCore}
	return cmp.Or(
		cmp.Compare(order(x), order(y)), cmp.Compare(x.workers(), y.workers()),
		cmp.Compare(slices.Index(placements, x.placement()), slices.Index(placements, y.placement())), cmp.Compare(x, y),
	)
}

// maxLoads bounds the columns of a grid.
const maxLoads = 12

// of are the parameters that tell loads apart.
var of = []string{throughput.InstanceParam, results.ConcurrencyParam, results.PlacementParam}

// loads lists those of a variant.
func loads(v *view.View, x section.Variant) []load {
	var list []load
	for _, c := range v.Cells() {
		same := c.Artefact == x.Artefact && view.Without(c.Params, of...) == x.Params
		if c.Experiment == throughput.Name && same && len(list) < maxLoads && !slices.Contains(list, load(c.Params)) {
			list = append(list, load(c.Params))
		}
	}
	slices.SortFunc(list, compareLoads)
	return list
}

const explanation = "verified responses a second in a closed loop, "

func build(v *view.View) []model.Section {
	var rates, latencies []model.Element
	for _, x := range section.Variants(v, throughput.Name, of...) {
		all := loads(v, x)
		g := section.NewGrid(throughput.Name, x, "throughput", "Throughput (requests a second)")
		g.Ratios = true
		g.Picture = &model.Caption{
			Shows:   "verified responses a second in a closed loop, by instances reused or fresh for each request, × workers",
			Reading: "Each dot is the median rate of a system's trials. Further right is more requests a second.",
		}
		for _, l := range all {
			g.Slots = append(g.Slots, section.Slot{
				Column: model.Column{Label: l.label(), Unit: results.RequestsPerSecond, Explanation: explanation + l.meaning()},
				Params: l.params(), Metric: throughput.RequestRate,
			})
		}
		rates = append(rates, section.Grids(g.Fill(v))...)
		if g := latency(v, x, all); g.Measured() {
			latencies = append(latencies, model.Element{Grid: g})
		}
	}
	return []model.Section{{ID: "throughput", Title: "Throughput", Intro: "Requests a second in a closed loop.",
		Elements: append(rates, latencies...)}}
}

func quantities(c results.Cell) []section.Quantity {
	l := load(c.Params)
	return []section.Quantity{{Metric: throughput.RequestRate, What: l.label(), Explanation: explanation + l.meaning()}}
}

func rows(v *view.View) []model.TableRow {
	metric, _ := registry.Metric(throughput.RequestRate)
	return []model.TableRow{section.Property{Name: "throughput"}.Row(v, section.Measure{
		Experiment: throughput.Name, Metric: metric,
		Words: "verified responses a second, in a closed loop, one instance for each worker, reused",
		Fixed: results.Params("").With(throughput.InstanceParam, throughput.Reused),
	})}
}
