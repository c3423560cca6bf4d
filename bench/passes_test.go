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
// their trials, and each cell has at least one.
func TestTheFirstCellsComeFirst(t *testing.T) {
	times := map[string]time.Duration{"table": 10 * time.Second, "next": 20 * time.Second, "dear": 40 * time.Second, "cheap": time.Second}
	modes := []string{"table", "next", "dear", "cheap"}
	for _, c := range []struct {
		budget time.Duration
		want   map[string]int
		left   int
	}{
		{time.Hour, map[string]int{"table": 5, "next": 5, "dear": 5, "cheap": 5}, 0},
		// The first block takes 71 s, four more of table 40 s.
		{71 * time.Second, map[string]int{"table": 1, "next": 1, "dear": 1, "cheap": 1}, 16},
		{115 * time.Second, map[string]int{"table": 5, "next": 1, "dear": 1, "cheap": 5}, 8},
		// All of next take 80 s: that's too long, one of them is not.
		{140 * time.Second, map[string]int{"table": 5, "next": 2, "dear": 1, "cheap": 5}, 7},
	} {
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
			if sum.Left != c.left {
				t.Errorf("within %v: %d trials are left, want %d", c.budget, sum.Left, c.left)
			}
			noted := slices.ContainsFunc(n.list, func(s string) bool { return strings.Contains(s, "too small for all") })
			if noted != (c.left > 0) {
				t.Errorf("within %v: noted is %q", c.budget, n.list)
			}
		})
	}
}
