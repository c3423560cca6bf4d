package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat/compare"
	"edgebench/results"
)

// runOf is a run of ten cold starts with 20 trials each, whose noise is 1 %;
// the named mode takes slow times as long.
func runOf(seed uint64, slow string, factor float64) *results.Folder {
	noise := rand.New(rand.NewPCG(seed, 1))
	f := &results.Folder{
		Plan:        results.Plan{Run: fmt.Sprintf("run%d", seed), Seed: seed},
		Environment: results.Environment{Host: results.Host{OS: "linux", Arch: "amd64", CPU: "x", Cores: 2}},
	}
	for block := range 20 {
		for i := range 10 {
			v := 1e-3 * (1 + 0.01*noise.NormFloat64())
			cell := results.Cell{
				System:     results.System{Runner: "wazero", Mode: fmt.Sprintf("m%d", i)},
				Artefact:   results.Artefact{Workload: "noop", Build: "c"},
				Experiment: coldstart.Name, Params: coldstart.WarmParams(results.Cold),
			}
			if cell.Mode == slow {
				v *= factor
			}
			f.Records = append(f.Records, results.Record{
				Seq: block*10 + i, Block: block, Cell: cell, Outcome: results.OK,
				Metrics: []results.Metric{{Name: coldstart.FirstResponse, Unit: results.Seconds, Values: []float64{v}}},
			})
		}
	}
	return f
}

func trips(t *testing.T, c *Comparison, threshold string) []string {
	t.Helper()
	x, err := ParseThreshold(threshold)
	if err != nil {
		t.Fatal(err)
	}
	return x.Trips(c)
}

func TestCompareFindsWhatWasPutIn(t *testing.T) {
	c := Compare(runOf(1, "", 1), runOf(2, "m3", 1.05), false)
	if len(c.Rows) != 10 || c.Count(compare.Slower) != 1 || c.Count(compare.Same) != 9 {
		t.Errorf("%d rows, %d slower, %d the same", len(c.Rows), c.Count(compare.Slower), c.Count(compare.Same))
	}
	for threshold, want := range map[string]int{
		"slower": 1, "slower>3%": 1, "slower>9%": 0, "faster": 0, "missing": 0,
		"undecided":                    1, // the runner: what its cells share is small, but one of them differs
		"slower runner=wazero mode=m3": 1, "slower mode=m4": 0, "slower metric=first_response rung=cold": 1,
	} {
		if names := trips(t, c, threshold); len(names) != want {
			t.Errorf("%q trips for %q", threshold, names)
		}
	}
	back := Compare(runOf(2, "m3", 1.05), runOf(1, "", 1), false)
	if names := trips(t, back, "faster>3%"); len(names) != 1 || !strings.Contains(names[0], "wazero/m3 noop in c cold") {
		t.Errorf("the other way round, faster are %q", names)
	}
}

// A slowdown of every cell of a runner is one of the runner, which only a
// threshold about the runner trips on.
func TestCompareFindsARunner(t *testing.T) {
	old, new := runOf(1, "", 1), runOf(2, "", 1)
	for _, f := range []*results.Folder{old, new} {
		for i := range f.Records {
			r := &f.Records[i]
			if r.Seq%2 == 1 {
				continue
			}
			r.Runner, r.Workload = "wasmer", "other"
		}
	}
	c := Compare(old, new, false)
	if len(c.Runners) != 2 || c.Runners[0].Cells != 5 || c.Runners[1].Verdict != compare.Undecided {
		t.Errorf("five cells each are %+v", c.Runners)
	}
	c = Compare(runOf(1, "", 1), slower(runOf(2, "", 1), 1.05), false)
	if len(c.Runners) != 1 || c.Runners[0].Verdict != compare.Slower || c.Level != 0.01 {
		t.Fatalf("the runner is %+v", c.Runners)
	}
	const whole = "wazero as a whole"
	for threshold, want := range map[string]bool{
		"slower": true, "slower>3% runner=wazero": true, "slower>9% runner=wazero": false, "slower runner=wasmer": false,
		"slower runner=wazero rung=cold": false, "faster": false,
	} {
		if names := trips(t, c, threshold); slices.Contains(names, whole) != want {
			t.Errorf("%q trips for %q", threshold, names)
		}
	}
}

