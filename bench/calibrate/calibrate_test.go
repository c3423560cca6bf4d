package calibrate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"edgebench/bench/stat"

	"edgebench/bench/experiment/coldstart"
	"edgebench/results"
	"edgebench/runners"
)

// calibrate runs by a clock that stands still, so that the outcome depends on the
// world and the seed alone, however busy the machine is.
func calibrate(t *testing.T, w *world, o Options) (r Report) {
	t.Helper()
	o.Seed = 7
	env := w.environment(t)
	synctest.Test(t, func(t *testing.T) {
		var err error
		if r, err = Run(t.Context(), env, o); err != nil {
			t.Fatal(err)
		}
	})
	return r
}

// TestAnHonestHarnessPasses asks everything of one.
func TestAnHonestHarnessPasses(t *testing.T) {
	for _, quick := range []bool{true, false} {
		r := calibrate(t, newWorld(), Options{Quick: quick})
		for _, row := range slices.Concat(r.Known, r.Baseline, r.Caches) {
			if row.Verdict != Pass || row.Reason != "" || row.Blocks < minBlocks || row.Interval == nil {
				t.Errorf("%s %s: %s: %s (%d blocks)", row.Rung, row.What, row.Verdict, row.Reason, row.Blocks)
			}
		}
		rungs := 5
		if quick {
			rungs = 2
		}
		// Besides the rungs: spin, two of memory, throughput.
		if len(r.Known) != rungs+4 || len(r.Baseline) != 5 || len(r.Caches) != 4 || len(r.Empty) != 3 {
			t.Errorf("%d known, %d baseline, %d caches, %d empty", len(r.Known), len(r.Baseline), len(r.Caches), len(r.Empty))
		}
		if r.AA == nil || r.AA.Verdict != Pass || r.AA.Faster+r.AA.Slower > 0 || r.AA.Pairs < 12 {
			t.Errorf("equals: %+v", r.AA)
		}
		if r.Count(Fail) != 0 || r.Count(Pass) != rungs+4+5+4+1 {
			t.Errorf("%d fail, %d pass", r.Count(Fail), r.Count(Pass))
		}
	}
}

// TestErrorsAreFound puts one error at a time into the harness.
func TestErrorsAreFound(t *testing.T) {
	for _, c := range []struct {
		what  string
		spoil func(*world)
		part  Part
		// fails are words of the rows that must fail; all others pass.
		fails []string
	}{
		{"a time that is 5 % too long", func(w *world) { w.time = 1.05 }, Known, []string{"time"}},
		{"a time that is 1.5 % too short", func(w *world) { w.time = 0.985 }, Known, []string{"time"}},
		{"a clock that slows down", func(w *world) { w.spin = 0.97 }, Known, []string{"rounds"}},
		{"memory that is not seen", func(w *world) { w.memory = 0.98 }, Known, []string{"pss", "available"}},
		{"requests that are counted twice", func(w *world) { w.rate = 2 }, Known, []string{"throughput"}},
		{"an adapter that costs 5 %", func(w *world) { w.harness = 1.05 }, Baseline, []string{"baseline loop"}},
		{"an adapter that leaves something out", func(w *world) { w.harness = 0.9 }, Baseline, []string{"baseline loop"}},
		{"a hidden cache", func(w *world) { w.again = 0.5 }, Caches, []string{"time to first"}},
		{"a leak", func(w *world) { w.again = 1.6 }, Caches, []string{"time to first"}},
	} {
		w := newWorld()
		c.spoil(w)
		r := calibrate(t, w, Options{Parts: []Part{c.part}})
		for _, row := range slices.Concat(r.Known, r.Baseline, r.Caches) {
			want := Pass
			if slices.ContainsFunc(c.fails, func(word string) bool { return strings.Contains(row.What, word) }) {
				want = Fail
			}
			if row.Verdict != want {
				t.Errorf("%s: %s %s: %s instead of %s (put %v, found %v in %v)", c.what, row.Rung, row.What, row.Verdict, want, row.Put, row.Found, row.Interval)
			}
		}
		if r.Count(Fail) == 0 {
			t.Errorf("%s: nothing fails", c.what)
		}
	}
}

