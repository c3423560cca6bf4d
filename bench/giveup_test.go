package bench

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/stat/diagnose"
	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
)

// notes is an Observer that keeps what is noted and how many trials were begun.
type notes struct {
	list   []string
	trials int
}

func (n *notes) Step(string)                   {}
func (n *notes) Note(what string)              { n.list = append(n.list, what) }
func (n *notes) Trial(results.Trial, Progress) { n.trials++ }

// fake is an experiment whose trials end as outcome says, by the cell's mode and
// the number of its trials before.
type fake struct {
	outcome func(mode string, before int) error
	done    map[string]int
}

func (f *fake) Describe() experiment.Description {
	return experiment.Description{Name: "fake"}
}

func (f *fake) Parameters() experiment.Parameters { return nil }

func (f *fake) Run(_ context.Context, t *experiment.Trial) (experiment.Result, error) {
	n := f.done[t.Cell.Mode]
	f.done[t.Cell.Mode]++
	return experiment.Result{}, f.outcome(t.Cell.Mode, n)
}

func fakeCell(mode string) results.Cell {
	return results.Cell{System: results.System{Runner: "r", Mode: mode}, Artefact: results.Artefact{Workload: "w", Build: "c"}, Experiment: "fake"}
}

// newFake is a session of a run with five trials of each mode, of which one more
// would be adaptive.
func newFake(t *testing.T, outcome func(mode string, before int) error, modes ...string) (*session, *fake, *notes) {
	t.Helper()
	f, n := &fake{outcome, map[string]int{}}, &notes{}
	p := results.Plan{Schema: results.Schema, Run: "r", Seed: 1, Budget: time.Hour, Deadline: time.Hour}
	x := &session{observer: n, began: time.Now(), rounds: preparations, trials: &trial.Runner{
		Run: "r", Experiments: map[results.Experiment]experiment.Experiment{"fake": f}, Deadline: time.Hour,
		Prepared: map[trial.Build][]trial.Prepared{}, Scratch: t.TempDir(),
	}}
	for _, mode := range modes {
		p.Specs = append(p.Specs, results.Spec{Cell: fakeCell(mode), Trials: 5, MaxAdaptive: 1})
		x.trials.Prepared[trial.BuildOf(fakeCell(mode))] = []trial.Prepared{{}}
	}
	var err error
	if x.run, err = results.Create(filepath.Join(t.TempDir(), "run"), p, results.Environment{Schema: results.Schema, Run: "r", At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.run.Close() })
	return x, f, n
}

// silent fails in the same way each time, but for what differs by chance.
func silent(mode string, before int) error {
	if mode == "silent" {
		return errors.New("no response within " + time.Duration(before*1e9).String())
	}
	return nil
}