// Of cold starts that were repeated the minima are compared too, and of the runner
// they alone.
func TestCompareLooksAtTheMinima(t *testing.T) {
	old, new := runOf(1, "", 1), runOf(2, "m3", 1.05)
	for _, f := range []*results.Folder{old, new} {
		for i := range f.Records {
			r := &f.Records[i]
			minimum := r.Metrics[0]
			minimum.Name, minimum.Values = coldstart.Minimum, []float64{minimum.Values[0] / 2}
			r.Metrics = append(r.Metrics, minimum, results.Metric{Name: coldstart.Iterations, Unit: results.Count, Values: []float64{9}})
		}
	}
	c := Compare(old, new, false)
	if len(c.Rows) != 20 || c.Count(compare.Slower) != 2 || c.Runners[0].Cells != 10 {
		t.Errorf("%d rows, %d slower, %d cells", len(c.Rows), c.Count(compare.Slower), c.Runners[0].Cells)
	}
	if names := trips(t, c, "slower>3% metric=first_response_minimum"); len(names) != 1 || !strings.HasSuffix(names[0], "first response minimum") {
		t.Errorf("%q trip", names)
	}
}

// Where the machine itself was slower at its best, that is said.
func TestCompareKnowsTheMachinesSpeed(t *testing.T) {
	probed := func(seed uint64, probe float64) *results.Folder {
		f := runOf(seed, "", 1)
		for i := range f.Records {
			r := &f.Records[i]
			r.Metrics = append(r.Metrics, results.Metric{Name: coldstart.ContentionProbe, Unit: results.Seconds, Values: []float64{probe}})
		}
		return f
	}
	for _, x := range []struct {
		a, b  *results.Folder
		ratio float64
		moved bool
	}{
		{runOf(1, "", 1), runOf(2, "", 1), 0, false},
		{probed(1, 1e-6), runOf(2, "", 1), 0, false},
		{probed(1, 1e-6), probed(2, 1.01e-6), 1.01, false},
		{probed(1, 1e-6), probed(2, 1.5e-6), 1.5, true},
		{probed(1, 1.5e-6), probed(2, 1e-6), 1 / 1.5, true},
	} {
		c := Compare(x.a, x.b, false)
		if math.Abs(c.ContentionProbe-x.ratio) > 1e-9 || c.ProbeMoved() != x.moved {
			t.Errorf("the probe is × %v instead of × %v, moved: %v", c.ContentionProbe, x.ratio, c.ProbeMoved())
		}
	}
}

// slower makes all of a run slower.
func slower(f *results.Folder, factor float64) *results.Folder {
	for _, r := range f.Records {
		for _, m := range r.Metrics {
			for i := range m.Values {
				m.Values[i] *= factor
			}
		}
	}
	return f
}

func TestCompareRefusesOtherHardware(t *testing.T) {
	a, b := runOf(1, "", 1), runOf(2, "", 1)
	b.Environment.Host.CPU = "y"
	if c := Compare(a, b, false); !c.Refused() || len(c.Rows) != 0 || c.Differences[0].Field != "host.cpu" {
		t.Errorf("compared as %+v", c)
	}
	if c := Compare(a, b, true); !c.Refused() || len(c.Rows) != 10 {
		t.Errorf("compared anyway, there are %d rows", len(c.Rows))
	}
}

func TestCompareNamesWhatIsMissing(t *testing.T) {
	a, b := runOf(1, "", 1), runOf(2, "", 1)
	for i := range b.Records {
		if b.Records[i].Cell.Mode == "m0" {
			b.Records[i].Cell.Mode = "new"
		}
	}
	c := Compare(a, b, false)
	if len(c.Gone) != 1 || len(c.Added) != 1 || len(trips(t, c, "missing")) != 1 {
		t.Errorf("gone are %q, added %q", c.Gone, c.Added)
	}
}

func TestBadThresholds(t *testing.T) {
	for _, text := range []string{"", "worse", "slower>", "slower>5", "slower>x%", "slower>-1%", "slower rung", "slower colour=red", "missing>5%", "slower>NaN%", "\x1b"} {
		_, err := ParseThreshold(text)
		if err == nil || strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
