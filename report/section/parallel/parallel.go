// Package parallel shows the experiment on parallel starts: starts a second, and how
// long one takes, against the number of starts at a time.
package parallel

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"edgebench/bench/experiment/parallel"
	"edgebench/bench/experiment/registry"
	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
)

// Section of the report.
func Section() section.Section {
	return section.Section{
		Experiment: parallel.Name, Benchmark: "Parallel",
		Params:   []string{results.RungParam, results.ConcurrencyParam},
		Compared: []string{parallel.StartRate, parallel.MedianLatency},
		Methods: []string{
			"Parallel starts run in bursts: a fixed number of starts begin at the same moment, and the next burst begins when all of them have answered and have been closed. The rate is this number divided by the median time of a burst.",
			"The latency of a parallel start is measured from the beginning of its burst, so it includes the time that the start waits for a core.",
		},
		Build: build,
	}
}

// curve is what one chart and one grid show.
type curve struct{ of, title, axis, metric, shows, reading string }

var curves = []curve{
	{of: "parallel", title: "Parallel starts (starts a second)", axis: "starts a second", metric: parallel.StartRate,
		shows:   "starts a second, by how many begin at the same moment",
		reading: "Each line is a system. A line that climbs up to the number of cores means that starts run in parallel. A level line means that starts wait for a lock or a core. A falling line means that contention costs more than parallelism gains."},
	{of: "parallel-latency", title: "Latency of parallel starts", axis: "time to the first verified response", metric: parallel.MedianLatency,
		shows:   "median time from the beginning of a burst to a start's first verified response, by how many begin at the same moment",
		reading: "Each line is a system. A line that stays level up to the number of cores means that starts do not wait for each other."},
}

func build(v *view.View) []model.Section {
	s := model.Section{ID: "parallel", Title: "Parallel starts",
		Intro: "Rate and latency of starts when several run at the same time."}
	for _, x := range section.Variants(v, parallel.Name, results.ConcurrencyParam) {
		numbers := numbersOf(v, x)
		for _, c := range curves {
			if chart := c.chart(v, x, numbers); chart != nil {
				s.Elements = append(s.Elements, model.Element{Chart: chart})
			}
			s.Elements = append(s.Elements, section.Grids(c.grid(x, numbers).Fill(v))...)
		}
	}
	return []model.Section{s}
}

// maxNumbers bounds the columns of a grid and the points of a line.
const maxNumbers = 24

// numbersOf lists the numbers of starts at a time of a variant, ascending.
func numbersOf(v *view.View, x section.Variant) []int {
	var numbers []int
	for _, c := range v.Cells() {
		same := c.Artefact == x.Artefact && view.Without(c.Params, results.ConcurrencyParam) == x.Params
		if n := c.Params.Int(results.ConcurrencyParam); c.Experiment == parallel.Name && same && n > 0 && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers[:min(len(numbers), maxNumbers)]
}

// at gives the parameters of a variant's cell with so many starts at a time.
func at(x section.Variant, n int) results.Params {
	return x.Params.With(results.ConcurrencyParam, strconv.Itoa(n))
}

func (c curve) grid(x section.Variant, numbers []int) section.Grid {
	metric, _ := registry.Metric(c.metric)
	g := section.NewGrid(parallel.Name, x, c.of, c.title)
	for _, n := range numbers {
		g.Slots = append(g.Slots, section.Slot{
			Column: model.Column{Label: "×" + strconv.Itoa(n), Unit: metric.Unit,
				Explanation: fmt.Sprintf("%s; %s", metric.Meaning, format.Plural(n, "start")+" at a time")},
			Params: at(x, n), Metric: c.metric,
		})
	}
	return g
}

// chart draws a line for each system with more than one number; nil where there is
// none.
func (c curve) chart(v *view.View, x section.Variant, numbers []int) *model.Chart {
	metric, _ := registry.Metric(c.metric)
	chart := &model.Chart{
		ID: x.ID(c.of + "-curve"), Of: x.Subject(c.title + ", curve"),
		Caption: model.Caption{Title: x.Title(c.title), Shows: c.shows, Reading: c.reading + " Both axes are logarithmic."},
		X:       model.Axis{Title: "starts at a time", Unit: results.Count, Doubling: true},
		Y:       model.Axis{Title: c.axis, Unit: metric.Unit},
	}
	var alts []string
	for _, s := range v.Systems {
		series := model.Series{System: s}
		for _, n := range numbers {
			key := stat.Key{Cell: x.Cell(parallel.Name, s, at(x, n)), Metric: c.metric}
			if sum, ok := v.Summary(key); ok && sum.Median.Value > 0 {
				series.Points = append(series.Points, model.Point{X: float64(n), Y: sum.Median.Value, Interval: sum.Median.Interval})
			}
		}
		if len(series.Points) < 2 {
			continue
		}
		first, last := series.Points[0], series.Points[len(series.Points)-1]
		series.Notes = []string{fmt.Sprintf("%s from %.0f to %.0f at a time", format.Factor(estimate.Estimate{Value: last.Y / first.Y}, metric.Unit), first.X, last.X)}
		chart.Series = append(chart.Series, series)
		alts = append(alts, s.Name+" "+series.Notes[0])
	}
	if len(chart.Series) == 0 {
		return nil
	}
	chart.Alt = c.axis + " against starts at a time: " + strings.Join(alts, "; ") + "."
	return chart
}
