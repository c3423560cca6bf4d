package stat

import (
	"math"
	"strings"
	"testing"

	"edgebench/results"
)

func cell(runner string) results.Cell {
	return results.Cell{Runner: runner, Mode: "m", Workload: "noop", Language: "c", Rung: results.Cold}
}

func record(seq int, metrics ...results.Metric) results.Record {
	return results.Record{
		Schema: 1, Run: "r", Seq: seq, Experiment: results.ColdStart, Cell: cell("a"), Outcome: results.OK,
		Conditions: map[string]string{results.PageCache: "warm"}, Metrics: metrics,
	}
}

func times(values ...float64) results.Metric {
	return results.Metric{Name: results.FirstResponse, Unit: results.Seconds, Values: values}
}

// sampleOf makes a sample with the given trials.
func sampleOf(metric string, trials ...[]float64) *Sample {
	s := &Sample{Key: Key{Experiment: results.ColdStart, Cell: cell("a"), Metric: metric}, Unit: results.Seconds}
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
	failed := record(2, times(9))
	failed.Outcome = results.Failed
	unavailable := record(3)
	unavailable.Outcome = results.Unavailable
	other := record(4, times(5))
	other.Conditions = map[string]string{results.PageCache: "dropped"}
	// Out of order on purpose: the plan's order counts and not the file's.
	samples, refused := Group([]results.Record{other, record(1, times(3)), failed, unavailable, record(0, times(1, 2))})
	if len(refused) > 0 {
		t.Errorf("refused %v", refused)
	}
	all := samples.All()
	if len(all) != 2 {
		t.Fatalf("%d samples, want one for each condition", len(all))
	}
	warm := all[1]
	if got := warm.Conditions.Get(results.PageCache); got != "warm" {
		t.Fatalf("conditions are %q", got)
	}
	if len(warm.Trials) != 2 || warm.Trials[0].Seq != 0 || warm.Count() != 3 {
		t.Errorf("trials are %+v", warm.Trials)
	}
	if got := warm.Medians(); got[0] != 1.5 || got[1] != 3 {
		t.Errorf("medians are %v", got)
	}
}

func TestGroupRefuses(t *testing.T) {
	drop := results.Metric{Name: results.AvailableDrop, Unit: results.Bytes, Values: []float64{-5}}
	bytes := times(1)
	bytes.Unit = results.Bytes
	unknown := results.Metric{Name: "height", Unit: "m", Values: []float64{1}}
	other := unknown
	other.Unit = "ft"
	for name, c := range map[string]struct {
		records []results.Record
		want    string // part of the reason, "" where nothing is refused
	}{
		"no number":        {[]results.Record{record(0, times(1, math.NaN()))}, "NaN"},
		"infinite":         {[]results.Record{record(0, times(math.Inf(1)))}, "+Inf"},
		"negative":         {[]results.Record{record(0, times(-1))}, "negative"},
		"absurd":           {[]results.Record{record(0, times(1e300))}, "beyond all measure"},
		"empty":            {[]results.Record{record(0, times())}, "no values"},
		"twice":            {[]results.Record{record(0, times(1)), record(0, times(2))}, "twice"},
		"twice in a trial": {[]results.Record{record(0, times(1), times(2))}, "twice"},
		"wrong unit":       {[]results.Record{record(0, times(1)), record(1, bytes)}, "it should be \"sec\""},
		"two units":        {[]results.Record{record(0, unknown), record(1, other)}, "earlier trials"},
		"memory freed":     {[]results.Record{record(0, drop)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, refused := Group(c.records)
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
	r := record(0, times(3))
	r.Phases = []results.Metric{{Name: "load", Unit: results.Seconds, Values: []float64{1}}}
	samples, _ := Group([]results.Record{r})
	key := Key{results.ColdStart, cell("a"), NewConditions(r.Conditions), PhasePrefix + "load"}
	if s := samples.Get(key); s == nil || s.Count() != 1 {
		t.Errorf("the phase is %+v", s)
	}
}

func TestConditionsRoundTrip(t *testing.T) {
	m := map[string]string{"a=b&c": "d, e", "page_cache": "warm"}
	got := NewConditions(m).Map()
	if len(got) != 2 || got["a=b&c"] != "d, e" || got["page_cache"] != "warm" {
		t.Errorf("got %v", got)
	}
	if s := NewConditions(map[string]string{"b": "2", "a": "1"}).String(); s != "a=1, b=2" {
		t.Errorf("printed as %q", s)
	}
	if s := NewConditions(nil).String(); s != "" {
		t.Errorf("none are printed as %q", s)
	}
}