// TestAnErrorSeldomPasses looks at noisy values after each block, as interview
// does: of errors as large as the tolerance few pass, of those half as large
// again hardly any, however often one looks.
func TestAnErrorSeldomPasses(t *testing.T) {
	const questions = 1000
	random := rand.New(rand.NewPCG(1, 0))
	passes := func(off, noise float64, most int) (passed int) {
		for range questions {
			q := &question{rows: []*Row{rowOf(results.System{}, "", "", "ratio", 100, share, 0)}}
			for block := 0; block < most && !q.closed; block++ {
				q.took([]float64{100 + off + noise*random.NormFloat64()}, false)
			}
			if q.rows[0].Verdict == Pass {
				passed++
			}
		}
		return passed
	}
	for _, noise := range []float64{0.3, 1, 2} { // in tolerances, as is what is off
		for _, most := range []int{mostBlocks, 2 * mostBlocks} {
			if n := passes(1, noise, most); n > questions*15/100 {
				t.Errorf("noise %v, %d blocks: %d of %d errors as large as the tolerance pass", noise, most, n, questions)
			}
			if n := passes(1.5, noise, most); n > questions*3/100 {
				t.Errorf("noise %v, %d blocks: %d of %d errors half as large again pass", noise, most, n, questions)
			}
		}
	}
	if n := passes(0, 0.3, mostBlocks); n < questions*99/100 {
		t.Errorf("%d of %d pass where nothing is off", n, questions)
	}
}

// TestNoiseIsNeverAPass gives each answer of an agent a luck of its own. An interval
// misses the truth now and then, so that one of the ten may be called a failure.
func TestNoiseIsNeverAPass(t *testing.T) {
	failed := 0
	for patience, blocks := range map[int]int{0: mostBlocks, 2: 2 * mostBlocks} {
		w := newWorld()
		w.luck = 30
		for _, row := range calibrate(t, w, Options{Parts: []Part{Baseline}, Patience: patience}).Baseline {
			if row.Verdict == Pass || row.Reason == "" || row.Blocks != blocks {
				t.Errorf("%s: %s after %d blocks: %s", row.What, row.Verdict, row.Blocks, row.Reason)
			}
			if row.Verdict == Fail {
				failed++
			}
		}
	}
	if failed > 1 {
		t.Errorf("noise fails %d times", failed)
	}
}

// TestDisturbedFailuresAreUndecided gives a reason that names the machine.
func TestDisturbedFailuresAreUndecided(t *testing.T) {
	w := newWorld()
	w.harness, w.steal = 1.1, 0.3
	for _, row := range calibrate(t, w, Options{Parts: []Part{Baseline}}).Baseline {
		if row.Verdict != Undecided || row.DisturbedBy == nil || row.DisturbedBy.Cause != results.MachineSteal || row.DisturbedBy.Share != 0.3 || row.Disturbed != row.Trials {
			t.Errorf("%s: %s: %s", row.What, row.Verdict, row.Reason)
		}
	}
}

