package stat

import (
	"slices"
	"testing"

	"edgebench/bench/experiment/density"
	"edgebench/bench/experiment/instances"
	"edgebench/results"
)

// What stopped a density trial.
var (
	atLimit  = results.Stopped("instance 701: no memory")
	atBudget = &results.Stop{Reason: results.StopBudget, Resource: results.ResourceTime, Limit: 20}
	atFault  = results.Stopped("instance 24: the guest trapped: unreachable")
)

// densityOf summarises trials that reached so many instances and were stopped
// so.
func densityOf(t *testing.T, trials ...any) Density {
	t.Helper()
	var list []Trial
	for i := 0; i < len(trials); i += 2 {
		r := trial(i,
			results.Metric{Name: instances.Live, Unit: results.Count, Values: []float64{0, 1, float64(trials[i].(int))}},
			results.Metric{Name: instances.StepTime, Unit: results.Seconds, Values: []float64{0, 1, 2}})
		r.Experiment = density.Name
		r.Stop, _ = trials[i+1].(*results.Stop) // nil where nothing says
		list = append(list, r)
	}
	samples, refused := Group(list)
	densities := Densities(list, samples)
	if len(densities) != 1 || len(refused) > 0 {
		t.Fatalf("%d densities, refused %v", len(densities), refused)
	}
	return densities[0]
}

func TestDensity(t *testing.T) {
	d := densityOf(t, 700, atLimit, 900, atLimit)
	if d.Least != 700 || d.Greatest != 900 || d.LowerBound || len(d.Warnings) > 0 {
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

func TestJudgeDensity(t *testing.T) {
	budget, limit := atBudget, atLimit
	for _, c := range []struct {
		name  string
		bound Bound
		d     Density
		want  Verdict
	}{
		{"reached at the budget", AtLeast(1000), densityOf(t, 2000, budget), Holds},
		{"budget below the bound", AtLeast(1000), densityOf(t, 500, budget), Undecided},
		{"limit below the bound", AtLeast(1000), densityOf(t, 500, limit), Fails},
		{"limits on both sides", AtLeast(1000), densityOf(t, 500, limit, 1500, limit), Undecided},
		{"one of two at a budget", AtLeast(1000), densityOf(t, 500, limit, 400, budget), Undecided},
		{"no reason", AtLeast(1000), densityOf(t, 500, nil), Undecided},
		{"a failure that is no limit", Below(1000), densityOf(t, 23, atFault), Undecided},
		{"moderate by a limit", Below(1000), densityOf(t, 500, limit), Holds},
		{"moderate by the budget", Below(1000), densityOf(t, 500, budget), Undecided},
		{"not moderate", Below(1000), densityOf(t, 1000, budget), Fails},
	} {
		if got, why := c.bound.JudgeDensity(c.d); got != c.want || why == "" {
			t.Errorf("%s: %s (%s), want %s", c.name, got, why, c.want)
		}
	}
}

func TestJudge(t *testing.T) {
	of := func(low, high, checkLow, checkHigh float64) Estimate {
		return Estimate{Interval: &Interval{Low: low, High: high, Method: Interpolated}, Check: &Interval{Low: checkLow, High: checkHigh, Method: OrderStatistics}}
	}
	for _, c := range []struct {
		name  string
		bound Bound
		e     Estimate
		want  Verdict
	}{
		{"below", Below(1), of(0.1, 0.9, 0.1, 0.9), Holds},
		{"at the bound", Below(1), of(0.1, 1, 0.1, 0.9), Undecided},
		{"from the bound on", Below(1), of(1, 2, 1, 2), Fails},
		{"at least", AtLeast(1), of(1, 2, 1, 2), Holds},
		{"less", AtLeast(1), of(0.1, 0.9, 0.1, 0.9), Fails},
		{"the check differs", Below(1), of(0.1, 0.9, 0.1, 1.1), Undecided},
		{"no check", Below(1), Estimate{Interval: &Interval{Low: 0, High: 0.5}}, Holds},
		{"no interval", Below(1), Estimate{Value: 0.1}, Undecided},
	} {
		if got, why := c.bound.Judge(c.e); got != c.want || why == "" {
			t.Errorf("%s: %s (%s), want %s", c.name, got, why, c.want)
		}
	}
}
