package coldstart_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/coldstart"
	. "edgebench/bench/experiment/experimenttest"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
)

var effort = coldstart.Effort{Iterations: 2, Duration: experiment.Duration(time.Second), Spread: experiment.Duration(time.Millisecond)}

func TestResult(t *testing.T) {
	a := &Agent{Answer: func(q protocol.Task) (any, error) {
		want := agent.ColdStart{Rung: results.Cold, Iterations: 2, Within: time.Second, Spread: time.Millisecond, Slow: 0.05}
		if d := cmp.Diff(want, Decode[agent.ColdStart](t, q)); d != "" || q.Name != agent.ColdStartTask || len(q.Subject.Exchanges) != 2 {
			t.Errorf("asked for %s: %s", q.Name, d)
		}
		return agent.ColdStartTimes{
			FirstResponse: []time.Duration{2000, 3000}, Minimum: 1000, Iterations: 7, Empty: 50,
			Tiers:  agent.Tiers{First: runners.TierBaseline, Last: runners.TierOptimised},
			Phases: []agent.Phase{{Name: "load", Values: []time.Duration{500, 600}}},
		}, nil
	}}
	trial := Trial(t, coldstart.Name, coldstart.WarmParams(results.Cold), effort, a, &Node{})
	trial.Slow = 0.05
	r, err := coldstart.New().Run(t.Context(), trial)
	if err != nil {
		t.Fatal(err)
	}
	want := experiment.Result{
		Metrics: []results.Metric{
			{Name: coldstart.FirstResponse, Unit: "sec", Values: []float64{2e-6, 3e-6}},
			{Name: coldstart.EmptyMeasurement, Unit: "sec", Values: []float64{5e-8}},
			{Name: coldstart.Minimum, Unit: "sec", Values: []float64{1e-6}},
			{Name: coldstart.Iterations, Unit: "count", Values: []float64{7}},
		},
		Phases: []results.Metric{{Name: "load", Unit: "sec", Values: []float64{5e-7, 6e-7}}},
		Checks: []results.Check{
			{Group: coldstart.TierGroup, Name: "first_response", Result: "baseline"},
			{Group: coldstart.TierGroup, Name: "last_response", Result: "optimised"},
		},
	}
	if d := cmp.Diff(want, r); d != "" {
		t.Error(d)
	}
}

// What earlier trials of a runner and rung read of the probe is what a later one
// waits for.
func TestUncontendedIsKept(t *testing.T) {
	var asked []time.Duration
	answers := []time.Duration{0, 2000, 1000, 3000, 1500}
	a := &Agent{Answer: func(q protocol.Task) (any, error) {
		times := agent.ColdStartTimes{FirstResponse: []time.Duration{9}, Probe: answers[len(asked)]}
		asked = append(asked, Decode[agent.ColdStart](t, q).Uncontended)
		return times, nil
	}}
	e := coldstart.New()
	for i, rung := range []results.Rung{results.Hot, results.Hot, results.Hot, results.Pooled, results.Hot} {
		r, err := e.Run(t.Context(), Trial(t, coldstart.Name, coldstart.WarmParams(rung), effort, a, &Node{}))
		if err != nil {
			t.Fatal(err)
		}
		probe := Values(r, coldstart.ContentionProbe)
		if want := answers[i].Seconds(); want == 0 && probe != nil || want > 0 && !slices.Equal(probe, []float64{want}) {
			t.Errorf("trial %d: the probe is %v of %v", i, probe, want)
		}
	}
	if want := []time.Duration{0, 0, 2060, 0, 1030}; !slices.Equal(asked, want) {
		t.Errorf("waited for %v instead of %v", asked, want)
	}
}

