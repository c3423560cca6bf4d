package section

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

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
	// Answer makes sentences of the lead pair; nil for none.
	Answer *Answer
}

// Measure says which samples a row of the table rests on.
type Measure struct {
	Experiment results.Experiment
	// Instead is an experiment that gives the metric to classes which have no cell of
	// the first; "" for none.
	Instead results.Experiment
	// Metric with its name as that of the samples.
	Metric experiment.Metric
	// Words for what was measured.
	Words string
	// Fixed parameters are named in Words; the others are chosen by
	// view.ClassCells.
	Fixed results.Params
	// Unset names a parameter that no cell of the row has; "" for none.
	Unset string
	// Figure gives what a cell shows; nil for the median of the metric.
	Figure func(*view.View, results.Cell) Figure
	// Unrelated figures have no ratios.
	Unrelated bool
	// Of is that of model.CellResult.
	Of string
	// Artefact stands for those of all classes in an experiment on systems; the zero
	// value where each class has its own.
	Artefact results.Artefact
}

// classes are those of the plan. Where an artefact stands for all of them, a class has
// the systems that no class before it has.
func (m Measure) classes(all []results.Class) []results.Class {
	if m.Artefact == (results.Artefact{}) {
		return all
	}
	var list []results.Class
	seen := map[results.System]bool{}
	for _, c := range all {
		c.What, c.Artefacts = "", []results.Artefact{m.Artefact}
		c.Systems = slices.DeleteFunc(slices.Clone(c.Systems), func(s results.System) bool { return seen[s] })
		for _, s := range c.Systems {
			seen[s] = true
		}
		if len(c.Systems) > 0 && c.Name() != "" {
			list = append(list, c)
		}
	}
	return list
}

// Figure is what a cell shows, and how it is judged.
type Figure struct {
	// Metric that the entry is of; "" for that of the measure.
	Metric string
	Entry  model.Entry
	// Later is that of model.CellResult.
	Later      model.Entry
	LowerBound bool
	// Reached is that of model.CellResult.
	Reached bool
	// OnlyLater says that a bound which the figure does not meet is met by later
	// starts; nil where there are none.
	OnlyLater func(compare.Bound) bool
	// Judge gives the verdict on a measured figure, with the reason.
	Judge func(compare.Bound) (compare.Verdict, string)
}

// Row fills a row of the table.
func (p Property) Row(v *view.View, m Measure) model.TableRow {
	row := model.TableRow{Property: p.Name, Claim: p.Claim, Unit: m.Metric.Unit,
		Higher: m.Metric.Better == experiment.Higher, Measure: m.Words, Notes: p.Notes}
	f := filler{v, m}
	var params results.Params
	for _, c := range m.classes(v.Classes()) {
		class, found := f.class(c, p.bound(model.Side(c.Side)))
		row.Classes = append(row.Classes, class)
		params = cmp.Or(params, found)
	}
	if others := view.Without(params, slices.Collect(maps.Keys(m.Fixed.Map()))...); others != "" {
		row.Measure += " (" + others.String() + ")"
	}
	if names := f.insteadFor(row.Classes); len(names) > 0 {
		row.Notes = append(slices.Clone(row.Notes), fmt.Sprintf("by the steps of the experiment %s: %s", f.Instead, strings.Join(names, "; ")))
	}
	if len(row.Classes) == 0 {
		row.Reason = "the plan has no classes"
	}
	row.Ratios = f.ratios(row)
	row.Verdict = rowVerdict(row.Classes)
	if p.Containers == nil && p.Wasm == nil {
		row.Verdict = compare.NoClaim
	}
	if p.Answer != nil {
		row.Answers = p.Answer.of(row)
	}
	return row
}

func (p Property) bound(s model.Side) *compare.Bound {
	if s == model.Containers {
		return p.Containers
	}
	return p.Wasm
}

// Unmeasured is the row of a property that no experiment of the run measures.
func (p Property) Unmeasured(*view.View) []model.TableRow {
	return []model.TableRow{{
		Property: p.Name, Claim: p.Claim, Verdict: compare.Unmeasured, Reason: "this run holds no experiment on it",
	}}
}

// filler fills the classes of one row.
type filler struct {
	*view.View
	Measure
}

func (f filler) figure(c results.Cell) Figure {
	if f.Figure != nil {
		return f.Figure(f.View, c)
	}
	return Median(f.View, c, f.Metric.Name)
}

// Median is the figure of a metric's median, judged by its interval.
func Median(v *view.View, c results.Cell, metric string) Figure {
	e := v.Entry(c, metric)
	return Figure{Metric: metric, Entry: e, Judge: func(b compare.Bound) (compare.Verdict, string) {
		verdict, reason := b.Judge(e.Estimate)
		if t, _ := v.Tally(c); verdict == compare.Holds && t.Failed*2 >= t.OK {
			return compare.Undecided, "too many of its trials failed, and those are the slow ones"
		}
		return verdict, reason.String()
	}}
}

