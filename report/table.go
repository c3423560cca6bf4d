package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/results"
)

// table compares the cells that the plan fixed for each side.
func (b *builder) table() Table {
	t := Table{Workload: b.plan.Table.Workload, Language: b.plan.Table.Language, Reference: b.referenceName()}
	t.Notes = b.tableNotes()
	t.Rows = []TableRow{
		b.coldStartRow(),
		b.imageSizeRow(),
		unmeasuredRow(isolationClaim()),
		unmeasuredRow(portabilityClaim()),
		b.densityRowOfTable(),
		b.memoryRow(),
		b.throughputRow(),
	}
	return t
}

func (b *builder) referenceName() string {
	if r := b.reference(); r.Runner != "" {
		return r.Name
	}
	return ""
}

// reference is the plan's. Where that is a container that was to stand for its
// side and isn't there, what stands in for it is also the reference.
func (b *builder) reference() System {
	want := b.plan.Table.Reference
	if b.fallsBack() && slices.Contains(b.plan.Table.Containers, want) && len(b.plan.Table.Fallback) > 0 {
		want = b.plan.Table.Fallback[0]
	}
	if want.Runner == "" {
		return System{}
	}
	return b.system(want)
}

// containerSystems stand for containers: the plan's, or its fallback.
func (b *builder) containerSystems() []results.System {
	if b.fallsBack() {
		return b.plan.Table.Fallback
	}
	return b.plan.Table.Containers
}

// fallsBack says that none of the systems that were to stand for containers
// could be tried here. One that was tried and failed does not fall back.
func (b *builder) fallsBack() bool {
	if len(b.plan.Table.Fallback) == 0 {
		return false
	}
	return !slices.ContainsFunc(b.plan.Table.Containers, b.available)
}

func (b *builder) available(s results.System) bool {
	if state, known := b.states[s]; !known || state.Unavailable != "" {
		return false
	}
	only := false // has it nothing but trials that could not be tried?
	for p, t := range b.tallies {
		if p.cell.Runner != s.Runner || p.cell.Mode != s.Mode {
			continue
		}
		if t.ok+t.failed > 0 {
			return true
		}
		only = only || t.unavailable > 0
	}
	return !only
}

func (b *builder) tableNotes() []string {
	names := func(list []results.System) string {
		var all []string
		for _, s := range list {
			all = append(all, s.String())
		}
		return cmp.Or(strings.Join(all, ", "), "nothing")
	}
	notes := []string{fmt.Sprintf("the cells were fixed before the run: %s for containers, %s for WASM",
		names(b.plan.Table.Containers), names(b.plan.Table.Wasm))}
	if b.fallsBack() {
		notes = append(notes, fmt.Sprintf("%s was not available or not asked for; %s stands for containers instead",
			names(b.plan.Table.Containers), names(b.plan.Table.Fallback)))
	}
	return append(notes,
		"figures are medians of trials with their 95 % interval; a verdict needs the interval on one side of the bound",
		"the range is over all systems and modes of a side that were measured, best to worst")
}

func unmeasuredRow(p property) TableRow {
	return TableRow{
		Property: p.name, Claim: p.claim,
		Verdict: VerdictResult{
			Verdict: stat.Unmeasured, Containers: stat.Unmeasured, Wasm: stat.Unmeasured,
			Reason: "this run holds no experiment on it",
		},
	}
}

// tableConditions are those of the table's cells in an experiment: with the
// page cache warm and as few workers as there are, among those that the plan
// or the records have for the table's workload on one of the rungs.
func (b *builder) tableConditions(e results.Experiment, rungs ...results.Rung) (stat.Conditions, bool) {
	var all []stat.Conditions
	for _, p := range b.places {
		right := p.experiment == e && p.cell.Workload == b.plan.Table.Workload && p.cell.Language == b.plan.Table.Language
		if right && slices.Contains(rungs, p.cell.Rung) && !slices.Contains(all, p.conditions) {
			all = append(all, p.conditions)
		}
	}
	if len(all) == 0 {
		return "", false
	}
	cold := func(c stat.Conditions) int {
		if v := c.Get(results.PageCache); v != "" && v != "warm" {
			return 1
		}
		return 0
	}
	return slices.MinFunc(all, func(x, y stat.Conditions) int {
		return cmp.Or(
			cmp.Compare(cold(x), cold(y)),
			cmp.Compare(load{conditions: x}.workers(), load{conditions: y}.workers()),
			cmp.Compare(x, y),
		)
	}), true
}

// measuredAs puts the words for what was measured before the conditions, if
// anything was to be.
func (r TableRow) measuredAs(words string) TableRow {
	if r.Measure != "" {
		r.Measure = words + r.Measure
	}
	return r
}

func (b *builder) coldStartRow() TableRow {
	r := b.measuredRow(coldStartClaim(), measure{
		experiment: results.ColdStart, metric: results.FirstResponse, rungs: []results.Rung{tableRung}, unit: results.Seconds,
	})
	return r.measuredAs("time to the first verified response on the rung " + string(tableRung) + ", " + rungMeaning(tableRung))
}

func (b *builder) imageSizeRow() TableRow {
	r := b.measuredRow(imageSizeClaim(), measure{
		experiment: results.Size, metric: results.ArtefactSize, rungs: anyRung(), unit: results.Bytes,
	})
	r.Notes = append(r.Notes, b.largerImages()...)
	return r.measuredAs("size of what is shipped to a node, uncompressed: the module, the binary or the image's archive")
}

// manyInstances is how many live instances make the fall of MemAvailable,
// which moves by megabytes by itself, a fair measure of one of them.
const manyInstances = 100

// memoryRow takes the fall of MemAvailable where all cells of the table had
// enough instances for it, and otherwise the sum of PSS.
func (b *builder) memoryRow() TableRow {
	m := measure{experiment: results.Memory, rungs: anyRung(), unit: results.Bytes,
		metric: stat.PerInstance(results.AvailableDrop)}
	p := memoryClaim()
	measured := "fall of MemAvailable for each further live instance"
	if !b.hadMany() {
		m.metric = stat.PerInstance(results.ProportionalSetSize)
		p.notes = []string{"PSS holds no memory of the kernel's: what namespaces, mounts and control groups of a container cost is not in it"}
		measured = fmt.Sprintf("growth of PSS for each further live instance (a cell of the table had fewer than %d instances, too few for MemAvailable)", manyInstances)
	}
	return b.measuredRow(p, m).measuredAs(measured)
}

func (b *builder) hadMany() bool {
	conditions, ok := b.tableConditions(results.Memory, anyRung()...)
	if !ok {
		return false
	}
	v := variant{b.plan.Table.Workload, b.plan.Table.Language, conditions}
	for _, s := range slices.Concat(b.containerSystems(), b.plan.Table.Wasm) {
		p := b.place(results.Memory, b.system(s), v, anyRung())
		live := b.samples.Get(p.key(results.Instances))
		if live == nil {
			continue
		}
		if pooled := live.Pooled(); pooled[len(pooled)-1] < manyInstances {
			return false
		}
	}
	return true
}

func (b *builder) throughputRow() TableRow {
	r := b.measuredRow(throughputClaim(), measure{
		experiment: results.Throughput, metric: results.RequestRate, rungs: []results.Rung{results.Hot},
		unit: results.RequestsPerSecond, higher: true,
	})
	return r.measuredAs("verified responses a second, in a closed loop, one instance for each worker, reused")
}
