package bench

import (
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"edgebench/results"
)

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
		"enough for others": {&results.Own{}, 25 * time.Second, map[string]int{"jit": 1, "aot": 3, "process": 5}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x, f, _ := newFake(t, wait(times), "jit", "aot", "process")
				x.run.Plan.Own, x.run.Plan.Budget = c.own, c.budget
				sum, err := x.measure(t.Context(), nil)
				if err != nil {
					t.Fatal(err)
				}
				for mode, n := range c.want {
					if f.done[mode] < n {
						t.Errorf("trials are %v, want at least %v", f.done, c.want)
					}
				}
				if c.budget < 20*time.Second && !maps.Equal(f.done, c.want) {
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
		x, f, _ := newFake(t, wait(nil), "jit", "aot")
		x.run.Plan.Own, x.run.Plan.Budget = &results.Own{}, -time.Second
		before := []results.Record{}
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
