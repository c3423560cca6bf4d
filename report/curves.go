package report

import (
	"cmp"
	"slices"

	"edgebench/bench/stat"
	"edgebench/results"
)

// maxPoints bounds the points of a curve: more than a figure has pixels.
const maxPoints = 1000

// curves gives the distribution of first_response for the cells that stand for
// a side in the table, and for the baseline, on the table's rung.
func (b *builder) curves() []Curve {
	var list []Curve
	conditions, ok := b.tableConditions(results.ColdStart, tableRung)
	if !ok {
		return nil
	}
	v := variant{b.plan.Table.Workload, b.plan.Table.Language, conditions}
	shown := slices.Concat(b.plan.Table.Wasm, b.containerSystems(), []results.System{b.plan.Table.Reference})
	for _, s := range b.model.Systems {
		stands := slices.Contains(shown, results.System{Runner: s.Runner, Mode: s.Mode})
		if !stands && s.Side != Process {
			continue
		}
		p := b.place(results.ColdStart, s, v, []results.Rung{tableRung})
		sample := b.samples.Get(p.key(results.FirstResponse))
		if sample == nil {
			continue
		}
		c := Curve{System: s, Cell: p.cell, Conditions: conditions.String(), Unit: sample.Unit,
			Trials: len(sample.Trials), Values: sample.Count()}
		c.X, c.P = distribution(sample)
		list = append(list, c)
	}
	return list
}

// distribution is the empirical distribution function in which each trial has
// the same weight.
func distribution(s *stat.Sample) (x, p []float64) {
	type step struct{ at, weight float64 }
	steps := make([]step, 0, s.Count())
	for _, t := range s.Trials {
		for _, v := range t.Values {
			steps = append(steps, step{v, 1 / float64(len(t.Values)*len(s.Trials))})
		}
	}
	slices.SortFunc(steps, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	passed := 0.0
	every := 1 + len(steps)/maxPoints
	for i, st := range steps {
		passed += st.weight
		if i%every == 0 || i == len(steps)-1 {
			x, p = append(x, st.at), append(p, min(1, passed))
		}
	}
	return x, p
}
