package contention

import (
	"slices"
	"testing"
	"time"
)

// A reading does the work twice and times the second time alone. The work is the
// same in every reading: it adds the same to the sum, whatever was read before.
func TestReading(t *testing.T) {
	const took = 3 * time.Microsecond
	var r, alone Reader
	var step uint64 // what one piece of work adds to the sum
	for reading := range 5 {
		alone.work()
		before := alone.sum
		alone.work()
		want := []uint64{before, alone.sum}
		var seen []uint64 // the sum at each look at the clock
		clock := func() time.Duration {
			seen = append(seen, r.sum)
			return time.Duration(len(seen)) * took
		}
		if got := r.read(clock); got != took {
			t.Errorf("reading %d is %v on a clock that gives %v", reading, got, took)
		}
		if !slices.Equal(seen, want) {
			t.Errorf("reading %d looks at the clock when the sum is %v, want %v", reading, seen, want)
		}
		if reading > 0 && alone.sum-before != step {
			t.Errorf("the work of reading %d adds %d to the sum, that of the reading before added %d", reading, alone.sum-before, step)
		}
		step = alone.sum - before
	}
	if step == 0 {
		t.Error("the work adds nothing to the sum")
	}
}

func BenchmarkRead(b *testing.B) {
	var r Reader
	for b.Loop() {
		r.Read()
	}
}
