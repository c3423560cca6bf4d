package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"edgebench/bench/stat"
	"edgebench/results"
)

// load is the way in which requests meet instances, and the conditions.
type load struct {
	// fresh says that each request gets an instance of its own. It is made on
	// the hottest rung below hot that a system was measured on.
	fresh      bool
	conditions stat.Conditions
}

func loadOf(p place) load { return load{p.cell.Rung != results.Hot, p.conditions} }

func (l load) rungs() []results.Rung {
	if l.fresh {
		return anyRung()[1:]
	}
	return []results.Rung{results.Hot}
}

// label gives "reused ×2": what serves, and the number of workers.
func (l load) label() string {
	s := "reused"
	if l.fresh {
		s = "fresh"
	}
	if n := l.conditions.Get(results.Concurrency); n != "" {
		s += " ×" + n
	}
	return s
}

func (l load) meaning() string {
	if l.fresh {
		return "a fresh instance for each request (pooled where a system has that rung, else cold)"
	}
	return "one instance for each worker, reused"
}

// workers is 0 where the condition is no number.
func (l load) workers() int {
	n, err := strconv.Atoi(l.conditions.Get(results.Concurrency))
	if err != nil {
		return 0
	}
	return n
}

func compareLoads(x, y load) int {
	order := func(l load) int {
		if l.fresh {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(order(x), order(y)),
		cmp.Compare(x.workers(), y.workers()),
		cmp.Compare(x.conditions, y.conditions),
	)
}

// maxLoads bounds the columns of a grid.
const maxLoads = 12

// loads lists those of a variant.
func (b *builder) loads(v variant) []load {
	var list []load
	for _, p := range b.places {
		same := variant{p.cell.Workload, p.cell.Language, without(p.conditions, results.Concurrency)} == v
		if p.experiment == results.Throughput && same && len(list) < maxLoads && !slices.Contains(list, loadOf(p)) {
			list = append(list, loadOf(p))
		}
	}
	slices.SortFunc(list, compareLoads)
	return list
}

// throughput shows requests a second, and latency percentiles.
func (b *builder) throughput() (rates, latencies []Grid) {
	for _, v := range b.variants(results.Throughput, results.Concurrency) {
		loads := b.loads(v)
		spec := v.spec("throughput", "Throughput (requests a second)", results.Throughput)
		spec.ratios = true
		for _, l := range loads {
			spec.slots = append(spec.slots, slot{
				Column: Column{Label: l.label(), Unit: results.RequestsPerSecond,
					Explanation: "verified responses a second in a closed loop, " + l.meaning()},
				rungs: l.rungs(), conditions: l.conditions, metric: results.RequestRate,
			})
		}
		rates = append(rates, b.fill(spec))
		if g := b.latencyGrid(v, loads); g.Measured() {
			latencies = append(latencies, g)
		}
	}
	return rates, latencies
}

// latencyQuantiles are those that have a column.
func latencyQuantiles() []float64 { return []float64{0.5, 0.99, 0.999} }

// latencyGrid has a column for each load and percentile.
func (b *builder) latencyGrid(v variant, loads []load) Grid {
	g := Grid{
		ID: b.anchor(v.id("latency")), Title: v.title("Latency"),
		Workload: v.workload, Language: v.language, Conditions: v.conditions.String(),
		Notes: []string{"closed loop: a worker sends its next request when it has its response, so that slow responses hold requests back; brackets are the range over trials"},
	}
	for _, l := range loads {
		for _, q := range latencyQuantiles() {
			g.Columns = append(g.Columns, Column{
				Label: l.label() + " " + stat.Percentile{Q: q}.Name(), Unit: results.Seconds,
				Explanation: "latency of a request, " + l.meaning(),
			})
		}
	}
	for _, s := range b.model.Systems {
		row := Row{System: s}
		measured := false
		for _, l := range loads {
			p := b.place(results.Throughput, s, variant{v.workload, v.language, l.conditions}, l.rungs())
			for _, q := range latencyQuantiles() {
				e := b.latencyEntry(p, q)
				measured = measured || e.State == Measured
				row.Entries = append(row.Entries, e)
			}
		}
		if measured && len(g.Rows) < maxRows {
			g.Rows = append(g.Rows, row)
		}
	}
	return g
}

func (b *builder) latencyEntry(p place, q float64) Entry {
	i, ok := b.latencyAt[p.key(results.Latency)]
	if !ok {
		return b.entry(p, results.Latency)
	}
	l := b.latencies[i]
	for _, x := range l.Percentiles {
		if x.Q == q {
			return Entry{State: Measured, Why: b.besides(p), Estimate: stat.Estimate{
				Value: x.Value, Unit: l.Unit, Trials: l.Trials, Values: int(l.Count),
				Interval: &stat.Interval{Low: x.Least, High: x.Greatest, Method: stat.TrialRange},
			}}
		}
	}
	return Entry{State: Absent, Why: fmt.Sprintf("%d requests do not support it", l.Count)}
}
