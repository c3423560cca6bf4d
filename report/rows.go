package report

import (
	"fmt"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/results"
)

// measure says which samples a row of the table rests on.
type measure struct {
	experiment results.Experiment
	metric     string
	rungs      []results.Rung
	unit       string
	// higher says that a higher figure is better.
	higher bool
}

// measuredRow fills a row from samples. Its Measure holds the conditions, for
// the caller to put its own words before.
func (b *builder) measuredRow(p property, m measure) TableRow {
	row := TableRow{Property: p.name, Claim: p.claim, Unit: m.unit, Notes: p.notes}
	conditions, ok := b.tableConditions(m.experiment, m.rungs...)
	if !ok {
		return b.unplannedRow(row, p)
	}
	v := variant{b.plan.Table.Workload, b.plan.Table.Language, conditions}
	row.Measure = " (" + conditions.String() + ")"
	row.Containers = b.side(Containers, b.containerSystems(), p.containers, m, v)
	row.Wasm = b.side(Wasm, b.plan.Table.Wasm, p.wasm, m, v)
	row.Ratios = b.ratios(row, m, v)
	row.Verdict = conclude(p, row)
	return row
}

// unplannedRow is for a row that the run holds nothing about.
func (b *builder) unplannedRow(row TableRow, p property) TableRow {
	row.Measure = ""
	row.Verdict = VerdictResult{Verdict: stat.Undecided, Containers: stat.Undecided, Wasm: stat.Undecided,
		Reason: "this run has no such trial for the table's workload and language"}
	if p.containers == nil && p.wasm == nil {
		row.Verdict.Verdict, row.Verdict.Containers, row.Verdict.Wasm = stat.NoClaim, stat.NoClaim, stat.NoClaim
	}
	return row
}

// side fills in one side of a row: the cells that stand for it, each with its
// verdict, and the range over all its systems.
func (b *builder) side(side Side, stand []results.System, bound *stat.Bound, m measure, v variant) SideResult {
	var r SideResult
	for _, s := range stand {
		system := b.system(s)
		p := b.place(m.experiment, system, v, m.rungs)
		c := CellResult{System: system, Cell: p.cell, Entry: b.entry(p, m.metric), Verdict: stat.NoClaim}
		if system.Unavailable != "" && c.Entry.State != Measured && c.Entry.State != Failed {
			c.Entry.State, c.Entry.Why = Unavailable, system.Unavailable
		}
		if bound != nil {
			c.Verdict = unjudged(c.Entry.State)
			if c.Entry.State == Measured {
				c.Verdict, c.Because = bound.Judge(c.Entry.Estimate)
				if t := b.tallies[p]; c.Verdict == stat.Holds && t.failed*2 >= t.ok {
					c.Verdict, c.Because = stat.Undecided, "too many of its trials failed, and those are the slow ones"
				}
			}
		}
		r.Cells = append(r.Cells, c)
	}
	for _, system := range b.model.Systems {
		if system.Side != side {
			continue
		}
		p := b.place(m.experiment, system, v, m.rungs)
		if s, ok := b.summary[p.key(m.metric)]; ok {
			r.extend(system, s.Median.Value, false, m.higher)
		}
	}
	return r
}

// unjudged is the verdict on a cell without a figure. One that could not be
// tried, or was not asked for, has no say; one that failed leaves it open.
func unjudged(s State) stat.Verdict {
	if s == Unavailable || s == Unplanned {
		return stat.Unmeasured
	}
	return stat.Undecided
}

// extend widens the range to a further system.
func (r *SideResult) extend(s System, value float64, bound, higher bool) {
	better := func(a, b float64) bool { return a < b != higher && a != b }
	if r.Range == nil {
		r.Range = &SystemRange{Best: s, Worst: s, BestValue: value, WorstValue: value, BestBound: bound, WorstBound: bound}
	}
	g := r.Range
	g.Systems++
	if better(value, g.BestValue) {
		g.Best, g.BestValue, g.BestBound = s, value, bound
	}
	if better(g.WorstValue, value) {
		g.Worst, g.WorstValue, g.WorstBound = s, value, bound
	}
}

// ratios relates each container that stands for its side to each module that
// does, and each of both to the reference where that is neither.
func (b *builder) ratios(row TableRow, m measure, v variant) []NamedRatio {
	var list []NamedRatio
	add := func(over, under System) {
		a := b.sample(b.place(m.experiment, over, v, m.rungs).key(m.metric))
		reference := b.sample(b.place(m.experiment, under, v, m.rungs).key(m.metric))
		if a == nil || reference == nil {
			return
		}
		if ratio, err := stat.Ratio(a, reference); err == nil {
			list = append(list, NamedRatio{System: over, Reference: under, Ratio: ratio})
		}
	}
	for _, c := range row.Containers.Cells {
		for _, w := range row.Wasm.Cells {
			add(c.System, w.System)
		}
	}
	reference := b.reference()
	both := slices.Concat(row.Containers.Cells, row.Wasm.Cells)
	if reference.Runner != "" && !slices.ContainsFunc(both, func(c CellResult) bool { return c.System.Name == reference.Name }) {
		for _, c := range both {
			add(c.System, reference)
		}
	}
	return list
}

