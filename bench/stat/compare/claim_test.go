package compare

import (
	"testing"

	"edgebench/bench/experiment/density"
	"edgebench/bench/experiment/instances"
	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/bench/stat/internal/stattest"
	"edgebench/results"
)

// What stopped a density trial.
var (
	atLimit  = results.Stopped("instance 701: no memory")
	atBudget = &results.Stop{Reason: results.StopBudget, Resource: results.ResourceTime, Limit: 20}
	atFault  = results.Stopped("instance 24: the guest trapped: unreachable")
)

// densityOf summarises trials that reached so many instances and were stopped so.
func densityOf(t *testing.T, trials ...any) estimate.Density {
	t.Helper()
	var list []stat.Trial
	for i := 0; i < len(trials); i += 2 {
		r := stattest.Trial(i, results.Metric{Name: instances.Live, Unit: results.Count, Values: []float64{0, float64(trials[i].(int))}})
		r.Experiment = density.Name
		r.Stop, _ = trials[i+1].(*results.Stop) // nil where nothing says
		list = append(list, r)
	}
	samples, _ := stat.Group(list)
	densities := estimate.Densities(list, samples)
	if len(densities) != 1 {
		t.Fatalf("%d densities", len(densities))
	}
	return densities[0]
}

func TestJudgeDensity(t *testing.T) {
	budget, limit := atBudget, atLimit
	for _, c := range []struct {
		name  string
		bound Bound
		d     estimate.Density
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
		if got, why := c.bound.JudgeDensity(c.d); got != c.want || why.String() == string(why.Code) {
			t.Errorf("%s: %s (%s), want %s", c.name, got, why, c.want)
		}
	}
}

func TestJudge(t *testing.T) {
	of := func(low, high, checkLow, checkHigh float64) estimate.Estimate {
		return estimate.Estimate{Interval: &estimate.Interval{Low: low, High: high, Method: estimate.Interpolated}, Check: &estimate.Interval{Low: checkLow, High: checkHigh, Method: estimate.OrderStatistics}}
	}
	for _, c := range []struct {
		name  string
		bound Bound
		e     estimate.Estimate
		want  Verdict
	}{
		{"below", Below(1), of(0.1, 0.9, 0.1, 0.9), Holds},
		{"at the bound", Below(1), of(0.1, 1, 0.1, 0.9), Undecided},
		{"from the bound on", Below(1), of(1, 2, 1, 2), Fails},
		{"at least", AtLeast(1), of(1, 2, 1, 2), Holds},
		{"less", AtLeast(1), of(0.1, 0.9, 0.1, 0.9), Fails},
		{"the check differs", Below(1), of(0.1, 0.9, 0.1, 1.1), Undecided},
		{"no check", Below(1), estimate.Estimate{Interval: &estimate.Interval{Low: 0, High: 0.5}}, Holds},
		{"no interval", Below(1), estimate.Estimate{Value: 0.1}, Undecided},
	} {
		if got, why := c.bound.Judge(c.e); got != c.want || why.String() == string(why.Code) {
			t.Errorf("%s: %s (%s), want %s", c.name, got, why, c.want)
		}
	}
}
