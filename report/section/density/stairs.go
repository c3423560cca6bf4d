package density

import (
	"strings"

	"edgebench/bench/experiment/density"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
)

// stairs draws the number of live instances over time. It returns nil if no record
// has it.
func stairs(v *view.View, x section.Variant, all densities) *model.Chart {
	chart := &model.Chart{
		ID: x.ID("density"), Of: x.Subject("Live instances over time"),
		Caption: model.Caption{
			Title:   "Live instances over time: " + x.Artefact.String(),
			Shows:   shows(x.Params),
			Reading: "Each line climbs as instances are added. An open circle at its end means that the plan's budget ended the trial, so the node might carry more. A cross means that a resource ran out; the legend names it. Both axes are logarithmic.",
		},
		X: model.Axis{Title: "time since the start of the first instance", Unit: results.Seconds},
		Y: model.Axis{Title: "live instances", Unit: results.Count}, Steps: true,
	}
	var alts []string
	for _, s := range v.Systems {
		d, ok := all[x.Cell(density.Name, s, x.Params)]
		if !ok {
			continue
		}
		series, ok := longest(d)
		if !ok {
			continue
		}
		series.System = s
		chart.Series = append(chart.Series, series)
		alts = append(alts, s.Name+" "+series.Notes[0])
	}
	if len(chart.Series) == 0 {
		return nil
	}
	chart.Alt = "Live instances: " + strings.Join(alts, "; ") + "."
	return chart
}

func shows(p results.Params) string {
	text := "live instances that have answered a request, over time; for each system, the trial that reached the most"
	if p != "" {
		text += "; " + p.String()
	}
	return text
}

// longest picks the trial with the most live instances, and returns its times with
// the steps above zero.
func longest(d estimate.Density) (model.Series, bool) {
	var best model.Series
	most := 0.0
	for _, t := range d.Trials {
		if t.Elapsed == nil || t.Maximum() <= most {
			continue
		}
		most = t.Maximum()
		best.Points = nil
		for i, n := range t.Live {
			if n > 0 && t.Elapsed[i] > 0 {
				best.Points = append(best.Points, model.Point{X: t.Elapsed[i], Y: n})
			}
		}
		best.End = model.EndStopped
		if t.AtBudget() {
			best.End = model.EndOpen
		}
		note := format.LowerBound(format.Quantity(most, results.Count), t.AtBudget())
		if t.Stop != nil {
			note += ", " + format.StopShort(*t.Stop)
		}
		best.Notes = []string{note}
	}
	return best, len(best.Points) > 0
}
