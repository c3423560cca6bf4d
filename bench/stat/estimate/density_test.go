package estimate

import (
	"slices"
	"testing"

	"edgebench/bench/experiment/density"
	"edgebench/bench/experiment/instances"
	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/stattest"
	"edgebench/results"
)

// What stopped a density trial.
var (
	atLimit  = results.Stopped("instance 701: no memory")
	atBudget = &results.Stop{Reason: results.StopBudget, Resource: results.ResourceTime, Limit: 20}
)

// densityOf summarises trials that reached so many instances and were stopped
// so.
func densityOf(t *testing.T, trials ...any) Density {
	t.Helper()
	var list []stat.Trial
	for i := 0; i < len(trials); i += 2 {
		r := stattest.Trial(i,
			results.Metric{Name: instances.Live, Unit: results.Count, Values: []float64{0, 1, float64(trials[i].(int))}},
			results.Metric{Name: instances.StepTime, Unit: results.Seconds, Values: []float64{0, 1, 2}})
		r.Experiment = density.Name
		r.Stop, _ = trials[i+1].(*results.Stop) // nil where nothing says
		list = append(list, r)
	}
	samples, rejected := stat.Group(list)
	densities := Densities(list, samples)
	if len(densities) != 1 || len(rejected) > 0 {
		t.Fatalf("%d densities, rejected %v", len(densities), rejected)
	}
	return densities[0]
}

func TestDensity(t *testing.T) {
	d := densityOf(t, 700, atLimit, 900, atLimit)
	if d.Minimum != 700 || d.Maximum != 900 || d.LowerBound || len(d.Warnings) > 0 {
		t.Errorf("got %+v", d)
	}
	if got := d.Trials[0].Elapsed; len(got) != 3 || got[2] != 3 {
		t.Errorf("elapsed is %v", got)
	}
	if d := densityOf(t, 700, atLimit, 900, atBudget); !d.LowerBound || len(d.Warnings) != 1 || !d.Trials[1].AtBudget() || d.Trials[0].AtBudget() {
		t.Errorf("got %+v", d)
	}
	if d := densityOf(t, 700, atLimit, 800, atLimit, 900, atBudget, 900, nil); !slices.Equal(d.Stops(), []results.Stop{*atLimit, *atBudget, {}}) {
		t.Errorf("the stops are %+v", d.Stops())
	}
	if d := densityOf(t, 40, nil); d.LowerBound || len(d.Warnings) != 1 {
		t.Errorf("an end without a reason gave %+v", d)
	}
}
