package section

import (
	"maps"
	"slices"

	"edgebench/bench/experiment"
	"edgebench/bench/stat"
	"edgebench/bench/stat/compare"
	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
)

// Property is a row of the table before anything is filled in. The claims are those
// that this suite checks. If a claim is in words, the bound that it is judged by is
// printed beside it.
type Property struct {
	Name  string
	Claim model.Claim
	// Containers and Wasm are the bounds by which each side is judged, nil for
	// none.
	Containers, Wasm *compare.Bound
	Notes            []string
}

// Measure says which samples a row of the table rests on.
type Measure struct {
	Experiment results.Experiment
	// Metric with its name as that of the samples.
	Metric experiment.Metric
	// Words for what was measured.
	Words string
	// Fixed parameters are named in Words; the others are chosen by
	// view.TableParams.
	Fixed results.Params
	// Figure gives what a cell shows; nil for the median of the metric.
	Figure func(*view.View, results.Cell) Figure
}

// Figure is what a cell shows, and how it is judged.
type Figure struct {
	Entry      model.Entry
	LowerBound bool
	// Judge gives the verdict on a measured figure, with the reason.
	Judge func(compare.Bound) (compare.Verdict, string)
}

// Row fills a row of the table.
func (p Property) Row(v *view.View, m Measure) model.TableRow {
	row := model.TableRow{Property: p.Name, Claim: p.Claim, Unit: m.Metric.Unit, Notes: p.Notes}
	params, ok := v.TableParams(m.Experiment, m.Fixed)
	if !ok {
		return p.unplanned(row)
	}
	row.Measure = m.Words
	if others := view.Without(params, slices.Collect(maps.Keys(m.Fixed.Map()))...); others != "" {
		row.Measure += " (" + others.String() + ")"
	}
	f := filler{v, m, Variant{v.Plan.Table.Artefact, params}}
	row.Containers = f.side(model.Containers, v.Containers(), p.Containers)
	row.Wasm = f.side(model.Wasm, v.Wasm(), p.Wasm)
	row.Ratios = f.ratios(row)
	row.Verdict = p.conclude(row)
	return row
}

// unplanned fills a row that has no trials in the run.
func (p Property) unplanned(row model.TableRow) model.TableRow {
	row.Verdict = model.VerdictResult{Verdict: compare.Undecided, Containers: compare.Undecided, Wasm: compare.Undecided,
		Reason: "this run has no such trial for the table's workload and build"}
	if p.Containers == nil && p.Wasm == nil {
		row.Verdict.Verdict, row.Verdict.Containers, row.Verdict.Wasm = compare.NoClaim, compare.NoClaim, compare.NoClaim
	}
	return row
}

// Unmeasured is the row of a property that no experiment of the run measures.
func (p Property) Unmeasured(*view.View) model.TableRow {
	return model.TableRow{
		Property: p.Name, Claim: p.Claim,
		Verdict: model.VerdictResult{
			Verdict: compare.Unmeasured, Containers: compare.Unmeasured, Wasm: compare.Unmeasured,
			Reason: "this run holds no experiment on it",
		},
	}
}

// filler fills the sides of one row.
type filler struct {
	*view.View
	Measure
	variant Variant
}

func (f filler) cell(s model.System) results.Cell {
	return f.variant.Cell(f.Experiment, s, f.variant.Params)
}

func (f filler) figure(c results.Cell) Figure {
	if f.Figure != nil {
		return f.Figure(f.View, c)
	}
	e := f.Entry(c, f.Metric.Name)
	return Figure{Entry: e, Judge: func(b compare.Bound) (compare.Verdict, string) {
		verdict, reason := b.Judge(e.Estimate)
		if t, _ := f.Tally(c); verdict == compare.Holds && t.Failed*2 >= t.OK {
			return compare.Undecided, "too many of its trials failed, and those are the slow ones"
		}
		return verdict, reason.String()
	}}
}

// side fills in one side of a row: the cells that stand for it, each with its
// verdict, and the range over all its systems.
func (f filler) side(side model.Side, stand []results.System, bound *compare.Bound) model.SideResult {
	var r model.SideResult
	for _, s := range stand {
		system := f.System(s)
		c := model.CellResult{System: system, Cell: f.cell(system), Verdict: compare.NoClaim}
		x := f.figure(c.Cell)
		c.Entry, c.LowerBound = x.Entry, x.LowerBound
		if system.Unavailable != "" && c.Entry.State != model.Measured && c.Entry.State != model.Failed {
			c.Entry.State, c.Entry.Why = model.Unavailable, system.Unavailable
		}
		if bound != nil {
			c.Verdict = unjudged(c.Entry.State)
			if c.Entry.State == model.Measured {
				c.Verdict, c.Reason = x.Judge(*bound)
			}
		}
		r.Cells = append(r.Cells, c)
	}
	for _, system := range f.Systems {
		if system.Side != side {
			continue
		}
		if x := f.figure(f.cell(system)); x.Entry.State == model.Measured {
			r.Range = extend(r.Range, system, x, f.Metric.Better == experiment.Higher)
		}
	}
	return r
}

// unjudged is the verdict on a cell without a figure. A cell that could not be
// tried, or was not asked for, does not affect the verdict; a cell that failed
// makes it undecided.
func unjudged(s model.State) compare.Verdict {
	if s == model.Unavailable || s == model.Unplanned {
		return compare.Unmeasured
	}
	return compare.Undecided
}

// extend widens a range to a further system.
func extend(g *model.SystemRange, s model.System, x Figure, higher bool) *model.SystemRange {
	value := x.Entry.Estimate.Value
	better := func(a, b float64) bool { return a < b != higher && a != b }
	if g == nil {
		g = &model.SystemRange{Best: s, Worst: s, BestValue: value, WorstValue: value, BestBound: x.LowerBound, WorstBound: x.LowerBound}
	}
	g.Systems++
	if better(value, g.BestValue) {
		g.Best, g.BestValue, g.BestBound = s, value, x.LowerBound
	}
	if better(g.WorstValue, value) {
		g.Worst, g.WorstValue, g.WorstBound = s, value, x.LowerBound
	}
	return g
}

// ratios relates each container that stands for its side to each such module, and
// each of them to the reference if that is neither. Figures with a Figure function
// have no ratios.
func (f filler) ratios(row model.TableRow) []model.NamedRatio {
	if f.Figure != nil {
		return nil
	}
	var list []model.NamedRatio
	add := func(over, under model.System) {
		a := f.Sample(stat.Key{Cell: f.cell(over), Metric: f.Metric.Name})
		if ratio := view.Ratio(a, f.Sample(stat.Key{Cell: f.cell(under), Metric: f.Metric.Name})); ratio != nil {
			list = append(list, model.NamedRatio{System: over, Reference: under, Ratio: *ratio})
		}
	}
	for _, c := range row.Containers.Cells {
		for _, w := range row.Wasm.Cells {
			add(c.System, w.System)
		}
	}
	reference := f.Reference()
	both := slices.Concat(row.Containers.Cells, row.Wasm.Cells)
	if reference.Runner != "" && !slices.ContainsFunc(both, func(c model.CellResult) bool { return c.System.Name == reference.Name }) {
		for _, c := range both {
			add(c.System, reference)
		}
	}
	return list
}