// conclude makes the verdict of a row from those of its cells. A claim about a
// side holds where it holds for every cell that stands for the side and could
// be measured, and does not where it fails for one of them.
func conclude(p property, row TableRow) VerdictResult {
	v := VerdictResult{
		Containers: sideVerdict(row.Containers.Cells, p.containers),
		Wasm:       sideVerdict(row.Wasm.Cells, p.wasm),
	}
	for _, c := range slices.Concat(row.Containers.Cells, row.Wasm.Cells) {
		if c.Entry.State == Measured {
			v.RestsOn = append(v.RestsOn, c.Cell.String())
		}
	}
	v.Verdict = combine(v.Containers, v.Wasm)
	if v.Verdict == stat.NoClaim {
		v.Reason = "the table makes no claim; the figures are given for the comparison"
		return v
	}
	v.Reason = reason(Containers, row.Containers.Cells, p.claim.ContainersBound) + "; " +
		reason(Wasm, row.Wasm.Cells, p.claim.WasmBound)
	return v
}

func sideVerdict(cells []CellResult, bound *stat.Bound) stat.Verdict {
	if bound == nil {
		return stat.NoClaim
	}
	v := stat.Unmeasured
	for _, c := range cells {
		switch {
		case c.Verdict == stat.Unmeasured:
		case c.Verdict == stat.Fails:
			return stat.Fails
		case v == stat.Unmeasured:
			v = c.Verdict
		case c.Verdict != v:
			v = stat.Undecided
		}
	}
	if v == stat.Unmeasured {
		return stat.Undecided
	}
	return v
}

// combine gives the verdict on a claim about both sides.
func combine(a, b stat.Verdict) stat.Verdict {
	switch {
	case a == stat.NoClaim && b == stat.NoClaim:
		return stat.NoClaim
	case a == stat.Fails || b == stat.Fails:
		return stat.Fails
	case a == stat.Holds && b == stat.Holds:
		return stat.Holds
	}
	return stat.Undecided
}

// reason names, for one side, the cells by their verdicts, e.g.
// "containers ≥ 100 ms holds for docker/runc".
func reason(side Side, cells []CellResult, bound string) string {
	if len(cells) == 0 {
		return fmt.Sprintf("%s %s is undecided, as no cell stands for it", side, bound)
	}
	by := map[stat.Verdict][]string{}
	for _, c := range cells {
		name := c.System.Name
		if c.Verdict == stat.Undecided || c.Verdict == stat.Unmeasured {
			why := c.Because
			if c.Entry.State != Measured {
				why = c.Entry.State.Word()
			}
			name += " (" + why + ")"
		}
		by[c.Verdict] = append(by[c.Verdict], name)
	}
	var parts []string
	for _, v := range []stat.Verdict{stat.Holds, stat.Fails, stat.Undecided, stat.Unmeasured} {
		if len(by[v]) == 0 {
			continue
		}
		word := string(v)
		switch v {
		case stat.Undecided:
			word = "is undecided"
		case stat.Unmeasured:
			word = "was not measured"
		}
		parts = append(parts, word+" for "+strings.Join(by[v], ", "))
	}
	return fmt.Sprintf("%s %s %s", side, bound, strings.Join(parts, " and "))
}

// densityRowOfTable judges counts that may be lower bounds and have no
// interval.
func (b *builder) densityRowOfTable() TableRow {
	p := densityClaim()
	row := TableRow{Property: p.name, Claim: p.claim, Unit: results.Count, Notes: p.notes}
	conditions, ok := b.tableConditions(results.Density, anyRung()...)
	if !ok {
		return b.unplannedRow(row, p)
	}
	v := variant{b.plan.Table.Workload, b.plan.Table.Language, conditions}
	row.Measure = "instances alive at once that have answered; ≥ marks a run that ended at its budget (" + conditions.String() + ")"
	row.Containers = b.densitySide(Containers, b.containerSystems(), p.containers, v)
	row.Wasm = b.densitySide(Wasm, b.plan.Table.Wasm, p.wasm, v)
	row.Verdict = conclude(p, row)
	return row
}

func (b *builder) densitySide(side Side, stand []results.System, bound *stat.Bound, v variant) SideResult {
	var r SideResult
	for _, s := range stand {
		system := b.system(s)
		p := b.place(results.Density, system, v, anyRung())
		d := b.densityRow(p, system)
		c := CellResult{System: system, Cell: p.cell, Verdict: unjudged(d.State), Entry: Entry{State: d.State, Why: d.Why}}
		if d.State == Measured {
			c.Verdict, c.Because = bound.JudgeDensity(d.Density)
			c.LowerBound = d.Density.LowerBound
			c.Entry.Estimate = stat.Estimate{Value: d.Density.Greatest, Unit: results.Count,
				Trials: len(d.Density.Trials), Values: len(d.Density.Trials), Warnings: d.Density.Warnings}
		}
		r.Cells = append(r.Cells, c)
	}
	for _, system := range b.model.Systems {
		if d := b.densityOf(b.place(results.Density, system, v, anyRung())); d != nil && system.Side == side {
			r.extend(system, d.Greatest, d.LowerBound, true)
		}
	}
	return r
}