// class fills in one class, and gives the parameters of its first cell.
func (f filler) class(c results.Class, bound *compare.Bound) (r model.ClassResult, params results.Params) {
	r = model.ClassResult{Name: c.Name(), Side: model.Side(c.Side), Lead: c.Lead, Artefacts: c.Artefacts}
	planned, missing := f.ClassCells(c, f.Experiment, f.Fixed)
	if len(planned) == 0 && f.Instead != "" {
		planned, missing = f.ClassCells(c, f.Instead, f.Fixed)
	}
	planned = slices.DeleteFunc(planned, func(c results.Cell) bool { return f.Unset != "" && c.Params.Get(f.Unset) != "" })
	for _, cell := range planned {
		r.Cells = append(r.Cells, f.cell(cell, bound))
	}
	for _, cell := range missing {
		r.Cells = append(r.Cells, model.CellResult{
			System: f.System(cell.System), Cell: cell, Verdict: compare.Unmeasured,
			Entry: model.Entry{State: model.Unavailable, Why: f.Unavailable(cell)},
		})
	}
	r.Range = rangeOf(r.Cells, f.Metric.Better == experiment.Higher)
	r.Verdict = classVerdict(r.Cells)
	if bound == nil {
		r.Verdict = compare.NoClaim
	}
	if len(planned) > 0 {
		params = planned[0].Params
	}
	return r, params
}

// insteadFor names the classes whose figures are of the other experiment.
func (f filler) insteadFor(classes []model.ClassResult) (names []string) {
	for _, c := range classes {
		if c.Measured() && slices.ContainsFunc(c.Cells, func(x model.CellResult) bool { return x.Cell.Experiment == f.Instead }) {
			names = append(names, c.Name)
		}
	}
	return names
}

func (f filler) cell(cell results.Cell, bound *compare.Bound) model.CellResult {
	system := f.System(cell.System)
	c := model.CellResult{System: system, Cell: cell, Verdict: compare.NoClaim, Of: f.Of}
	x := f.figure(cell)
	c.Entry, c.Later, c.LowerBound, c.Reached = x.Entry, x.Later, x.LowerBound, x.Reached
	if system.Unavailable != "" && c.Entry.State != model.Measured && c.Entry.State != model.Failed {
		c.Entry.State, c.Entry.Why = model.Unavailable, system.Unavailable
	}
	if bound != nil {
		c.Verdict = unjudged(c.Entry.State)
		if c.Entry.State == model.Measured {
			c.Verdict, c.Reason = x.Judge(*bound)
			c.OnlyLater = c.Verdict != compare.Holds && x.OnlyLater != nil && x.OnlyLater(*bound)
		}
	}
	return c
}

// unjudged is the verdict on a cell without a figure. A cell that could not be
// tried, that the system does not have or that the run did not reach does not
// affect the verdict; a cell that failed makes it undecided.
func unjudged(s model.State) compare.Verdict {
	if s == model.Failed {
		return compare.Undecided
	}
	return compare.Unmeasured
}

// rangeOf spans the cells whose trials are enough for an interval, or whose figures
// need none.
func rangeOf(cells []model.CellResult, higher bool) *model.CellRange {
	var g *model.CellRange
	better := func(a, b model.CellResult) bool {
		x, y := a.Entry.Estimate.Value, b.Entry.Estimate.Value
		return x < y != higher && x != y
	}
	for _, c := range cells {
		if c.Entry.State != model.Measured || c.Indicative() {
			continue
		}
		if g == nil {
			g = &model.CellRange{Best: c, Worst: c}
		}
		g.Cells++
		if better(c, g.Best) {
			g.Best = c
		}
		if better(g.Worst, c) {
			g.Worst = c
		}
	}
	return g
}

// ratios relates each container of a leading class to each module of one.
func (f filler) ratios(row model.TableRow) []model.NamedRatio {
	if f.Unrelated {
		return nil
	}
	var over, under []model.CellResult
	for _, c := range row.Lead() {
		if c.Side == model.Containers {
			over = append(over, c.Cells...)
		} else {
			under = append(under, c.Cells...)
		}
	}
	var list []model.NamedRatio
	for _, o := range over {
		for _, u := range under {
			if ratio := view.Ratio(f.sample(o.Cell), f.sample(u.Cell)); ratio != nil {
				list = append(list, model.NamedRatio{Over: o, Under: u, Ratio: *ratio})
			}
		}
	}
	return list
}

// sample is what a cell's figure is made from.
func (f filler) sample(c results.Cell) *stat.Sample {
	return f.Sample(stat.Key{Cell: c, Metric: cmp.Or(f.figure(c).Metric, f.Metric.Name)})
}
