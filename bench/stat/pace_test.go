package stat

import (
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/results"
)

// paced are trials with a pace and a least time each.
func paced(paces ...float64) []Trial {
	var trials []Trial
	for i, pace := range paces {
		r := trial(i,
			results.Metric{Name: coldstart.Minimum, Unit: results.Seconds, Values: []float64{10 * pace}},
			results.Metric{Name: coldstart.ContentionProbe, Unit: results.Seconds, Values: []float64{pace}})
		r.Disturbances = []Disturbance{{results.MachineSteal, 0.1}} // says nothing of a moment at full pace
		trials = append(trials, r)
	}
	return trials
}

func absurd(trials []Trial) []Trial {
	trials[0].Metrics[1].Values = []float64{-1}
	return trials
}

func TestSharedPacesAreCounted(t *testing.T) {
	samples, _ := Group(paced(1, 1.01, 1, 1.5, 1.02, 1, 1.8))
	if shared, paced := samples.Paces(); shared != 2 || paced != 7 {
		t.Errorf("%d of %d trials were on a shared core, instead of 2 of 7", shared, paced)
	}
}

// Least times are at a full pace where all that count have one and the rung waits
// for it.
func TestLeastTimesAtAFullPace(t *testing.T) {
	for _, c := range []struct {
		what  string
		paces []float64
		rung  results.Rung
		bare  bool // one of them has no pace
		full  bool
	}{
		{"six of eight", []float64{1, 1.01, 1, 1.5, 1.02, 1, 1.8, 1}, results.Hot, false, true},
		{"five of seven", []float64{1, 1.01, 1, 1.5, 1.02, 1.8, 1}, results.Hot, false, false},
		{"all of a rung that does not wait", []float64{1, 1, 1, 1, 1, 1}, results.Cold, false, false},
		{"all but one without any", []float64{1, 1, 1, 1, 1, 1, 1}, results.Pooled, true, false},
	} {
		trials := paced(c.paces...)
		for i := range trials {
			trials[i].Params, trials[i].Disturbances = coldstart.WarmParams(c.rung), nil
		}
		if c.bare {
			trials[0].Metrics = trials[0].Metrics[:1]
		}
		samples, _ := Group(trials)
		for _, s := range samples.All() {
			if want := c.full && s.Metric == coldstart.Minimum; s.Full != want {
				t.Errorf("%s: %s at a full pace is %v", c.what, s.Metric, s.Full)
			}
		}
	}
}

func TestLeastTimesAreJudgedByPace(t *testing.T) {
	for _, c := range []struct {
		what              string
		list              []Trial
		trials, disturbed int
		paced             int
	}{
		{"two of eight without a full pace", paced(1, 1.01, 1, 1.5, 1.02, 1, 1.8, 1), 6, 0, 8},
		{"too few with one", paced(1, 1.01, 1, 1.5, 1.02, 1, 1.8), 7, 2, 7},
		{"none of a rung that knows no better", paced(1.5, 1.5, 1.5, 1.5, 1.5, 1.5), 6, 0, 6},
		{"an absurd one", absurd(paced(1, 1, 1, 1, 1, 1, 1, 1)), 8, 1, 7},
		{"without any", []Trial{trial(0, results.Metric{Name: coldstart.Minimum, Unit: results.Seconds, Values: []float64{1}})}, 1, 0, 0},
	} {
		for i := range c.list {
			c.list[i].Seq = i
		}
		other := trial(100, results.Metric{Name: coldstart.Minimum, Unit: results.Seconds, Values: []float64{1}},
			results.Metric{Name: coldstart.ContentionProbe, Unit: results.Seconds, Values: []float64{0.1}})
		other.Params = coldstart.WarmParams(results.Hot) // of which the paces are no measure
		samples, _ := Group(append(c.list, other))
		if _, paced := samples.Paces(); paced != c.paced+1 {
			t.Errorf("%s: %d trials have a pace, of %d", c.what, paced, c.paced+1)
		}
		for _, s := range samples.All() {
			if s.Metric != coldstart.Minimum || s.Rung() == results.Hot {
				continue
			}
			if len(s.Trials) != c.trials || s.disturbed() != c.disturbed {
				t.Errorf("%s: %d trials, %d disturbed, instead of %d and %d", c.what, len(s.Trials), s.disturbed(), c.trials, c.disturbed)
			}
		}
	}
}
