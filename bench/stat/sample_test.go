package stat_test

import (
	"math"
	"strings"
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/density"
	"edgebench/bench/experiment/instances"
	"edgebench/bench/experiment/throughput"
	"edgebench/bench/stat"
	"edgebench/bench/stat/diagnose"
	"edgebench/bench/stat/internal/stattest"
	"edgebench/results"
)

func times(values ...float64) results.Metric {
	return results.Metric{Name: coldstart.FirstResponse, Unit: results.Seconds, Values: values}
}

func TestGroupTakesOnlyWhatIsOK(t *testing.T) {
	failed := stattest.Trial(2, times(9))
	failed.Outcome = results.Failed
	unavailable := stattest.Trial(3)
	unavailable.Outcome = results.Unavailable
	other := stattest.Trial(4, times(5))
	other.Params = other.Params.With(results.PageCacheParam, results.PageCacheDropped)
	// Out of order on purpose: the plan's order counts and not the file's.
	var records []results.Record
	for _, r := range []stat.Trial{other, stattest.Trial(1, times(3)), failed, unavailable, stattest.Trial(0, times(1, 2))} {
		records = append(records, *r.Record)
	}
	samples, rejected := stat.Group(diagnose.Judge(results.Environment{}, records))
	if len(rejected) > 0 {
		t.Errorf("rejected %v", rejected)
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

func TestGroupRejects(t *testing.T) {
	drop := results.Metric{Name: instances.AvailableDrop, Unit: results.Bytes, Values: []float64{-5}}
	bytes := times(1)
	bytes.Unit = results.Bytes
	unknown := results.Metric{Name: "height", Unit: "m", Values: []float64{1}}
	other := unknown
	other.Unit = "ft"
	for name, c := range map[string]struct {
		trials []stat.Trial
		want   string // part of the reason, "" where nothing is rejected
	}{
		"no number":        {[]stat.Trial{stattest.Trial(0, times(1, math.NaN()))}, "NaN"},
		"infinite":         {[]stat.Trial{stattest.Trial(0, times(math.Inf(1)))}, "+Inf"},
		"negative":         {[]stat.Trial{stattest.Trial(0, times(-1))}, "negative"},
		"absurd":           {[]stat.Trial{stattest.Trial(0, times(1e300))}, "beyond all measure"},
		"empty":            {[]stat.Trial{stattest.Trial(0, times())}, "no values"},
		"twice":            {[]stat.Trial{stattest.Trial(0, times(1)), stattest.Trial(0, times(2))}, "twice"},
		"twice in a trial": {[]stat.Trial{stattest.Trial(0, times(1), times(2))}, "twice"},
		"wrong unit":       {[]stat.Trial{stattest.Trial(0, times(1)), stattest.Trial(1, bytes)}, "it should be \"sec\""},
		"two units":        {[]stat.Trial{stattest.Trial(0, unknown), stattest.Trial(1, other)}, "earlier trials"},
		"memory freed":     {[]stat.Trial{stattest.Trial(0, drop)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, rejected := stat.Group(c.trials)
			if c.want == "" {
				if len(rejected) > 0 {
					t.Errorf("rejected %v", rejected)
				}
				return
			}
			if len(rejected) != 1 || !strings.Contains(rejected[0].String(), c.want) {
				t.Errorf("rejected %v, want one that says %q", rejected, c.want)
			}
		})
	}
}

func TestPhasesAreSamples(t *testing.T) {
	r := stattest.Trial(0, times(3))
	r.Phases = []results.Metric{{Name: "load", Unit: results.Seconds, Values: []float64{1}}}
	samples, _ := stat.Group([]stat.Trial{r})
	key := stat.Key{Cell: stattest.Cell("a"), Metric: stat.PhasePrefix + "load"}
	if s := samples.Get(key); s == nil || s.Count() != 1 {
		t.Errorf("the phase is %+v", s)
	}
}

// Keys are ordered as they are reported: by experiment, what is run, rung, system,
// other parameters and metric. An experiment that no table has comes last.
func TestKeysAreOrdered(t *testing.T) {
	key := func(change func(*stat.Key)) stat.Key {
		k := stat.Key{Cell: stattest.Cell("a"), Metric: "x"}
		change(&k)
		return k
	}
	ordered := []stat.Key{
		key(func(k *stat.Key) { k.Workload, k.Params = "auth", coldstart.WarmParams(results.Hot) }),
		key(func(k *stat.Key) { k.Params = coldstart.WarmParams(results.Boot) }),
		key(func(k *stat.Key) {}),
		key(func(k *stat.Key) { k.Metric = "y" }),
		key(func(k *stat.Key) { k.Mode = "n" }),
		key(func(k *stat.Key) { k.Runner = "b" }),
		key(func(k *stat.Key) { k.Params = coldstart.WarmParams(results.Hot) }),
		key(func(k *stat.Key) { k.Build = "rust" }),
		key(func(k *stat.Key) { k.Experiment = density.Name }),
		key(func(k *stat.Key) { k.Experiment = throughput.Name }),
		key(func(k *stat.Key) { k.Experiment = "another" }),
	}
	for i, a := range ordered {
		for j, b := range ordered {
			if got := a.Compare(b); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("%v and %v compare as %d", a, b, got)
			}
		}
	}
}
