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

// growing is a trial with all metrics, whose probe failed in the last step.
func growing(seq int) stat.Trial {
	metric := func(name, unit string, values ...float64) results.Metric {
		return results.Metric{Name: name, Unit: unit, Values: values}
	}
	r := stattest.Trial(seq,
		metric(instances.Live, results.Count, 0, 100, 200, 300),
		metric(instances.StepTime, results.Seconds, 0, 1, 2, 3),
		metric(instances.AvailableDrop, results.Bytes, 0, 9_000, 10_000, 11_000),
		metric(density.ProbeRequests, results.Count, 100, 100, 100),
		metric(density.ProbeRight, results.Count, 100, 100, 99),
		metric(density.ProbeP99, results.Seconds, 0.1, 0.2, 0.3),
		metric(density.UsableMemory, results.Bytes, 50_000),
		metric(density.PerProcess, results.Count, 150))
	r.Experiment = density.Name
	r.Stop = atBudget
	r.ProcessStop = &results.Stop{Reason: results.StopLimit, Resource: results.ResourceMaps, Limit: 65_530, Used: float64(seq), Detail: "instance 151"}
	return r
}

// A step with a wrong answer does not count. The first instances' costs are no part of
// what each further one takes: 10 bytes, of which the memory holds 5,000.
func TestDensityOfGrowth(t *testing.T) {
	list := []stat.Trial{growing(0), growing(1)}
	samples, _ := stat.Group(list)
	d := Densities(list, samples)[0]
	if d.Maximum != 200 || d.Trials[1].ProbeP99 != 0.2 || !slices.Equal(d.Trials[0].Elapsed, []float64{0, 1, 3}) {
		t.Errorf("got %+v", d)
	}
	if n, ok := d.Trials[0].Computed(); !ok || n != 5000 {
		t.Errorf("the memory holds %v, %v", n, ok)
	}
	if s := d.ComputedSample(); s == nil || s.Metric != ComputedInstances || len(s.Trials) != 2 {
		t.Errorf("the sample is %+v", s)
	}
	if least, most := d.PerProcess(); least != 150 || most != 150 {
		t.Errorf("a process held %v to %v", least, most)
	}
	if stops := d.ProcessStops(); len(stops) != 1 || stops[0].Resource != results.ResourceMaps {
		t.Errorf("the first processes' stops are %+v", stops)
	}
	if d := densityOf(t, 700, atLimit); d.ComputedSample() != nil || len(d.ProcessStops()) > 0 {
		t.Errorf("of a trial without these metrics: %+v", d.ComputedSample())
	}
}
