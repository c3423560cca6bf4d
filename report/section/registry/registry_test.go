package registry

import (
	"slices"
	"testing"

	"edgebench/bench/experiment/registry"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
)

// Each experiment has exactly one section, in the order of the experiments.
func TestEachExperimentHasOneSection(t *testing.T) {
	var order []results.Experiment
	for _, s := range Sections() {
		if s.Build != nil {
			order = append(order, s.Experiment)
		}
	}
	if !slices.Equal(order, registry.Names()) {
		t.Errorf("the sections are of %v, the experiments are %v", order, registry.Names())
	}
}

func TestSectionsAreWhole(t *testing.T) {
	benchmarks := map[string]bool{"Other": true}
	orders := map[int]bool{}
	for _, s := range Sections() {
		if s.Rows != nil && (s.RowOrder <= 0 || orders[s.RowOrder]) {
			t.Errorf("%s has the row order %d, which is none or is another's", s.Experiment, s.RowOrder)
		}
		orders[s.RowOrder] = true
		if s.Build == nil {
			if s.Rows == nil {
				t.Errorf("%s shows nothing", s.Experiment)
			}
			continue
		}
		if s.Benchmark == "" || benchmarks[s.Benchmark] {
			t.Errorf("%s has the benchmark %q, which is none or is another's", s.Experiment, s.Benchmark)
		}
		benchmarks[s.Benchmark] = true
		checkMetrics(t, s)
	}
}

// checkMetrics wants metrics that the experiment records, or that are derived.
func checkMetrics(t *testing.T, s section.Section) {
	t.Helper()
	names := slices.Clone(s.Compared)
	if s.Quantities != nil {
		for _, q := range s.Quantities(results.Cell{Experiment: s.Experiment}) {
			names = append(names, q.Metric)
			if q.Explanation == "" {
				t.Errorf("%s: the quantity %+v has no explanation", s.Experiment, q)
			}
		}
	}
	for _, name := range names {
		if _, known := registry.Metric(name); known == (s.Derive != nil) {
			t.Errorf("%s: %s is recorded: %v, the experiment is derived: %v", s.Experiment, name, known, s.Derive != nil)
		}
	}
}

func TestRowsAreInOrder(t *testing.T) {
	var names []string
	for _, s := range Rows() {
		for _, r := range s.Rows(view.New(results.Plan{}, results.Environment{}, nil, nil)) {
			names = append(names, r.Property)
		}
	}
	want := []string{"cold start", "image size", "isolation", "portability", "density", "memory/instance", "throughput"}
	if !slices.Equal(names, want) {
		t.Errorf("the rows are %q, want %q", names, want)
	}
}

func TestHeadlines(t *testing.T) {
	for e, want := range map[results.Experiment]string{
		"coldstart": "first_response", "throughput": "request_rate", "memory": "", "density": "", "size": "", "isolation": "", "none": "",
	} {
		if got := Headline(e); got != want {
			t.Errorf("the headline of %s is %q, want %q", e, got, want)
		}
	}
	params := Params()
	for _, want := range []string{"rung", "page_cache", "instance", "concurrency"} {
		if !slices.Contains(params, want) {
			t.Errorf("%s is not among the parameters %q", want, params)
		}
	}
	if unique := slices.Compact(slices.Sorted(slices.Values(params))); len(unique) != len(params) {
		t.Errorf("a parameter occurs twice: %q", params)
	}
	if Find("none").Build != nil || Find("memory").Derive == nil {
		t.Error("a section is found that is not there, or is not found")
	}
}
