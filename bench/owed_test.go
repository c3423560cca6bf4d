package bench

import (
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/plan"
	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
)

// newOwn is a fake session (newFake) that times the first response of a program of the
// user's in some modes.
func newOwn(t *testing.T, outcome func(string, int) error, modes ...string) (*session, *fake) {
	x, f, _ := newFake(t, outcome, modes...)
	x.trials.Experiments[coldstart.Name] = f
	for i := range x.run.Plan.Specs {
		s := &x.run.Plan.Specs[i]
		s.Experiment, s.Params = coldstart.Name, s.Params.With(results.RungParam, string(results.Cold))
		x.trials.Prepared[trial.BuildOf(s.Cell)] = []trial.Prepared{{}}
	}
	x.run.Plan.Own = &results.Own{}
	return x, f
}

// Each of the user's programs is measured once in each system, where preparing it has
// used the budget up or a first trial takes all of it. What the suite brings is not.
func TestOwnProgramsAreMeasuredOnce(t *testing.T) {
	times := map[string]time.Duration{"jit": 12 * time.Second, "aot": 2 * time.Second, "process": time.Second}
	once := map[string]int{"jit": 1, "aot": 1, "process": 1}
	for name, c := range map[string]struct {
		own    *results.Own
		budget time.Duration // what is left of it
		want   map[string]int
	}{
		"none is left":      {&results.Own{}, -time.Second, once},
		"a trial's is left": {&results.Own{}, 10 * time.Second, once},
		"the suite's":       {nil, -time.Second, map[string]int{}},
		"enough for others": {&results.Own{}, 25 * time.Second, map[string]int{"jit": 1, "aot": 4, "process": 5}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x, f := newOwn(t, wait(times), "jit", "aot", "process")
				x.run.Plan.Own, x.run.Plan.Budget = c.own, c.budget
				sum, err := x.measure(t.Context(), nil)
				if err != nil {
					t.Fatal(err)
				}
				if !maps.Equal(f.done, c.want) {
					t.Errorf("trials are %v, want %v", f.done, c.want)
				}
				if sum.OK+sum.Left != 15 {
					t.Errorf("the summary is %+v", sum)
				}
			})
		})
	}
}

// A run that goes on owes what its records do not hold.
func TestOwedAfterAnInterrupt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, f := newOwn(t, wait(nil), "jit", "aot")
		x.run.Plan.Budget = -time.Second
		var before []results.Record
		for _, trial := range x.run.Plan.Trials() {
			if trial.Mode == "jit" && trial.Block == 0 {
				before = append(before, results.Record{Seq: trial.Seq, Cell: trial.Cell, Outcome: results.OK})
			}
		}
		if _, err := x.measure(t.Context(), before); err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(f.done, map[string]int{"aot": 1}) {
			t.Errorf("trials are %v", f.done)
		}
	})
}

// In the profile that a user tries first, what is owed is the first response, which the
// table leads with, and where that is not asked for what the plan lists first. What is
// given up is not owed.
func TestTheFirstResponseIsOwed(t *testing.T) {
	config, err := plan.Profile("quick")
	if err != nil {
		t.Fatal(err)
	}
	config = config.For([]string{"mine"}, []string{"own"})
	for _, c := range []struct {
		filter plan.Filter
		want   []results.Rung // "" for another experiment
	}{
		{plan.Filter{}, []results.Rung{results.Cold, results.Cold}},
		{plan.Filter{Rungs: []results.Rung{results.Hot, results.Pooled}}, []results.Rung{results.Pooled, results.Pooled}},
		{plan.Filter{Experiments: []results.Experiment{"throughput"}}, []results.Rung{"", ""}},
		{plan.Filter{Experiments: []results.Experiment{"size"}}, nil},
	} {
		p, err := plan.Make(config, ownInventory(), c.filter, "r", 1)
		if err != nil {
			t.Fatal(err)
		}
		if cells := owed(&p, p.Trials()); len(cells) != 0 {
			t.Errorf("of the suite's own programs %v are owed", cells)
		}
		p.Own = &results.Own{}
		cells := owed(&p, p.Trials())
		var got []results.Rung
		for cell := range cells {
			got = append(got, cell.Rung())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("with %+v the rungs %v are owed, want %v", c.filter, got, c.want)
		}
		gone := slices.DeleteFunc(p.Trials(), func(t results.Trial) bool { return cells[t.Cell] && t.Block == 0 })
		if again := owed(&p, gone); len(again) != 0 {
			t.Errorf("after a trial of each, %v are owed", again)
		}
	}
}

// ownInventory has two systems that take the program "mine".
func ownInventory() plan.Inventory {
	system := func(runner, mode string, kind runners.Kind) plan.System {
		return plan.System{
			System: results.System{Runner: runner, Mode: mode}, Takes: []runners.Kind{kind},
			Mode: runners.Mode{Name: mode, Rungs: results.Rungs(), Default: true, Parks: true},
		}
	}
	return plan.Inventory{
		Systems:   []plan.System{system("wazero", "compiler", runners.Wasm), system("process", "plain", runners.Native)},
		Workloads: []plan.Workload{{Name: "mine", Builds: []string{"own"}}, {Name: "rewrite", Builds: []string{"c"}}},
		Build:     func(results.Artefact, plan.System) (plan.Use, bool) { return plan.Use{}, true },
		Cores:     2,
	}
}
