package stat

import (
	"testing"

	"edgebench/results"
)

// densityOf summarises trials that reached so many instances and were stopped
// so.
func densityOf(t *testing.T, trials ...any) Density {
	t.Helper()
	var plan results.Plan
	var records []results.Record
	for i := 0; i < len(trials); i += 2 {
		r := record(i,
			results.Metric{Name: results.Instances, Unit: results.Count, Values: []float64{0, 1, float64(trials[i].(int))}},
			results.Metric{Name: results.StepTime, Unit: results.Seconds, Values: []float64{0, 1, 2}})
		r.Experiment = results.Density
		r.Facts = map[string]string{results.StoppedBy: trials[i+1].(string)}
		records = append(records, r)
		plan.Trials = append(plan.Trials, results.Trial{Seq: i, Steps: []int{1, 5000}})
	}
	samples, refused := Group(records)
	list := Densities(plan, records, samples)
	if len(list) != 1 || len(refused) > 0 {
		t.Fatalf("%d densities, refused %v", len(list), refused)
	}
	return list[0]
}

func TestDensity(t *testing.T) {
	d := densityOf(t, 700, "instance 701: no memory", 900, "instance 901: no memory")
	if d.Least != 700 || d.Greatest != 900 || d.LowerBound || len(d.Warnings) > 0 {
		t.Errorf("got %+v", d)
	}
	if got := d.Trials[0].Elapsed; len(got) != 3 || got[2] != 3 {
		t.Errorf("elapsed is %v", got)
	}
	if d := densityOf(t, 700, "no memory", 900, "budget of time: 20s"); !d.LowerBound || len(d.Warnings) != 1 {
		t.Errorf("got %+v", d)
	}
	if d := densityOf(t, 5000, ""); !d.LowerBound || !d.Trials[0].AtBudget {
		t.Errorf("the last planned step was not taken for a budget: %+v", d)
	}
	if d := densityOf(t, 40, ""); d.LowerBound || len(d.Warnings) != 1 {
		t.Errorf("an end without a reason gave %+v", d)
	}
}

func TestJudgeDensity(t *testing.T) {
	const budget, limit = "budget of instances: 2000", "instance 1: no memory"
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
		{"no reason", AtLeast(1000), densityOf(t, 500, ""), Undecided},
		{"a failure that is no limit", Below(1000), densityOf(t, 23, "instance 24: the guest trapped: unreachable"), Undecided},
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
