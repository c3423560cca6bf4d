package portability

import (
	"fmt"
	"strings"

	"edgebench/bench/experiment/portability"
	"edgebench/bench/stat"
	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
)

// functionCounts are the points of the registry figure.
var functionCounts = []int{1, 10, 100, 1000, 10_000}

// registryChart shows what a registry holds of so many functions, modules against
// images: the measured size of one, times their number. It is nil where either is
// missing.
func registryChart(v *view.View) *model.Chart {
	chart := &model.Chart{
		ID: "portability-registry",
		Caption: model.Caption{Title: "Bytes in a registry, by number of functions",
			Shows:   "bytes that a registry holds of N functions for all architectures, from the measured size of one",
			Reading: "Each line is a way of shipping. Images are from scratch, without a base, and there is one for each architecture. Both axes are logarithmic."},
		X: model.Axis{Title: "functions", Unit: results.Count, Doubling: true},
		Y: model.Axis{Title: "bytes in a registry", Unit: results.Bytes},
	}
	var alts []string
	seen := map[string]bool{}
	for _, c := range v.Cells() {
		metric, what := shipping(c)
		s, ok := v.Summary(stat.Key{Cell: c, Metric: metric})
		if !ok || s.Median.Value <= 0 {
			continue
		}
		name := what + " " + c.Artefact.String()
		if seen[name] {
			continue
		}
		seen[name] = true
		system := v.System(c.System)
		system.Name, system.Version, system.Released = name, "", ""
		series := model.Series{System: system, Notes: []string{noteOf(v, c, s.Median.Value)}}
		for _, n := range functionCounts {
			series.Points = append(series.Points, model.Point{X: float64(n), Y: float64(n) * s.Median.Value})
		}
		chart.Series = append(chart.Series, series)
		alts = append(alts, name+": "+series.Notes[0])
	}
	if len(chart.Series) < 2 {
		return nil
	}
	chart.Alt = "Bytes in a registry against the number of functions: " + strings.Join(alts, "; ") + "."
	return chart
}

// shipping gives the metric of a cell that says what a registry holds, and what that is;
// "" for other cells.
func shipping(c results.Cell) (metric, what string) {
	if c.Experiment != portability.Name {
		return "", ""
	}
	switch portability.Question(c.Params.Get(portability.QuestionParam)) {
	case portability.AskArtefact:
		return portability.Registry, "module"
	case portability.AskImages:
		return portability.IndexSize, "images"
	}
	return "", ""
}

func noteOf(v *view.View, c results.Cell, size float64) string {
	note := fmt.Sprintf("%.0f bytes for one function", size)
	if s, ok := v.Summary(stat.Key{Cell: c, Metric: portability.IndexImages}); ok {
		note += fmt.Sprintf(", %.0f architectures", s.Median.Value)
	}
	return note
}
