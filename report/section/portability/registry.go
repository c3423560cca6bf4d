package portability

import (
	"fmt"
	"strings"

	"edgebench/bench/experiment/portability"
	"edgebench/bench/stat"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
)

// functionCounts are the points of the registry figures.
var functionCounts = []int{1, 10, 100, 1000, 10_000}

// effort is what functions cost in a registry: the measured figure of one function, times
// their number.
type effort struct {
	id             string
	caption        model.Caption
	y              model.Axis
	module, images string // the metrics of a module and of images
}

var efforts = []effort{
	{"portability-registry", model.Caption{Title: "Bytes in a registry, by number of functions",
		Shows:   "bytes that a registry holds of N functions for all architectures, from the measured size of one",
		Reading: "Each line is a way of shipping. Images are from scratch, without a base, and there is one for each architecture. Both axes are logarithmic."},
		model.Axis{Title: "bytes in a registry", Unit: results.Bytes}, portability.Registry, portability.IndexSize},
	{"portability-building", model.Caption{Title: "Build time, by number of functions",
		Shows:   "how long N functions take to build for all architectures, one after the other, from the measured build of one",
		Reading: "Each line is a way of shipping. A module is built once, images once for each architecture. A module that is committed was not built here and has no line. Compilers keep libraries of earlier builds. Both axes are logarithmic."},
		model.Axis{Title: "build time", Unit: results.Seconds}, portability.BuildTime, portability.BuildTime},
}

// registryCharts shows modules against images. A figure for which fewer than two ways of
// shipping are known is left out.
func registryCharts(v *view.View) (all []model.Element) {
	for _, e := range efforts {
		if chart := e.chart(v); chart != nil {
			all = append(all, model.Element{Chart: chart})
		}
	}
	return all
}

func (e effort) chart(v *view.View) *model.Chart {
	chart := &model.Chart{ID: e.id, Caption: e.caption, X: model.Axis{Title: "functions", Unit: results.Count, Doubling: true}, Y: e.y}
	var alts []string
	seen := map[string]bool{}
	for _, c := range v.Cells() {
		metric, what := e.shipping(c)
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
		series := model.Series{System: system, Notes: []string{e.note(v, c, s.Median.Value)}}
		for _, n := range functionCounts {
			series.Points = append(series.Points, model.Point{X: float64(n), Y: float64(n) * s.Median.Value})
		}
		chart.Series = append(chart.Series, series)
		alts = append(alts, name+": "+series.Notes[0])
	}
	if len(chart.Series) < 2 {
		return nil
	}
	chart.Alt = chart.Title + ": " + strings.Join(alts, "; ") + "."
	return chart
}

// shipping gives the metric of a cell that says what functions cost, and how they are
// shipped; "" for other cells.
func (e effort) shipping(c results.Cell) (metric, what string) {
	if c.Experiment != portability.Name {
		return "", ""
	}
	switch portability.Question(c.Params.Get(portability.QuestionParam)) {
	case portability.AskArtefact:
		return e.module, "module"
	case portability.AskImages:
		return e.images, "images"
	}
	return "", ""
}

func (e effort) note(v *view.View, c results.Cell, value float64) string {
	note := fmt.Sprintf("%.0f bytes for one function", value)
	if e.y.Unit == results.Seconds {
		note = format.Quantity(value, e.y.Unit) + " for one function"
	}
	if s, ok := v.Summary(stat.Key{Cell: c, Metric: portability.IndexImages}); ok {
		note += fmt.Sprintf(", %.0f architectures", s.Median.Value)
	}
	return note
}
