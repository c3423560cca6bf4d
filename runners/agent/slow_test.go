package agent

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// twice is the share that makes an operation take twice as long.
const twice = 1.0

// busy is how long the calls of a working fake take at the least: long beside
// all else that it does between two looks at the clock. The tests look at the
// least ratio of a time to this one, since what else the machine does can only
// make it greater.
const busy = 300 * time.Microsecond

func working() *fake { return &fake{busy: busy} }

// checkRatio checks how many times longer something took, at the least, than it
// can have taken without being slowed.
func checkRatio(t *testing.T, what string, slow, least float64) {
	t.Helper()
	if ratio := least / (1 + slow); ratio < 1 || ratio > 1.15 {
		t.Errorf("%s, slowed by %v, takes %.3f times as long", what, slow, least)
	}
}

// Every rung of a slowed runner takes longer by its share, all of it in the
// phase of the first call: what comes before it counts as it is.
func TestSlowedRungs(t *testing.T) {
	for _, rung := range results.Rungs() {
		for _, slow := range []float64{0, twice} {
			checkRatio(t, string(rung), slow, leastOf(t, rung, slow))
		}
	}
}

// leastOf gives the least ratio of what a rung took to what came before its
// first call and the call itself.
func leastOf(t *testing.T, rung results.Rung, slow float64) float64 {
	t.Helper()
	f := working()
	q := ColdStart{Rung: rung, Iterations: 25, Within: time.Minute, Slow: slow}
	trials := 1
	if rung == results.Boot {
		trials, q.Iterations = q.Iterations, 1
	}
	least := math.Inf(1)
	for range trials {
		lines := ask(t, f, task(t, ColdStartTask, subject(t, f), q))
		m := result[ColdStartTimes](t, lines[len(lines)-1])
		call := m.Phases[len(m.Phases)-1]
		if call.Name != runners.PhaseFirstCall {
			t.Fatalf("the last phase is %s", call.Name)
		}
		for i, whole := range m.FirstResponse {
			least = min(least, float64(whole)/float64(whole-call.Values[i]+busy))
		}
	}
	return least
}

// A slowed request's latency is longer by the share, and so the rate is lower.
func TestSlowedSaturation(t *testing.T) {
	for _, fresh := range []bool{false, true} {
		for _, slow := range []float64{0, twice} {
			f := working()
			r := reply(t, ask(t, f, task(t, ThroughputTask, subject(t, f), Throughput{Workers: 1, Duration: 30 * time.Millisecond, Fresh: fresh, Slow: slow}))[0])
			found := new(ThroughputResult)
			if err := r.Decode(found); err != nil {
				t.Fatal(err, r.Error)
			}
			h, err := hdrhistogram.Decode([]byte(found.Latency))
			if err != nil {
				t.Fatal(err)
			}
			// The histogram has three digits.
			checkRatio(t, "a request", slow, 1.001*float64(h.Min())/float64(busy))
			if taken := float64(found.Requests) * (1 + slow) * float64(busy); taken > float64(found.Elapsed) {
				t.Errorf("slowed by %v, there is no room for %d requests in %v", slow, found.Requests, found.Elapsed)
			}
		}
	}
}

// A hold ends no earlier than it should, and without a share it is none.
func TestHold(t *testing.T) {
	at := runners.Now()
	if end := slowness(0.5).hold(at, 20*time.Microsecond); end < at+10*time.Microsecond || end > runners.Now() {
		t.Errorf("from %v to %v", at, end)
	}
	if end := slowness(0).hold(at, time.Hour); end != at {
		t.Errorf("without a share it takes %v", end-at)
	}
}

func TestSlowIsBounded(t *testing.T) {
	f := &fake{}
	s := subject(t, f)
	for _, slow := range []float64{-0.05, results.MaxSlowed + 1} {
		for _, q := range []protocol.Request{
			task(t, ColdStartTask, s, ColdStart{Rung: results.Hot, Iterations: 1, Slow: slow}),
			task(t, ThroughputTask, s, Throughput{Workers: 1, Duration: time.Millisecond, Slow: slow}),
		} {
			if r := reply(t, ask(t, f, q)[0]); r.Error == nil || !strings.Contains(r.Error.Message, "slow is ") {
				t.Errorf("slow by %v: %+v", slow, r)
			}
		}
	}
	for _, share := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if slowness(share).check() == nil {
			t.Errorf("%v is taken", share)
		}
	}
}

// The phases of a slowed measurement are those of any other, and add up.
func TestSlowedPhasesAddUp(t *testing.T) {
	f := working()
	lines := ask(t, f, task(t, ColdStartTask, subject(t, f), ColdStart{Rung: results.Cold, Iterations: 3, Within: time.Minute, Slow: twice}))
	checkMeasured(t, result[ColdStartTimes](t, lines[0]), 3, []string{runners.PhaseLoad, runners.PhaseInstantiate, runners.PhaseFirstCall})
}
