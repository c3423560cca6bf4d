package stat

import (
	"math"
	"strings"
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/density"
	"edgebench/bench/experiment/instances"
	"edgebench/bench/experiment/throughput"
	"edgebench/results"
)

func cell(runner string) results.Cell {
	return results.Cell{
		System:   results.System{Runner: runner, Mode: "m"},
		Artefact: results.Artefact{Workload: "noop", Build: "c"}, Experiment: coldstart.Name, Params: coldstart.WarmParams(results.Cold),
	}
}

// trial is one in which nothing was disturbed.
func trial(seq int, metrics ...results.Metric) Trial {
	return Trial{Record: &results.Record{Schema: results.Schema, Run: "r", Seq: seq, Cell: cell("a"), Outcome: results.OK, Metrics: metrics}}
}

func times(values ...float64) results.Metric {
	return results.Metric{Name: coldstart.FirstResponse, Unit: results.Seconds, Values: values}
}

// sampleOf makes a sample with the given trials.
func sampleOf(metric string, trials ...[]float64) *Sample {
	s := &Sample{Key: Key{Cell: cell("a"), Metric: metric}, Unit: results.Seconds}
	for i, t := range trials {
		s.Trials = append(s.Trials, Values{Seq: i, Values: t})
	}
	return s
}

// singles makes a sample of one value for each trial.
func singles(values ...float64) *Sample {
	trials := make([][]float64, len(values))
	for i, v := range values {
		trials[i] = []float64{v}
	}
	return sampleOf("x", trials...)
}

func TestGroupTakesOnlyWhatIsOK(t *testing.T) {
	failed := trial(2, times(9))
	failed.Outcome = results.Failed
	unavailable := trial(3)
	unavailable.Outcome = results.Unavailable
	other := trial(4, times(5))
	other.Params = other.Params.With(results.PageCacheParam, results.PageCacheDropped)
	// Out of order on purpose: the plan's order counts and not the file's.
	var records []results.Record
	for _, r := range []Trial{other, trial(1, times(3)), failed, unavailable, trial(0, times(1, 2))} {
		records = append(records, *r.Record)
	}
	samples, refused := Group(Judge(results.Environment{}, records))
	if len(refused) > 0 {
		t.Errorf("refused %v", refused)
	}
	all := samples.All()
	if len(all) != 2 {
		t.Fatalf("%d samples, want one for each state of the page cache", len(all))
	}
	warm := all[1]
	if got := warm.Params.Get(results.PageCacheParam); got != results.PageCacheWarm {
		t.Fatalf("the page cache is %q", got)
	}
	if len(warm.Trials) != 2 || warm.Trials[0].Seq != 0 || warm.Count() != 3 {
		t.Errorf("trials are %+v", warm.Trials)
	}
	if got := warm.Medians(); got[0] != 1.5 || got[1] != 3 {
		t.Errorf("medians are %v", got)
	}
}

func TestGroupRefuses(t *testing.T) {
	drop := results.Metric{Name: instances.AvailableDrop, Unit: results.Bytes, Values: []float64{-5}}
	bytes := times(1)
	bytes.Unit = results.Bytes
	unknown := results.Metric{Name: "height", Unit: "m", Values: []float64{1}}
	other := unknown
	other.Unit = "ft"
	for name, c := range map[string]struct {
		trials []Trial
		want   string // part of the reason, "" where nothing is refused
	}{
		"no number":        {[]Trial{trial(0, times(1, math.NaN()))}, "NaN"},
		"infinite":         {[]Trial{trial(0, times(math.Inf(1)))}, "+Inf"},
		"negative":         {[]Trial{trial(0, times(-1))}, "negative"},
		"absurd":           {[]Trial{trial(0, times(1e300))}, "beyond all measure"},
		"empty":            {[]Trial{trial(0, times())}, "no values"},
		"twice":            {[]Trial{trial(0, times(1)), trial(0, times(2))}, "twice"},
		"twice in a trial": {[]Trial{trial(0, times(1), times(2))}, "twice"},
		"wrong unit":       {[]Trial{trial(0, times(1)), trial(1, bytes)}, "it should be \"sec\""},
		"two units":        {[]Trial{trial(0, unknown), trial(1, other)}, "earlier trials"},
		"memory freed":     {[]Trial{trial(0, drop)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, refused := Group(c.trials)
			if c.want == "" {
				if len(refused) > 0 {
					t.Errorf("refused %v", refused)
				}
				return
			}
			if len(refused) != 1 || !strings.Contains(refused[0].String(), c.want) {
				t.Errorf("refused %v, want one that says %q", refused, c.want)
			}
		})
	}
}

func TestPhasesAreSamples(t *testing.T) {
	r := trial(0, times(3))
	r.Phases = []results.Metric{{Name: "load", Unit: results.Seconds, Values: []float64{1}}}
	samples, _ := Group([]Trial{r})
	key := Key{cell("a"), PhasePrefix + "load"}
	if s := samples.Get(key); s == nil || s.Count() != 1 {
		t.Errorf("the phase is %+v", s)
	}
}

// Keys are ordered as they are reported: by experiment, what is run, rung, system,
// other parameters and metric. An experiment that no table has comes last.
func TestKeysAreOrdered(t *testing.T) {
	key := func(change func(*Key)) Key {
		k := Key{Cell: cell("a"), Metric: "x"}
		change(&k)
		return k
	}
	ordered := []Key{
		key(func(k *Key) { k.Workload, k.Params = "auth", coldstart.WarmParams(results.Hot) }),
		key(func(k *Key) { k.Params = coldstart.WarmParams(results.Boot) }),
		key(func(k *Key) {}),
		key(func(k *Key) { k.Metric = "y" }),
		key(func(k *Key) { k.Mode = "n" }),
		key(func(k *Key) { k.Runner = "b" }),
		key(func(k *Key) { k.Params = coldstart.WarmParams(results.Hot) }),
		key(func(k *Key) { k.Build = "rust" }),
		key(func(k *Key) { k.Experiment = density.Name }),
		key(func(k *Key) { k.Experiment = throughput.Name }),
		key(func(k *Key) { k.Experiment = "another" }),
	}
	for i, a := range ordered {
		for j, b := range ordered {
			if got := a.Compare(b); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("%v and %v compare as %d", a, b, got)
			}
		}
	}
}
