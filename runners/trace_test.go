package runners

import (
	"slices"
	"testing"
	"time"
)

func phases(t *Trace) (names []string, sum time.Duration) {
	t.Phases(func(name string, d time.Duration) {
		names = append(names, name)
		sum += d
	})
	return names, sum
}

func TestTraceAddsUp(t *testing.T) {
	tr := NewTrace()
	tr.Begin()
	tr.Mark("a")
	tr.Mark("b")
	at := Now()
	tr.Mark("d")
	tr.Insert("c", at)
	tr.Insert("early", 0)
	names, sum := phases(tr)
	if want := []string{"early", "a", "b", "c", "d"}; !slices.Equal(names, want) {
		t.Errorf("phases %v, want %v", names, want)
	}
	if sum != tr.Total() {
		t.Errorf("the phases add up to %v, the whole is %v", sum, tr.Total())
	}
	total := tr.Total()
	tr.Insert("after the end", Now()+time.Hour)
	if tr.Total() != total {
		t.Errorf("a moment after the end makes the whole %v instead of %v", tr.Total(), total)
	}
	tr.MarkAt("back in time", 0)
	if _, sum := phases(tr); sum != tr.Total() {
		t.Errorf("after a mark that lies before the last: %v and %v", sum, tr.Total())
	}
	tr.Begin()
	if names, _ := phases(tr); len(names) != 0 || tr.Total() != 0 {
		t.Errorf("Begin keeps %v", names)
	}
}

func TestTraceIsBounded(t *testing.T) {
	tr := NewTrace()
	tr.Begin()
	for range 3 * maxMarks {
		tr.Mark("x")
		tr.Insert("y", Now())
	}
	if names, _ := phases(tr); len(names) != maxMarks {
		t.Errorf("%d marks are kept, want %d", len(names), maxMarks)
	}
	var none *Trace
	none.Mark("x")
	none.Insert("x", 0)
}

func TestMarkAllocatesNothing(t *testing.T) {
	tr := NewTrace()
	if n := testing.AllocsPerRun(100, func() {
		tr.Begin()
		tr.Mark("a")
		tr.Insert("b", Now())
	}); n != 0 {
		t.Errorf("%v allocations inside a timed region", n)
	}
}
