package stat_test

import (
	"math"
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/stattest"
	"edgebench/results"
)

// probed are trials with a contention probe and a minimum each.
func probed(probes ...float64) []stat.Trial {
	var trials []stat.Trial
	for i, probe := range probes {
		r := stattest.Trial(i,
			results.Metric{Name: coldstart.Minimum, Unit: results.Seconds, Values: []float64{10 * probe}},
			results.Metric{Name: coldstart.ContentionProbe, Unit: results.Seconds, Values: []float64{probe}})
		r.Disturbances = []stat.Disturbance{{Cause: results.MachineSteal, Share: 0.1}} // says nothing of a moment without contention
		trials = append(trials, r)
	}
	return trials
}

func absurd(trials []stat.Trial) []stat.Trial {
	trials[0].Metrics[1].Values = []float64{-1}
	return trials
}

func TestContendedTrialsAreCounted(t *testing.T) {
	samples, _ := stat.Group(probed(1, 1.01, 1, 1.5, 1.02, 1, 1.8))
	if contended, probed := samples.Contention(); contended != 2 || probed != 7 {
		t.Errorf("%d of %d trials were contended, instead of 2 of 7", contended, probed)
	}
}

// Minima are uncontended where all that are retained are and the rung waits for it.
func TestUncontendedMinima(t *testing.T) {
	for _, c := range []struct {
		what        string
		probes      []float64
		rung        results.Rung
		bare        bool // one of them has no probe
		uncontended bool
	}{
		{"six of eight", []float64{1, 1.01, 1, 1.5, 1.02, 1, 1.8, 1}, results.Hot, false, true},
		{"five of seven", []float64{1, 1.01, 1, 1.5, 1.02, 1.8, 1}, results.Hot, false, false},
		{"all of a rung that does not wait", []float64{1, 1, 1, 1, 1, 1}, results.Cold, false, false},
		{"all but one without any", []float64{1, 1, 1, 1, 1, 1, 1}, results.Pooled, true, false},
	} {
		trials := probed(c.probes...)
		for i := range trials {
			trials[i].Params, trials[i].Disturbances = coldstart.WarmParams(c.rung), nil
		}
		if c.bare {
			trials[0].Metrics = trials[0].Metrics[:1]
		}
		samples, _ := stat.Group(trials)
		for _, s := range samples.All() {
			if want := c.uncontended && s.Metric == coldstart.Minimum; s.Uncontended != want {
				t.Errorf("%s: %s is uncontended: %v", c.what, s.Metric, s.Uncontended)
			}
		}
	}
}

func TestMinimaAreJudgedByTheirProbes(t *testing.T) {
	for _, c := range []struct {
		what              string
		list              []stat.Trial
		trials, disturbed int
		probed            int
	}{
		{"two of eight contended", probed(1, 1.01, 1, 1.5, 1.02, 1, 1.8, 1), 6, 0, 8},
		{"too few uncontended", probed(1, 1.01, 1, 1.5, 1.02, 1, 1.8), 7, 2, 7},
		{"none of a rung that knows no better", probed(1.5, 1.5, 1.5, 1.5, 1.5, 1.5), 6, 0, 6},
		{"an absurd one", absurd(probed(1, 1, 1, 1, 1, 1, 1, 1)), 8, 1, 7},
		{"without any", []stat.Trial{stattest.Trial(0, results.Metric{Name: coldstart.Minimum, Unit: results.Seconds, Values: []float64{1}})}, 1, 0, 0},
	} {
		for i := range c.list {
			c.list[i].Seq = i
		}
		other := stattest.Trial(100, results.Metric{Name: coldstart.Minimum, Unit: results.Seconds, Values: []float64{1}},
			results.Metric{Name: coldstart.ContentionProbe, Unit: results.Seconds, Values: []float64{0.1}})
		other.Params = coldstart.WarmParams(results.Hot) // of which the probes are no measure
		samples, _ := stat.Group(append(c.list, other))
		if _, probed := samples.Contention(); probed != c.probed+1 {
			t.Errorf("%s: %d trials have a probe, of %d", c.what, probed, c.probed+1)
		}
		for _, s := range samples.All() {
			if s.Metric != coldstart.Minimum || s.Rung() == results.Hot {
				continue
			}
			if len(s.Trials) != c.trials || s.Disturbed() != c.disturbed {
				t.Errorf("%s: %d trials, %d disturbed, instead of %d and %d", c.what, len(s.Trials), s.Disturbed(), c.trials, c.disturbed)
			}
		}
	}
}

// A machine whose probes are all longer is another one, or its core was never ours.
func TestProbeRatio(t *testing.T) {
	old, _ := stat.Group(probed(1, 1, 1.5, 1, 1, 1))
	same, _ := stat.Group(probed(1, 1.8, 1, 1, 1, 1.2))
	slower, _ := stat.Group(probed(1.1, 1.1, 1.1, 1.3))
	none, _ := stat.Group([]stat.Trial{stattest.Trial(0, times(1))})
	for name, c := range map[string]struct {
		new  *stat.Samples
		want float64
	}{"the same": {same, 1}, "slower": {slower, 1.1}, "without a probe": {none, 0}} {
		if got := stat.ProbeRatio(old, c.new); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: the ratio is %v, want %v", name, got, c.want)
		}
	}
}
