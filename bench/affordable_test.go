package bench

import (
	"slices"
	"strconv"
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
	times, modes := map[string]time.Duration{}, []string{}
	for i, group := range []string{"table", "next", "last"} {
		for n := range 6 {
			mode := group + strconv.Itoa(n)
			times[mode], modes = time.Duration(i+1)*time.Second, append(modes, mode)
		}
	}
	for _, c := range []struct {
		budget            time.Duration
		table, next, last int // trials at least, of 30 each, which take 30 s, 60 s and 90 s
	}{
		{time.Hour, 30, 30, 30},
		{180 * time.Second, 30, 30, 30},
		{130 * time.Second, 30, 30, 12},
		{95 * time.Second, 30, 20, 1},
		{60 * time.Second, 30, 6, 0},
	} {
		t.Run(c.budget.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x, f, n := newFake(t, wait(times), modes...)
				x.run.Plan.Budget = c.budget
				sum, err := x.measure(t.Context(), nil)
				if err != nil {
					t.Fatal(err)
				}
				got := map[string]int{}
				for mode, trials := range f.done {
					got[strings.TrimRight(mode, "0123456789")] += trials
				}
				if got["table"] < c.table || got["next"] < c.next || got["last"] < c.last {
					t.Errorf("trials are %v, want %+v", got, c)
				}
				if took := time.Since(x.began); took > c.budget+3*time.Second {
					t.Errorf("they took %v of %v", took, c.budget)
				}
				noted := slices.ContainsFunc(n.list, func(s string) bool { return strings.Contains(s, "too small for all") })
				if noted != (sum.Left > 0) || sum.Left+sum.OK != 90 {
					t.Errorf("%+v, noted is %q", sum, n.list)
				}
			})
		})
	}
}

// A cell whose trials take long leaves time for the ones after it.
func TestALongCellLeavesTimeForOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		times := map[string]time.Duration{"jit": 4 * time.Second, "aot": 200 * time.Millisecond, "process": 100 * time.Millisecond}
		x, f, _ := newFake(t, wait(times), "jit", "aot", "process")
		x.run.Plan.Budget = 12 * time.Second
		if _, err := x.measure(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if f.done["jit"] < 1 || f.done["jit"] > 2 || f.done["aot"] != 5 || f.done["process"] != 5 {
			t.Errorf("trials are %v", f.done)
		}
	})
}
