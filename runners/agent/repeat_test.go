package agent

import (
	"slices"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"edgebench/results"
	"edgebench/runners"
)

// An iteration on the rungs of these tests.
const (
	pooledTook = 330 * time.Microsecond
	deployTook = 1050 * time.Microsecond
)

// No iteration begins after the time is over.
func TestWithinEndsIterations(t *testing.T) {
	const within = 5 * time.Millisecond
	q := ColdStart{Rung: results.Deploy, Iterations: 1000, Within: within}
	m := simulate[ColdStartTimes](t, &timed{}, task(t, ColdStartTask, timedSubject(t), q))
	// Each boots anew before its clock starts.
	each := deployTook + steps[runners.PhaseBoot]
	if want := int(within/each) + 1; len(m.FirstResponse) != want {
		t.Errorf("%d iterations of %v were begun within %v, want %d", len(m.FirstResponse), each, within, want)
	}
}

// The time does not begin before what the iterations share has been made.
func TestWithinBeginsWhenAllIsReady(t *testing.T) {
	const within = 5 * time.Millisecond
	for rung, each := range map[results.Rung]time.Duration{results.Pooled: pooledTook, results.Hot: steps[runners.PhaseFirstCall]} {
		r := &timed{loading: 10 * within}
		m := simulate[ColdStartTimes](t, r, task(t, ColdStartTask, timedSubject(t), ColdStart{Rung: rung, Iterations: 1000, Within: within}))
		if kept := len(m.FirstResponse); kept < int(within/each)/2 {
			t.Errorf("%s: %d iterations of %v in %v after a load of %v", rung, kept, each, within, r.loading)
		}
	}
}

// What lies between two iterations that are kept is done and not kept.
func TestSpreadIterations(t *testing.T) {
	const kept = 4
	for _, spread := range []time.Duration{0, 20 * time.Millisecond} {
		r := &timed{}
		q := ColdStart{Rung: results.Pooled, Iterations: kept, Within: time.Minute, Spread: spread}
		m := simulate[ColdStartTimes](t, r, task(t, ColdStartTask, timedSubject(t), q))
		if !slices.Equal(m.FirstResponse, slices.Repeat([]time.Duration{pooledTook}, kept)) || m.Minimum != pooledTook {
			t.Errorf("over %v: the times are %v, the minimum %v, want %v", spread, m.FirstResponse, m.Minimum, pooledTook)
		}
		if m.Iterations != len(r.calls) || (m.Iterations > kept) != (spread > 0) {
			t.Errorf("over %v: %d iterations, %d calls", spread, m.Iterations, len(r.calls))
		}
		// The last one that is kept comes when its share of the time has passed,
		// or after the iteration that had begun by then and the one after a reading.
		first := spread * (kept - 1) / kept
		if last := r.calls[len(r.calls)-1]; last < first || last > first+(kept+1)*pooledTook {
			t.Errorf("over %v: the last call began at %v, want soon after %v", spread, last, first)
		}
	}
}

// Short iterations go on until the core was uncontended or the time is over.
func TestIterationsWaitForAnUncontendedCore(t *testing.T) {
	const (
		within = 400 * time.Millisecond
		spread = 100 * time.Millisecond
		// needed is the time in which there are enough readings.
		needed = 10 * readEvery
	)
	for _, c := range []struct {
		rung                results.Rung
		spread, uncontended time.Duration
		read                bool
		ends                time.Duration // the last call, at most needed later
	}{
		{results.Pooled, spread, 0, true, spread * 3 / 4},
		{results.Pooled, spread, reading, true, spread * 3 / 4},
		{results.Pooled, spread, reading - 1, true, within - pooledTook}, // no core is as fast
		{results.Pooled, 0, reading, true, 0},
		{results.Pooled, 0, 0, false, 0},
		{results.Deploy, spread, reading - 1, false, spread * 3 / 4}, // takes more than a millisecond
	} {
		r := &timed{}
		q := ColdStart{Rung: c.rung, Iterations: 4, Within: within, Spread: c.spread, Uncontended: c.uncontended}
		m := simulate[ColdStartTimes](t, r, task(t, ColdStartTask, timedSubject(t), q))
		probed := time.Duration(0)
		if c.read {
			probed = reading
		}
		if len(m.FirstResponse) != 4 || m.Probe != probed {
			t.Errorf("%+v: %d iterations are kept, the probe is %v, want %v", c, len(m.FirstResponse), m.Probe, probed)
		}
		if last := r.calls[len(r.calls)-1]; last < c.ends || last > c.ends+needed {
			t.Errorf("%+v: the last call began at %v", c, last)
		}
		if !c.read && c.spread == 0 && m.Iterations != 4 {
			t.Errorf("%+v: it went on for %d iterations", c, m.Iterations)
		}
	}
}

// All workers send requests for the whole time.
func TestThroughput(t *testing.T) {
	const workers, duration = 3, 20 * time.Millisecond
	for _, fresh := range []bool{false, true} {
		latency := steps[runners.PhaseFirstCall]
		warmed := workers // each calls its instance once before
		if fresh {
			latency, warmed = pooledTook, 0
		}
		each := int(duration/latency) + 1 // the last begins within the time
		r := &timed{}
		q := Throughput{Workers: workers, Duration: duration, Fresh: fresh}
		found := simulate[ThroughputResult](t, r, task(t, ThroughputTask, timedSubject(t), q))
		if found.Requests != uint64(workers*each) || found.Elapsed != time.Duration(each)*latency {
			t.Errorf("fresh %v: %d requests in %v, want %d in %v", fresh, found.Requests, found.Elapsed, workers*each, time.Duration(each)*latency)
		}
		h, err := hdrhistogram.Decode([]byte(found.Latency))
		if err != nil {
			t.Fatal(err)
		}
		if n := uint64(h.TotalCount()); n != found.Requests || len(r.calls) != warmed+workers*each {
			t.Errorf("fresh %v: %d latencies of %d requests, %d calls", fresh, n, found.Requests, len(r.calls))
		}
	}
}

// A reused worker has one instance, a fresh one as many as requests.
func TestThroughputInstances(t *testing.T) {
	for _, fresh := range []bool{false, true} {
		f := &fake{}
		q := task(t, ThroughputTask, subject(t, f), Throughput{Workers: 3, Duration: time.Millisecond, Fresh: fresh})
		found := result[ThroughputResult](t, ask(t, f, q)[0])
		want := uint64(3)
		if fresh {
			want = found.Requests
		}
		if made := uint64(f.made.Load()); made != want || found.Requests < 3 {
			t.Errorf("fresh %v: %d instances for %d requests of 3 workers", fresh, made, found.Requests)
		}
	}
}

// A worker that starts when the time is over sends one request.
func TestLateWorkersSendARequest(t *testing.T) {
	f := &fake{}
	workers := make([]*worker, 3)
	for i := range workers {
		workers[i] = newWorker(newThing(f), timedSubject(t).Exchanges, Throughput{Fresh: true})
	}
	found, err := loop(t.Context(), workers, -time.Hour)
	if err != nil || found.Requests != 3 || len(f.requests) != 3 {
		t.Errorf("%+v, %v; %d requests by 3 late workers", found, err, len(f.requests))
	}
}
