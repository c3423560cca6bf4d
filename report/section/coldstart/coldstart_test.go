package coldstart

import (
	"slices"
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/report/view"
	"edgebench/results"
)

// A ladder has a column for each placement of the hot rung that the run has.
func TestPlacementsOfTheLadder(t *testing.T) {
	hot := coldstart.WarmParams(results.Hot)
	var plan results.Plan
	for _, p := range []results.Params{hot, hot.With(results.PlacementParam, results.PlacementOtherCore), hot.With(results.PlacementParam, results.PlacementSameCore)} {
		plan.Specs = append(plan.Specs, results.Spec{Trials: 1, Cell: results.Cell{
			System: results.System{Runner: "process", Mode: "plain"}, Artefact: results.Artefact{Workload: "noop", Build: "c"},
			Experiment: coldstart.Name, Params: p,
		}})
	}
	list := build(view.New(plan, results.Environment{}, nil, nil))[0].Elements
	if len(list) == 0 || list[0].Grid == nil {
		t.Fatalf("there are %d elements, the first without a grid", len(list))
	}
	var labels []string
	for _, c := range list[0].Grid.Columns {
		labels = append(labels, c.Label)
	}
	if want := []string{"deploy", "boot", "cold", "pooled", "hot", "hot same-core", "hot other-core"}; !slices.Equal(labels, want) {
		t.Errorf("the columns are %q, want %q", labels, want)
	}
	if what := quantities(plan.Specs[2].Cell)[0].What; what != "hot same-core" {
		t.Errorf("the quantity is %q", what)
	}
}
