package report

import (
	"cmp"
	"fmt"
	"slices"

	"edgebench/bench/stat"
	"edgebench/results"
)

// percentiles shows those of first_response on the table's rung.
func (b *builder) percentiles() []Grid {
	var list []Grid
	for _, v := range b.variants(results.ColdStart) {
		g := Grid{
			ID: b.anchor(v.id("percentiles")), Title: v.title("Percentiles of " + string(tableRung) + " starts"),
			Workload: v.workload, Language: v.language, Conditions: v.conditions.String(),
			Notes: []string{"over all iterations; a percentile that the number of independent values does not support is left out, and intervals are by order statistics of that number"},
		}
		quantiles := b.supported(v)
		for _, q := range quantiles {
			g.Columns = append(g.Columns, Column{
				Label: stat.Percentile{Q: q}.Name(), Unit: results.Seconds,
				Explanation: fmt.Sprintf("time within which %.4g %% of starts had answered", q*100),
			})
		}
		for _, s := range b.model.Systems {
			key := b.place(results.ColdStart, s, v, []results.Rung{tableRung}).key(results.FirstResponse)
			if sum, ok := b.summary[key]; ok && len(g.Rows) < maxRows {
				g.Rows = append(g.Rows, Row{System: s, Entries: percentileEntries(sum, quantiles)})
			}
		}
		if g.Measured() {
			list = append(list, g)
		}
	}
	return list
}

// supported are the quantiles that the sample of any system carries.
func (b *builder) supported(v variant) []float64 {
	most := 0
	for _, s := range b.model.Systems {
		key := b.place(results.ColdStart, s, v, []results.Rung{tableRung}).key(results.FirstResponse)
		most = max(most, len(b.summary[key].Percentiles))
	}
	return stat.Quantiles()[:most]
}

// percentileEntries has one for each of the quantiles.
func percentileEntries(s stat.Summary, quantiles []float64) []Entry {
	var list []Entry
	for i, q := range quantiles {
		if i >= len(s.Percentiles) {
			list = append(list, Entry{State: Absent,
				Why: fmt.Sprintf("need ≥ %d independent values, have %d", stat.Need(q), s.Independent)})
			continue
		}
		p := s.Percentiles[i]
		list = append(list, Entry{State: Measured, Estimate: stat.Estimate{
			Value: p.Value, Unit: s.Median.Unit, Interval: p.Interval, Trials: s.Median.Trials, Values: s.Median.Values,
		}})
	}
	return list
}

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
