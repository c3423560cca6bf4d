// Package registry has the table of experiments, and of the metrics that they
// record.
package registry

import (
	"slices"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/density"
	"edgebench/bench/experiment/isolation"
	"edgebench/bench/experiment/memory"
	"edgebench/bench/experiment/parallel"
	"edgebench/bench/experiment/portability"
	"edgebench/bench/experiment/size"
	"edgebench/bench/experiment/throughput"
	"edgebench/results"
)

// Experiments gives all experiments for one run, in the order in which they are
// reported.
func Experiments() []experiment.Experiment {
	return []experiment.Experiment{
		coldstart.New(),
		parallel.New(),
		memory.New(),
		density.New(),
		throughput.New(),
		size.New(),
		isolation.New(),
		portability.New(),
	}
}

// descriptions are those of all experiments, which do not change.
var descriptions = func() []experiment.Description {
	var all []experiment.Description
	for _, e := range Experiments() {
		all = append(all, e.Describe())
	}
	return all
}()

// Descriptions lists those of all experiments, in their order.
func Descriptions() []experiment.Description { return slices.Clone(descriptions) }

// Names lists the experiments.
func Names() []results.Experiment {
	names := make([]results.Experiment, len(descriptions))
	for i, d := range descriptions {
		names[i] = d.Name
	}
	return names
}

// Describe finds the description of an experiment; ok is false for a name that no
// experiment has.
func Describe(name results.Experiment) (d experiment.Description, ok bool) {
	i := Index(name)
	if i == len(descriptions) {
		return d, false
	}
	return descriptions[i], true
}

// Index is the experiment's position in the table; an unknown name comes after
// all experiments.
func Index(name results.Experiment) int {
	i := slices.IndexFunc(descriptions, func(d experiment.Description) bool { return d.Name == name })
	if i < 0 {
		return len(descriptions)
	}
	return i
}

var metrics = func() map[string]experiment.Metric {
	all := map[string]experiment.Metric{}
	for _, d := range descriptions {
		for _, m := range d.Metrics {
			all[m.Name] = m
		}
	}
	return all
}()

// Metric finds a metric by its name, which all experiments use for the same thing.
func Metric(name string) (m experiment.Metric, ok bool) {
	m, ok = metrics[name]
	return m, ok
}