func TestACellThatFailsAlikeIsGivenUp(t *testing.T) {
	x, f, n := newFake(t, silent, "silent", "good")
	sum, err := x.measure(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if f.done["silent"] != 2 || f.done["good"] != 5 || n.trials != 7 {
		t.Errorf("trials are %v, %d were announced", f.done, n.trials)
	}
	if sum.OK != 5 || sum.Failed != 2 || sum.GivenUp != 3 || sum.Left != 0 {
		t.Errorf("the summary is %+v", sum)
	}
	if len(n.list) != 1 || !strings.Contains(n.list[0], "given up after 2 failures: no response within") || !strings.HasSuffix(n.list[0], "3 of its trials are not begun") {
		t.Errorf("noted is %q", n.list)
	}
}

func TestFailuresOfSeveralKindsGiveNothingUp(t *testing.T) {
	kinds := []string{"crash", "trap", "hang", "leak", "loop"}
	x, f, _ := newFake(t, func(_ string, before int) error { return errors.New(kinds[before]) }, "odd")
	sum, err := x.measure(t.Context(), nil)
	if err != nil || f.done["odd"] != 5 || sum.Failed != 5 || sum.GivenUp != 0 {
		t.Errorf("%+v, %v, %v", sum, f.done, err)
	}
}

func TestWhatIsUnavailableTwiceIsGivenUp(t *testing.T) {
	x, f, _ := newFake(t, func(string, int) error { return runners.ErrUnavailable }, "gone")
	sum, err := x.measure(t.Context(), nil)
	if err != nil || f.done["gone"] != 2 || sum.Unavailable != 2 || sum.GivenUp != 3 {
		t.Errorf("%+v, %v, %v", sum, f.done, err)
	}
}

// A run that goes on gives up what its records say, and counts it again.
func TestResumeGivesUpWhatTheRecordsSay(t *testing.T) {
	fails := func(seq int) results.Record {
		return results.Record{Seq: seq, Cell: fakeCell("silent"), Outcome: results.Failed, Error: "no response"}
	}
	for name, c := range map[string]struct {
		before  []results.Record
		more    int
		summary Summary
	}{
		"given up before": {[]results.Record{fails(0), fails(1)}, 0, Summary{Failed: 2, GivenUp: 3}},
		// The trial that failed once is repeated, which is no second failure.
		"failed once": {[]results.Record{fails(0)}, 2, Summary{Failed: 2, GivenUp: 3}},
	} {
		x, f, _ := newFake(t, silent, "silent")
		sum, err := x.measure(t.Context(), c.before)
		if err != nil || f.done["silent"] != c.more {
			t.Errorf("%s: %d more trials, %v", name, f.done["silent"], err)
		}
		if sum.Dir = ""; !reflect.DeepEqual(sum, c.summary) {
			t.Errorf("%s: the summary is %+v, want %+v", name, sum, c.summary)
		}
	}
}

func TestNoAdaptiveTrialsForWhatIsGivenUp(t *testing.T) {
	p, records := steadyAndWide(results.Cold)
	var failures diagnose.Failures
	for n := range 2 {
		r := nth(records, "wide", n)
		r.Outcome, r.Error, r.Metrics = results.Failed, "x", nil
		failures.Add(r)
	}
	if trials := newScheduler(p, results.Environment{}, records, &failures).next(); len(trials) != 0 {
		t.Errorf("a cell that is given up gets %d adaptive trials", len(trials))
	}
}

func TestDroppedTrialsTakeNoTime(t *testing.T) {
	p := results.Plan{Seed: 1, Specs: []results.Spec{{Cell: fakeCell("a"), Trials: 2}, {Cell: fakeCell("b"), Trials: 2}}}
	e := newEstimate(p.Trials(), nil)
	for _, trial := range p.Trials() {
		switch {
		case trial.Block == 0:
			e.took(trial, time.Second)
		case trial.Mode == "a":
			e.drop(trial)
		}
	}
	if e.left() != 1 || e.remaining() != time.Second {
		t.Errorf("%d left, %v in all", e.left(), e.remaining())
	}
}

// A system that reads the artefact's own file at each start has nothing to prepare
// twice.
func TestNothingIsKept(t *testing.T) {
	at := func(path string, err error) trial.Prepared {
		return trial.Prepared{Prepared: runners.Prepared{Artefact: runners.Artefact{Path: "a.wasm"}, Path: path}, Err: err}
	}
	for _, c := range []struct {
		p    trial.Prepared
		want bool
	}{{at("a.wasm", nil), true}, {at("p1/code", nil), false}, {at("a.wasm", errors.New("no compiler")), false}} {
		if got := keepsNothing(c.p); got != c.want {
			t.Errorf("%+v keeps nothing: %v", c.p, got)
		}
	}
}

// What takes a large part of the budget to prepare is not prepared again.
func TestDearPreparationsAreMadeOnce(t *testing.T) {
	build := trial.BuildOf(fakeCell("a"))
	for _, c := range []struct {
		budget, took time.Duration
		want         bool
	}{{5 * time.Minute, 900 * time.Millisecond, false}, {5 * time.Minute, 2 * time.Second, true}, {2 * time.Hour, 20 * time.Second, false}} {
		x := &session{run: &results.Run{Plan: results.Plan{Budget: c.budget}}, preparing: map[trial.Build]time.Duration{build: c.took}}
		if got := x.isDear(build); got != c.want {
			t.Errorf("%v of %v are dear: %t", c.took, c.budget, got)
		}
	}
}
