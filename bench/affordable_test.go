package bench

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// wait is an outcome after a time that depends on the mode.
func wait(times map[string]time.Duration) func(mode string, before int) error {
	return func(mode string, _ int) error {
		time.Sleep(times[mode])
		return nil
	}
}

// Where the budget has no time for all, the cells that the plan lists first get all of
// their trials. How long a trial takes is known when one has run.
func TestTheFirstCellsComeFirst(t *testing.T) {
	times := map[string]time.Duration{"table": 10 * time.Second, "next": 15 * time.Second, "dear": 20 * time.Second, "cheap": 5 * time.Second}
	modes := []string{"table", "next", "dear", "cheap"}
	for _, c := range []struct {
		budget time.Duration
		want   map[string]int
	}{
		{time.Hour, map[string]int{"table": 5, "next": 5, "dear": 5, "cheap": 5}},
		{250 * time.Second, map[string]int{"table": 5, "next": 5, "dear": 5, "cheap": 5}},
		{200 * time.Second, map[string]int{"table": 5, "next": 5, "dear": 3, "cheap": 3}},
		{100 * time.Second, map[string]int{"table": 5, "next": 3, "dear": 0, "cheap": 0}},
		{55 * time.Second, map[string]int{"table": 4, "next": 1, "dear": 0, "cheap": 0}},
	} {
		t.Run(c.budget.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x, f, n := newFake(t, wait(times), modes...)
				x.run.Plan.Budget = c.budget
				sum, err := x.measure(t.Context(), nil)
				if err != nil {
					t.Fatal(err)
				}
				for _, mode := range modes {
					if f.done[mode] != c.want[mode] {
						t.Errorf("within %v: %s has %d trials, want %d", c.budget, mode, f.done[mode], c.want[mode])
					}
				}
				noted := slices.ContainsFunc(n.list, func(s string) bool { return strings.Contains(s, "too small for all") })
				if noted != (sum.Left > 0) || sum.Left+sum.OK != 20 {
					t.Errorf("within %v: %+v, noted is %q", c.budget, sum, n.list)
				}
			})
		})
	}
}
