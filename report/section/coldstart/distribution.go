package coldstart

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
)

// percentiles shows the percentiles of first responses on the table's rung, in a
// grid for each variant.
func percentiles(v *view.View, variants []section.Variant) []model.Element {
	var list []model.Element
	title := "Percentiles of " + string(tableRung) + " starts"
	for _, x := range variants {
		g := &model.Grid{
			ID: x.ID("percentiles"), Title: x.Title(title), Of: x.Subject(title),
			Notes: []string{"percentiles are over all iterations; a percentile is omitted if there are too few independent values for it; intervals use order statistics for the number of independent values"},
		}
		quantiles := supported(v, x)
		for _, q := range quantiles {
			g.Columns = append(g.Columns, model.Column{
				Label: estimate.Percentile{Q: q}.Name(), Unit: results.Seconds,
				Explanation: fmt.Sprintf("time within which %.4g %% of starts had answered", q*100),
			})
		}
		for _, s := range v.Systems {
			if sum, ok := v.Summary(key(x, s, tableRung)); ok && len(g.Rows) < view.MaxRows {
				g.Rows = append(g.Rows, model.Row{System: s, Entries: percentileEntries(sum, quantiles)})
			}
		}
		if g.Measured() {
			list = append(list, model.Element{Grid: g})
		}
	}
	return list
}

// supported returns the quantiles for which at least one system has enough values.
func supported(v *view.View, x section.Variant) []float64 {
	most := 0
	for _, s := range v.Systems {
		sum, _ := v.Summary(key(x, s, tableRung))
		most = max(most, len(sum.Percentiles))
	}
	return estimate.Quantiles()[:most]
}

// percentileEntries has one for each of the quantiles.
func percentileEntries(s estimate.Summary, quantiles []float64) []model.Entry {
	var list []model.Entry
	for i, q := range quantiles {
		if i >= len(s.Percentiles) {
			list = append(list, model.Entry{State: model.Absent,
				Why: fmt.Sprintf("need ≥ %d independent values, have %d", estimate.Need(q), s.Independent)})
			continue
		}
		p := s.Percentiles[i]
		list = append(list, model.Entry{State: model.Measured, Estimate: estimate.Estimate{
			Value: p.Value, Unit: s.Median.Unit, Interval: p.Interval, Trials: s.Median.Trials, Values: s.Median.Values,
		}})
	}
	return list
}

// maxPoints bounds the points of a line: more than a figure has pixels.
const maxPoints = 1000

// distribution draws the distribution of first responses on the table's rung, for
// the cells that stand for a side in the table and for the baseline.
func distribution(v *view.View) []model.Element {
	params, ok := v.TableParams(coldstart.Name, results.Params("").With(results.RungParam, string(tableRung)))
	if !ok {
		return nil
	}
	x := section.Variant{Artefact: v.Plan.Table.Artefact, Params: params}
	chart := &model.Chart{
		ID: "distribution", Of: x.Subject(fmt.Sprintf("Distribution of %s starts", tableRung)),
		Caption: model.Caption{
			Title:   fmt.Sprintf("How %s starts of %s are distributed", tableRung, x.Artefact),
			Shows:   "cumulative share of starts, with equal weight for each trial; " + view.Without(params, results.RungParam).String(),
			Reading: "Each line shows the share of a system's starts (vertical axis) that answered within a given time (horizontal axis, logarithmic). A steep line means that starts vary little. A line that bends to the right at the top has a tail of slow starts.",
		},
		X:     model.Axis{Title: "time to the first verified response", Unit: results.Seconds},
		Y:     model.Axis{Title: "share of starts", Share: true},
		Steps: true,
	}
	shown := append(v.Plan.Table.Systems(""), v.Plan.Table.Reference)
	var alts []string
	for _, s := range v.Systems {
		sample := v.Sample(key(x, s, tableRung))
		if sample == nil || !slices.Contains(shown, s.Of()) && s.Side != model.Process {
			continue
		}
		series := model.Series{System: s, Points: points(sample),
			Notes: []string{format.Plural(len(sample.Trials), "trial") + ", " + format.Plural(sample.Count(), "value")}}
		chart.Series = append(chart.Series, series)
		alts = append(alts, fmt.Sprintf("%s from %s to %s", s.Name, format.Quantity(series.Points[0].X, sample.Unit),
			format.Quantity(series.Points[len(series.Points)-1].X, sample.Unit)))
	}
	if len(chart.Series) == 0 {
		return nil
	}
	chart.Alt = "Distribution of first responses: " + strings.Join(alts, "; ") + "."
	return []model.Element{{Chart: chart}}
}

// points are those of the empirical distribution function in which each trial has
// the same weight.
func points(s *stat.Sample) []model.Point {
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
	var list []model.Point
	for i, st := range steps {
		passed += st.weight
		if i%every == 0 || i == len(steps)-1 {
			list = append(list, model.Point{X: st.at, Y: min(1, passed)})
		}
	}
	return list
}
