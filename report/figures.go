package report

import (
	"slices"
	"strings"

	experiments "edgebench/bench/experiment/registry"
	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/section/registry"
	"edgebench/report/view"
	"edgebench/results"
)

// figures lists what each cell has, or why it has nothing.
func figures(v *view.View, t model.Table) []model.CellFigure {
	shown := shownBy(t)
	metrics := map[results.Cell][]string{}
	for _, s := range v.Summaries() {
		metrics[s.Cell] = append(metrics[s.Cell], s.Metric)
	}
	reached := map[results.Experiment]func(stat.Key) (bool, bool){}
	for _, s := range registry.Sections() {
		if s.Reached != nil {
			reached[s.Experiment] = s.Reached(v)
		}
	}
	var list []model.CellFigure
	for _, c := range v.Cells() {
		if c.Experiment == "" || c.Runner == "" {
			continue
		}
		for _, f := range cellFigures(v, c, metrics[c], shown) {
			if is := reached[c.Experiment]; is != nil {
				f.Reached, f.LowerBound = is(stat.Key{Cell: c, Metric: f.Metric})
			}
			list = append(list, f)
		}
	}
	return list
}

// shownBy has the samples whose figures a table shows.
func shownBy(t model.Table) map[stat.Key]bool {
	shown := map[stat.Key]bool{}
	for _, r := range t.Rows {
		for _, c := range r.Classes {
			for _, x := range c.Cells {
				shown[x.Entry.Key] = true
			}
		}
	}
	return shown
}

// cellFigures are those of one cell, its headline first: what is compared or graded, and
// what the table shows.
func cellFigures(v *view.View, c results.Cell, metrics []string, shown map[stat.Key]bool) []model.CellFigure {
	s := registry.Find(c.Experiment)
	d, _ := experiments.Describe(c.Experiment)
	headline := headlineOf(s, d.Headline, metrics)
	listed := []string{headline}
	for _, m := range metrics {
		if m != headline && (isListed(s, d.Headline, m) || shown[stat.Key{Cell: c, Metric: m}]) {
			listed = append(listed, m)
		}
	}
	var list []model.CellFigure
	classes := classesOf(v, c)
	for i, m := range listed {
		recorded, _ := experiments.Metric(estimate.Recorded(m))
		list = append(list, model.CellFigure{
			Cell: c, System: v.System(c.System), Metric: m, Label: strings.ReplaceAll(m, "_", " "), Meaning: recorded.Meaning,
			Headline: i == 0, Classes: classes, Entry: v.Entry(c, m), Unit: recorded.Unit,
		})
	}
	return list
}

// headlineOf is the metric that stands for a cell: the experiment's own, or what is
// derived of it.
func headlineOf(s section.Section, headline string, metrics []string) string {
	if s.Derive != nil && !slices.Contains(metrics, headline) {
		if each := estimate.PerInstance(headline); slices.Contains(metrics, each) {
			return each
		}
		if i := slices.IndexFunc(metrics, func(m string) bool { return estimate.Recorded(m) == headline }); i >= 0 {
			return metrics[i]
		}
	}
	return headline
}

// isListed reports whether a metric is shown among the figures of all cells: not
// readings that only explain others.
func isListed(s section.Section, headline, metric string) bool {
	return slices.Contains(s.Compared, metric) || slices.Contains(s.Graded, metric) ||
		s.Derive != nil && estimate.Recorded(metric) == headline
}

// classesOf names the classes of the table that a cell belongs to.
func classesOf(v *view.View, c results.Cell) []string {
	var names []string
	for _, class := range v.Classes() {
		if class.Has(c.System, c.Artefact) && !slices.Contains(names, class.Name()) {
			names = append(names, class.Name())
		}
	}
	return names
}