func TestBootAddsTheSpawn(t *testing.T) {
	a := &Agent{Took: 5 * time.Millisecond, Answer: func(q protocol.Task) (any, error) {
		if len(q.Subject.Exchanges) != 1 {
			t.Errorf("the agent reads %d exchanges on the clock", len(q.Subject.Exchanges))
		}
		return agent.ColdStartTimes{
			FirstResponse: []time.Duration{time.Millisecond}, Empty: 1,
			Phases: []agent.Phase{{Name: "boot", Values: []time.Duration{time.Millisecond}}},
		}, nil
	}}
	r, err := coldstart.New().Run(t.Context(), Trial(t, coldstart.Name, coldstart.WarmParams(results.Boot), effort, a, &Node{}))
	if err != nil {
		t.Fatal(err)
	}
	if Values(r, coldstart.FirstResponse)[0] != 0.005 || r.Phases[0].Name != runners.PhaseSpawn || r.Phases[0].Values[0] != 0.004 {
		t.Errorf("%+v", r)
	}
}

func TestDroppedPageCache(t *testing.T) {
	a := &Agent{Answer: func(protocol.Task) (any, error) {
		return agent.ColdStartTimes{FirstResponse: []time.Duration{1}}, nil
	}}
	for cache, want := range map[string]int{results.PageCacheWarm: 0, results.PageCacheDropped: 1} {
		n := &Node{}
		params := coldstart.WarmParams(results.Cold).With(results.PageCacheParam, cache)
		if _, err := coldstart.New().Run(t.Context(), Trial(t, coldstart.Name, params, effort, a, n)); err != nil || n.Dropped != want {
			t.Errorf("%s: dropped %d times, %v", cache, n.Dropped, err)
		}
	}
}

func TestNoTimesIsAnError(t *testing.T) {
	a := &Agent{Answer: func(protocol.Task) (any, error) { return agent.ColdStartTimes{}, nil }}
	for _, rung := range []results.Rung{results.Boot, results.Cold} {
		if _, err := coldstart.New().Run(t.Context(), Trial(t, coldstart.Name, coldstart.WarmParams(rung), effort, a, &Node{})); err == nil {
			t.Errorf("%s: no error", rung)
		}
	}
}

func TestExpand(t *testing.T) {
	placements := []string{experiment.PlacementFree, results.PlacementSameCore, results.PlacementOtherCore}
	ladder := []results.Rung{results.Boot, results.Cold, results.Pooled, results.Hot}
	for name, c := range map[string]struct {
		parameters coldstart.Parameters
		target     experiment.Target
		want       []string
	}{
		"all rungs": {
			coldstart.Parameters{}, experiment.Target{},
			[]string{"page_cache=warm/rung=boot 1", "page_cache=warm/rung=cold 9", "page_cache=warm/rung=pooled 9", "page_cache=warm/rung=hot 9"},
		},
		"dropped where something is read": {
			coldstart.Parameters{PageCache: []string{"dropped"}}, experiment.Target{},
			[]string{"page_cache=dropped/rung=boot 1", "page_cache=dropped/rung=cold 1"},
		},
		"a command is never hot": {
			coldstart.Parameters{Rungs: []results.Rung{results.Pooled, results.Hot}}, experiment.Target{SingleShot: true},
			[]string{"page_cache=warm/rung=pooled 9"},
		},
		"hot instances in each place": {
			coldstart.Parameters{Rungs: []results.Rung{results.Pooled, results.Hot}, Placements: placements},
			experiment.Target{Mode: runners.Mode{Processes: true}},
			[]string{
				"page_cache=warm/rung=pooled 9", "page_cache=warm/rung=hot 9",
				"page_cache=warm/placement=same-core/rung=hot 9", "page_cache=warm/placement=other-core/rung=hot 9",
			},
		},
		"hot instances inside the agent": {
			coldstart.Parameters{Rungs: []results.Rung{results.Hot}, Placements: placements}, experiment.Target{},
			[]string{"page_cache=warm/rung=hot 9", "page_cache=warm/placement=same-core/rung=hot 9"},
		},
		"a held command gives no sign": {
			coldstart.Parameters{Rungs: []results.Rung{results.Pooled, results.Hot}},
			experiment.Target{SingleShot: true, Mode: runners.Mode{Parks: true}}, nil,
		},
	} {
		c.parameters.Iterations = 9
		c.target.Mode.Rungs = ladder
		var got []string
		for _, x := range c.parameters.Expand(c.target) {
			got = append(got, string(x.Params)+" "+string(rune('0'+x.Effort.(coldstart.Effort).Iterations)))
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
