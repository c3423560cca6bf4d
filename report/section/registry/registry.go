// Package registry has the table of the report's sections.
package registry

import (
	"slices"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/registry"
	"edgebench/bench/stat"
	"edgebench/report/section"
	"edgebench/report/section/coldstart"
	"edgebench/report/section/density"
	"edgebench/report/section/isolation"
	"edgebench/report/section/memory"
	"edgebench/report/section/parallel"
	"edgebench/report/section/portability"
	"edgebench/report/section/size"
	"edgebench/report/section/throughput"
	"edgebench/report/view"
	"edgebench/results"
)

// Sections lists all sections in the order in which they are shown.
func Sections() []section.Section {
	return []section.Section{
		coldstart.Section(),
		parallel.Section(),
		memory.Section(),
		density.Section(),
		throughput.Section(),
		size.Section(),
		isolation.Section(),
		portability.Section(),
	}
}

// Rows lists the sections with rows of the table, in the order of the rows.
func Rows() []section.Section {
	list := slices.DeleteFunc(Sections(), func(s section.Section) bool { return s.Rows == nil })
	slices.SortStableFunc(list, func(x, y section.Section) int { return x.RowOrder - y.RowOrder })
	return list
}

// Find gives the section of an experiment, the zero Section for one that has none.
func Find(name results.Experiment) section.Section {
	list := Sections()
	if i := slices.IndexFunc(list, func(s section.Section) bool { return s.Experiment == name }); i >= 0 {
		return list[i]
	}
	return section.Section{}
}

// Deriving gives how each experiment's samples are derived, where they are.
func Deriving() map[results.Experiment]view.Derive {
	all := map[results.Experiment]view.Derive{}
	for _, s := range Sections() {
		switch {
		case s.Derive != nil:
			all[s.Experiment] = s.Derive
		case s.Beside != nil:
			all[s.Experiment] = keeping(s.Experiment, s.Beside)
		}
	}
	return all
}

// keeping gives the recorded samples of an experiment and what beside makes.
func keeping(e results.Experiment, beside view.Derive) view.Derive {
	return func(retained []stat.Trial, samples *stat.Samples) ([]*stat.Sample, []stat.Rejection) {
		all, rejected := beside(retained, samples)
		for _, s := range samples.All() {
			if s.Experiment == e {
				all = append(all, s)
			}
		}
		return all, rejected
	}
}

// Params names the parameters of all experiments, each once.
func Params() []string {
	var names []string
	for _, s := range Sections() {
		for _, name := range s.Params {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// Headline is the metric that stands for an experiment and has a grade. It is ""
// for derived metrics, which have too few trials, and for counted ones, which do
// not vary.
func Headline(e results.Experiment) string {
	d, known := registry.Describe(e)
	if !known || Find(e).Derive != nil {
		return ""
	}
	counted := func(m experiment.Metric) bool { return m.Name == d.Headline && m.Counted }
	if slices.ContainsFunc(d.Metrics, counted) {
		return ""
	}
	return d.Headline
}
