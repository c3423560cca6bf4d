package agent

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// Every rung of a slowed runner takes longer by its share, all of it in the
// phase of the first call: what comes before it counts as it is.
func TestSlowedRungs(t *testing.T) {
	for _, rung := range results.Rungs() {
		for _, slow := range []float64{0, 0.5, 1} {
			q := ColdStart{Rung: rung, Iterations: 3, Within: time.Hour, Slow: slow}
			if rung == results.Boot {
				q.Iterations = 1
			}
			m := simulate[ColdStartTimes](t, &timed{}, task(t, ColdStartTask, timedSubject(t), q))
			each := func(d time.Duration) []time.Duration { return slices.Repeat([]time.Duration{d}, q.Iterations) }
			var whole time.Duration // without the share
			for _, p := range m.Phases {
				whole += steps[p.Name]
			}
			added := time.Duration(slow * float64(whole))
			for _, p := range m.Phases {
				want := steps[p.Name]
				if p.Name == runners.PhaseFirstCall {
					want += added
				}
				if !slices.Equal(p.Values, each(want)) {
					t.Errorf("%s, slowed by %v: %s takes %v, want %v each time", rung, slow, p.Name, p.Values, want)
				}
			}
			if !slices.Equal(m.FirstResponse, each(whole+added)) {
				t.Errorf("%s, slowed by %v: the whole takes %v, want %v each time", rung, slow, m.FirstResponse, whole+added)
			}
		}
	}
}

// A slowed request's latency is longer by the share, and so fewer of them have
// room in the same time.
func TestSlowedSaturation(t *testing.T) {
	for _, fresh := range []bool{false, true} {
		latency := steps[runners.PhaseFirstCall]
		if fresh {
			latency += steps[runners.PhaseInstantiate]
		}
		for _, slow := range []float64{0, 0.5, 1} {
			want := latency + time.Duration(slow*float64(latency))
			const requests = 20
			s := simulate[ThroughputResult](t, &timed{}, task(t, ThroughputTask, timedSubject(t), Throughput{Workers: 1, Duration: requests * want, Fresh: fresh, Slow: slow}))
			if s.Requests != requests || s.Elapsed != requests*want {
				t.Errorf("fresh %v, slowed by %v: %d requests in %v, want %d in %v", fresh, slow, s.Requests, s.Elapsed, requests, requests*want)
			}
			h, err := hdrhistogram.Decode([]byte(s.Latency))
			if err != nil {
				t.Fatal(err)
			}
			for what, got := range map[string]int64{"shortest": h.Min(), "longest": h.Max()} {
				if !h.ValuesAreEquivalent(got, int64(want)) {
					t.Errorf("fresh %v, slowed by %v: the %s latency is %v, want %v", fresh, slow, what, time.Duration(got), want)
				}
			}
		}
	}
}

// A hold ends at the first look at the clock that is late enough. Without a share
// it is none, and does not look.
func TestHold(t *testing.T) {
	defer func(was func() time.Duration) { clock = was }(clock)
	const at = time.Second
	for _, c := range []struct {
		share     slowness
		took, end time.Duration
		looks     int
	}{
		{0, time.Hour, at, 0},
		{0.5, 20 * step, at + 12*step, 4},
		{1, 6 * step, at + 6*step, 2},
	} {
		now, looks := at, 0
		clock = func() time.Duration {
			now += 3 * step
			looks++
			return now
		}
		if end := c.share.hold(at, c.took); end != c.end || looks != c.looks {
			t.Errorf("%v of %v: it ends after %v and %d looks, want %v and %d", float64(c.share), c.took, end-at, looks, c.end-at, c.looks)
		}
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