func TestWhatASystemLacks(t *testing.T) {
	w := newWorld()
	w.baseline = false
	if r := calibrate(t, w, Options{Parts: []Part{Baseline}}); len(r.Baseline) > 0 {
		t.Errorf("a runner without a baseline loop has %+v", r.Baseline)
	}
	for want, err := range map[Verdict]error{Unavailable: runners.ErrUnavailable, Fail: errors.New("no luck")} {
		w := newWorld()
		w.fails = err
		r := calibrate(t, w, Options{Parts: []Part{Known, Caches}})
		for _, row := range slices.Concat(r.Known, r.Caches) {
			if row.Verdict != want || !strings.Contains(row.Reason, err.Error()) {
				t.Errorf("%v: %s: %s: %s", err, row.What, row.Verdict, row.Reason)
			}
		}
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, p := range Parts() {
		w := newWorld()
		if _, err := Run(ctx, w.environment(t), Options{Parts: []Part{p}}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", p, err)
		}
	}
}

func TestJudge(t *testing.T) {
	spread := func(middle, width float64) []float64 {
		var v []float64
		for i := range 8 {
			v = append(v, middle+width*(float64(i)/7-0.5))
		}
		return v
	}
	for _, c := range []struct {
		values    []float64
		disturbed int
		calm      bool
		want      Verdict
		words     string
	}{
		{spread(100, 1), 0, true, Pass, ""},
		{spread(100.5, 0.2), 0, true, Pass, ""},
		{spread(100, 10), 0, true, Undecided, "reaches beyond the tolerance after"},
		{spread(100, 10), 3, false, Undecided, "were disturbed"},
		{spread(100, 10), 3, true, Undecided, "reaches beyond the tolerance after"},
		{spread(103, 1), 0, true, Fail, "outside"},
		{spread(103, 1), 4, false, Fail, "outside"},
		{spread(103, 1), 5, false, Undecided, "many trials were disturbed"},
		{spread(103, 1), 9, true, Fail, "outside"},
		{spread(-103, 1), 0, true, Fail, "outside"},
		{spread(101, 1), 0, true, Undecided, "beyond the tolerance"},
		{spread(100, 1)[:5], 0, false, Undecided, "5 blocks give no interval"},
	} {
		row := rowOf(results.System{}, results.Hot, "x", "sec", 100, share, tick)
		row.Trials, row.Disturbed = 16, c.disturbed
		row.judge(c.values, c.calm)
		if row.Verdict != c.want || !strings.Contains(row.Reason, c.words) {
			t.Errorf("%v: %s: %q", c.values, row.Verdict, row.Reason)
		}
	}
}

// Blocks with a disturbed trial count until there are enough without.
func TestDisturbedBlocksGiveWay(t *testing.T) {
	row := rowOf(results.System{}, results.Hot, "x", "sec", 100, share, tick)
	q := &question{rows: []*Row{row}}
	for range minBlocks {
		row.Trials, row.Disturbed = row.Trials+2, row.Disturbed+1
		q.took([]float64{110}, true)
	}
	if row.Verdict != Undecided || row.Found != 110 || q.closed {
		t.Errorf("with disturbed blocks alone: %+v", row)
	}
	for range minBlocks {
		row.Trials += 2
		q.took([]float64{100}, false)
	}
	if row.Verdict != Pass || row.Blocks != minBlocks || !q.closed {
		t.Errorf("with enough of the others: %+v", row)
	}
}

// TestTolerance is a share, or the slack where that is more.
func TestTolerance(t *testing.T) {
	if got := rowOf(results.System{}, results.Hot, "", "", 1e-5, share, tick).Tolerance; math.Abs(got.Low-9e-6)+math.Abs(got.High-11e-6) > 1e-12 {
		t.Error(got)
	}
	if got := rowOf(results.System{}, results.Hot, "", "", 100, share, tick).Tolerance; got != (Range{99, 101}) {
		t.Error(got)
	}
}

// TestAfford leaves out the dearest first, and says so.
func TestAfford(t *testing.T) {
	var list []*question
	for _, cost := range []time.Duration{time.Second, 10 * time.Second, 2 * time.Second} {
		list = append(list, &question{cost: cost, rows: []*Row{{}}})
	}
	afford(list, 20*time.Second)
	if list[0].closed || !list[1].closed || list[2].closed || !strings.Contains(list[1].rows[0].Reason, "1m0s") {
		t.Errorf("%+v", list)
	}
}

// TestDelays are long beside the scatter and cut where time is short.
func TestDelays(t *testing.T) {
	d := &delay{rung: results.Cold, base: 200 * time.Millisecond, wall: time.Second, row: &Row{}}
	d.question = &question{rows: []*Row{d.row}}
	d.choose(2345 * time.Millisecond)
	if d.put != 2300*time.Millisecond || d.iterations != 2 || d.row.Put != 2.3 {
		t.Errorf("%v, %d iterations", d.put, d.iterations)
	}
	x := &calibration{}
	x.cutDelays([]*delay{d}, []*question{d.question}, 30*time.Second)
	if d.put < uncut || d.put >= 2300*time.Millisecond || d.cost*time.Duration(minBlocks) > 30*time.Second {
		t.Errorf("cut to %v, which costs %v", d.put, d.cost)
	}
	was := d.put
	x.cutDelays([]*delay{d}, []*question{d.question}, time.Hour)
	if d.put != was {
		t.Errorf("%v was cut to %v with an hour", was, d.put)
	}
}

// TestAlarms compares equals, and a right side that is slower.
func TestAlarms(t *testing.T) {
	for factor, want := range map[float64]Verdict{1: Pass, 1.1: Fail} {
		w := newWorld()
		x := &calibration{Environment: w.environment(t)}
		var pairs []pair
		for n := range 12 {
			pairs = append(pairs, pair{x.Systems[0], results.Hot, n})
		}
		var records []results.Record
		for _, p := range pairs {
			for _, side := range []string{left, right} {
				f := 1.0
				if side == right {
					f = factor
				}
				for block := range 8 {
					v := (1 + 0.01*w.random.Float64()) * f
					t := coldStart(p.system.System, p.rung, p.name(side), 1)
					records = append(records, results.Record{
						Seq: len(records), Block: block, Cell: t.Cell, Outcome: results.OK,
						Metrics: []results.Metric{{Name: coldstart.FirstResponse, Unit: results.Seconds, Values: []float64{v}}},
					})
				}
			}
		}
		a := x.alarms(pairs, records)
		if a.Verdict != want || a.Pairs != len(pairs) || a.Trials != 8 || a.Same+a.Undecided+a.Faster+a.Slower != a.Pairs {
			t.Errorf("factor %v: %+v", factor, a)
		}
		if want == Fail && (a.Slower != len(pairs) || len(a.Alarmed) != len(pairs)) {
			t.Errorf("%+v", a)
		}
	}
}

// TestChain holds our computation against one by hand.
func TestChain(t *testing.T) {
	for rounds, want := range map[uint64]string{0: "0000000000000001", 1: "9e3779b97f4a7c16"} {
		if got := fmt.Sprintf("%016x", chain(rounds)); got != want {
			t.Errorf("chain(%d) = %s, want %s", rounds, got, want)
		}
	}
}

// TestAnEngineIsWatchedAside: beside its own trials others' load is not told
// from its own, so the moment before counts.
func TestAnEngineIsWatchedAside(t *testing.T) {
	w := newWorld()
	x := &calibration{Environment: w.environment(t)}
	x.Trials.Watch = func() func() map[string]float64 {
		return func() map[string]float64 { return map[string]float64{results.MachineOthers: 0.9} }
	}
	x.Systems[0].Mode.Engine = true
	served := x.Systems[0].System
	if got := x.aside(served); len(got) != 1 || got[0] != (stat.Disturbance{Cause: results.MachineOthers, Share: 0.9}) {
		t.Errorf("with an engine: %v", got)
	}
	x.Systems[0].Mode.Engine = false
	if got := x.aside(served); got != nil {
		t.Errorf("without an engine: %v", got)
	}
}

// What is undecided says what would decide it.
func TestRemedies(t *testing.T) {
	for _, c := range []struct {
		found, reach float64
		want         string
	}{
		{1, 0.04, "about 2 times as many would decide it"},    // (0.04 / 0.03)²
		{1.01, 0.06, "about 9 times as many would decide it"}, // (0.06 / 0.02)²
		{1.05, 0.04, "about 4 times as many would decide it"}, // outside: (0.04 / 0.02)²
		{1.0299, 0.04, "more than 20 times as many would be needed"},
		{1.03, 0.04, "more than 20 times as many would be needed"}, // no room at all
	} {
		r := rowOf(results.System{}, results.Hot, "x", "ratio", 1, nearly, 0)
		r.Found, r.Interval = c.found, &Range{c.found - c.reach, c.found + c.reach}
		if got := r.remedy(); !strings.Contains(got, c.want) {
			t.Errorf("found %v ± %v: %s, want %s", c.found, c.reach, got, c.want)
		}
	}
}

// Equals pass only if all of them are called the same.
func TestEqualsPassAsTheSameAlone(t *testing.T) {
	for name, c := range map[string]struct {
		a    Alarms
		want Verdict
	}{
		"all the same":  {Alarms{Pairs: 3, Same: 3}, Pass},
		"one undecided": {Alarms{Pairs: 3, Same: 2, Undecided: 1}, Undecided},
		"an alarm":      {Alarms{Pairs: 3, Same: 1, Undecided: 1, Slower: 1}, Fail},
		"none at all":   {Alarms{}, Undecided},
	} {
		if c.a.judge(); c.a.Verdict != c.want || (c.a.Reason == "") != (c.want == Pass) {
			t.Errorf("%s: %s: %q", name, c.a.Verdict, c.a.Reason)
		}
	}
}

// A pair that is called the same gets no further trials, one that scatters goes on.
func TestEqualsThatAreTheSameEnd(t *testing.T) {
	for luck, want := range map[float64]struct {
		verdict Verdict
		trials  int
	}{0: {Pass, 8}, 0.5: {Undecided, equalBlocksFast}} {
		w := newWorld()
		w.luck = luck
		a := calibrate(t, w, Options{Parts: []Part{AA}, Quick: true}).AA
		if a.Verdict != want.verdict || a.Trials != want.trials {
			t.Errorf("luck %v: %+v", luck, a)
		}
	}
}
