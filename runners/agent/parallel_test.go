package agent

import (
	"errors"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"edgebench/results"
	"edgebench/runners"
)

// Each worker starts once in a burst, each start is counted once, and all is closed.
func TestParallel(t *testing.T) {
	for _, parks := range []bool{false, true} {
		for _, rung := range []results.Rung{results.Cold, results.Pooled} {
			f := &fake{parks: parks && rung == results.Pooled}
			q := task(t, ParallelTask, subject(t, f), Parallel{Rung: rung, Workers: 3, Duration: 20 * time.Millisecond})
			found := result[ParallelResult](t, ask(t, f, q)[0])
			h, err := hdrhistogram.Decode([]byte(found.Latency))
			if err != nil {
				t.Fatal(err)
			}
			if n := uint64(h.TotalCount()); n != found.Starts || n == 0 || n%3 != 0 || int64(n) != f.made.Load() {
				t.Errorf("%s: %d latencies of %d starts, %d instances", rung, n, found.Starts, f.made.Load())
			}
			// No start of a burst takes longer than the burst, and one takes as long.
			if int64(found.Median) != h.ValueAtQuantile(50) || found.Burst < found.Median || int64(found.Burst) > h.Max() {
				t.Errorf("%s: a burst takes %v, a start %v and at most %v", rung, found.Burst, found.Median, time.Duration(h.Max()))
			}
		}
	}
}

func TestParallelFailures(t *testing.T) {
	f := &fake{wrong: 2}
	s := subject(t, f)
	q := task(t, ParallelTask, s, Parallel{Rung: results.Pooled, Workers: 2, Duration: time.Second})
	if r := reply(t, ask(t, f, q)[0]); r.Error == nil || !errors.Is(r.Error, runners.ErrWrongResponse) {
		t.Errorf("a wrong response: %+v", r)
	}
	for name, p := range map[string]Parallel{
		"no worker":   {Rung: results.Cold, Duration: time.Second},
		"no duration": {Rung: results.Cold, Workers: 1},
		"hot":         {Rung: results.Hot, Workers: 1, Duration: time.Second},
	} {
		if r := reply(t, ask(t, f, task(t, ParallelTask, s, p))[0]); r.Error == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
