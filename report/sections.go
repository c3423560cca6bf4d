package report

import (
	"slices"

	"edgebench/bench/stat"
	"edgebench/results"
)

// rungMeaning says in a sentence what exists before the clock starts.
func rungMeaning(r results.Rung) string {
	switch r {
	case results.Deploy:
		return "from an artefact that this node has never seen"
	case results.Boot:
		return "from a prepared artefact, with no runtime running"
	case results.Cold:
		return "from a running runtime and a prepared artefact, nothing of the workload in memory"
	case results.Pooled:
		return "from all that can be made ready without serving anyone"
	case results.Hot:
		return "from a live instance that has served a request"
	}
	return string(r)
}

// ladders shows the time to the first verified response on each rung.
func (b *builder) ladders() []Grid {
	var list []Grid
	for _, v := range b.variants(results.ColdStart) {
		spec := v.spec("ladder", "Cold-start ladder", results.ColdStart)
		spec.ratios = true
		for _, r := range results.Rungs() {
			spec.slots = append(spec.slots, slot{
				Column: Column{Label: string(r), Unit: results.Seconds,
					Explanation: "time to the first verified response " + rungMeaning(r)},
				rungs: []results.Rung{r}, conditions: v.conditions, metric: results.FirstResponse,
			})
		}
		list = append(list, b.fill(spec))
	}
	return list
}

// breakdowns splits the medians of cold starts into their phases.
func (b *builder) breakdowns() []Breakdown {
	var list []Breakdown
	for _, v := range b.variants(results.ColdStart) {
		for _, rung := range results.Rungs() {
			d := Breakdown{
				ID: b.anchor(v.id("phases-" + string(rung))), Title: v.title("Phases of " + string(rung) + " starts"),
				Workload: v.workload, Language: v.language, Rung: rung, Conditions: v.conditions.String(),
			}
			for _, s := range b.model.Systems {
				p := b.place(results.ColdStart, s, v, []results.Rung{rung})
				if row, ok := b.breakdown(p, s); ok && len(d.Rows) < maxRows {
					d.Rows = append(d.Rows, row)
				}
			}
			if len(d.Rows) > 0 {
				list = append(list, d)
			}
		}
	}
	return list
}

// breakdown reports false for a place without phases.
func (b *builder) breakdown(p place, system System) (BreakdownRow, bool) {
	total, ok := b.summary[p.key(results.FirstResponse)]
	if !ok {
		return BreakdownRow{}, false
	}
	row := BreakdownRow{System: system, Total: total.Median}
	sum := 0.0
	for _, name := range b.phaseOrder(p) {
		if s, ok := b.summary[p.key(stat.PhasePrefix+name)]; ok {
			row.Parts = append(row.Parts, Part{Name: name, Value: s.Median.Value})
			sum += s.Median.Value
		}
	}
	row.Rest = max(0, total.Median.Value-sum)
	return row, len(row.Parts) > 0
}

// phaseOrder lists the phases of a place in the order of time, as the records
// give them.
func (b *builder) phaseOrder(p place) []string {
	var names []string
	for _, r := range b.at(p) {
		for _, m := range r.Phases {
			if !slices.Contains(names, m.Name) {
				names = append(names, m.Name)
			}
		}
		if len(names) > 0 {
			break
		}
	}
	return names
}

// memory shows what each further live instance costs, by several measures.
func (b *builder) memory() []Grid {
	explain := map[string][2]string{
		results.AvailableDrop:       {"MemAvailable", "fall of the node's available memory for each further live instance"},
		results.ProportionalSetSize: {"PSS", "growth of the sum of proportional set sizes (agent, workloads, shims, the daemon's growth)"},
		results.PageTables:          {"page tables", "growth of the page tables of the same processes"},
		results.CgroupCharge:        {"control group", "growth of what the instances' control groups are charged"},
	}
	var list []Grid
	for _, v := range b.variants(results.Memory) {
		spec := v.spec("memory", "Memory for each live instance", results.Memory)
		for _, m := range stat.MemoryMetrics() {
			spec.slots = append(spec.slots, slot{
				Column: Column{Label: explain[m][0], Unit: results.Bytes,
					Explanation: explain[m][1] + " (Theil–Sen slope over the steps of a trial)"},
				rungs: anyRung(), conditions: v.conditions, metric: stat.PerInstance(m),
			})
		}
		spec.slots = append(spec.slots, slot{
			Column: Column{Label: "fixed PSS", Unit: results.Bytes,
				Explanation: "proportional set size before the first instance (intercept of the slope)"},
			rungs: anyRung(), conditions: v.conditions, metric: stat.Fixed(results.ProportionalSetSize),
		})
		list = append(list, b.fill(spec))
	}
	return list
}

// density shows how many instances lived at once, and what stopped them.
func (b *builder) density() []DensityGroup {
	var list []DensityGroup
	for _, v := range b.variants(results.Density) {
		g := DensityGroup{
			ID: b.anchor(v.id("density")), Title: v.title("Live instances"),
			Workload: v.workload, Language: v.language, Conditions: v.conditions.String(),
		}
		for _, s := range b.model.Systems {
			p := b.place(results.Density, s, v, anyRung())
			if len(g.Rows) < maxRows && b.tallies[p] != nil && (s.Unavailable == "" || b.tallies[p].ok > 0) {
				g.Rows = append(g.Rows, b.densityRow(p, s))
			}
		}
		if len(g.Rows) > 0 {
			list = append(list, g)
		}
	}
	return list
}

func (b *builder) densityRow(p place, s System) DensityRow {
	if d := b.densityOf(p); d != nil {
		return DensityRow{System: s, State: Measured, Density: *d, Why: b.besides(p)}
	}
	state, why := b.state(p)
	if state == Measured {
		state, why = Failed, "its records do not say how many instances lived"
	}
	return DensityRow{System: s, State: state, Why: why}
}

func (b *builder) densityOf(p place) *stat.Density {
	if i, ok := b.densityAt[p.key(results.Instances)]; ok {
		return &b.densities[i]
	}
	return nil
}
