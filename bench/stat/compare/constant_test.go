package compare

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"edgebench/bench/stat/internal/stattest"
)

// timesOf makes pairs of a runner's cells with median times in microseconds, and
// change gives those of the new side. The sides have so many trials.
func timesOf(random *rand.Rand, runner string, times []float64, noise float64, trials [2]int, change func(i int, time float64) float64) []Pair {
	var list []Pair
	for i, time := range times {
		p := Pair{
			Old: stattest.Sample("x", stattest.Scaled(stattest.Noisy(random, trials[0], 1, noise, 0), time*1e-6)...),
			New: stattest.Sample("x", stattest.Scaled(stattest.Noisy(random, trials[1], 1, noise, 0), change(i, time)*1e-6)...),
		}
		p.Old.Cell, p.New.Cell = stattest.Cell(runner), stattest.Cell(runner)
		p.Old.Workload, p.New.Workload = fmt.Sprint("w", i), fmt.Sprint("w", i)
		list = append(list, p)
	}
	return list
}

func unchanged(_ int, time float64) float64 { return time }

func plus(constant float64) func(int, float64) float64 {
	return func(_ int, time float64) float64 { return time + constant }
}

// spread are n times from one to another, evenly by their logarithms.
func spread(from, to float64, n int) []float64 {
	list := make([]float64, n)
	for i := range list {
		list[i] = from * math.Pow(to/from, float64(i)/float64(n-1))
	}
	return list
}

// defaultProfile are the times of a runner in the default profile, in microseconds:
// its calls, instantiations and starts.
var defaultProfile = []float64{
	0.0865, 5.1, 9.6, 10.5, 15.5, 16.1, 16.8, // calls that a constant is seen in
	374, 486, 501, 517, 4477, 119, 240, 333, 375, 399, 537, 729, 741, 1151, 1176, 1260, 7296, 24450, 45370, 77300,
}

// A constant added to each call is seen in the short ones alone: the shortest becomes
// five times as long and most don't change. The runner is slower all the same, and
// those cells are named in which it shows.
func TestAConstantMakesARunnerSlower(t *testing.T) {
	for name, c := range map[string]struct {
		times    []float64
		constant float64
		trials   [2]int
		shown    int
	}{
		"evenly spread":                        {spread(0.03, 300, 24), 0.16, [2]int{8, 8}, 9},
		"evenly spread, more trials before":    {spread(0.03, 300, 24), 0.16, [2]int{12, 7}, 9},
		"two calls of the default profile's":   {defaultProfile, 0.32, [2]int{8, 8}, 3},
		"the same, with more trials after":     {defaultProfile, 0.32, [2]int{7, 11}, 3},
		"faster by as much, from the slow one": {spread(0.19, 300, 24), -0.16, [2]int{8, 8}, 6},
	} {
		random := rand.New(rand.NewPCG(1, 1))
		list := timesOf(random, "a", c.times, 0.006, c.trials, plus(c.constant))
		for _, runner := range []string{"b", "c"} {
			list = append(list, timesOf(random, runner, c.times, 0.006, c.trials, unchanged)...)
		}
		want := Slower
		if c.constant < 0 {
			want = Faster
		}
		for i, g := range compared(list) {
			if i > 0 {
				if g.Verdict != Same || len(g.Shown) > 0 {
					t.Errorf("%s: %s is %s because %s", name, g.Name, g.Verdict, g.Reason)
				}
				continue
			}
			if g.Verdict != want || len(g.Shown) < c.shown || g.Reason.Shown != len(g.Shown) || g.Reason.Cells != len(c.times) {
				t.Errorf("%s: it is %s because %s, %v %+v", name, g.Verdict, g.Reason, g.Ratio.Value, g.Ratio.Interval)
			}
			if g.Ratio.Interval.High > 1.6 || g.Ratio.Interval.Low < 1/1.6 { // cells differ by that much
				t.Errorf("%s: one cell carries the ratio away: %+v", name, g.Ratio.Interval)
			}
			if g.Shown[0].New.Workload != "w0" || !slices.IsSortedFunc(g.Shown, func(a, b *Comparison) int {
				return cmp.Compare(math.Abs(math.Log(b.Ratio.Value)), math.Abs(math.Log(a.Ratio.Value)))
			}) || slices.ContainsFunc(g.Shown, func(x *Comparison) bool { return x.Verdict != want }) {
				t.Errorf("%s: it shows in %+v", name, g.Shown)
			}
		}
	}
}

// One cell that takes five times as long among thirty that have not changed makes no
// runner slower, and its interval hardly wider. Unequal numbers of trials are the
// hard case: the scatter of both sides together does not show the change then.
func TestOneWildCellCarriesNoRunnerAway(t *testing.T) {
	for _, trials := range [][2]int{{8, 8}, {11, 7}, {7, 11}, {20, 6}} {
		for at := range 3 { // a cell that is long, short, in the middle: all weigh alike
			var widths [2]float64
			for k, factor := range []float64{1, 5} {
				random := rand.New(rand.NewPCG(1, uint64(at)))
				list := timesOf(random, "a", spread(1, 1000, 31), 0.01, trials, func(i int, time float64) float64 {
					if i == 15*at {
						return factor * time
					}
					return time
				})
				list = append(list, timesOf(random, "b", spread(1, 1000, 31), 0.01, trials, unchanged)...)
				g := compared(list)[0]
				widths[k] = math.Log(g.Ratio.Interval.High / g.Ratio.Interval.Low)
				if g.Verdict == Slower || g.Verdict == Faster || math.Abs(math.Log(g.Ratio.Value)) > 0.005 {
					t.Errorf("%v trials: with × %v it is %s, × %.4f, because %s", trials, factor, g.Verdict, g.Ratio.Value, g.Reason)
				}
				if shown := len(g.Shown); shown > 1 || factor == 5 && (shown == 0 || g.Verdict != Undecided || g.Reason.Code != WithinBandButShown) {
					t.Errorf("%v trials: with × %v it shows in %d cells: %s, %s", trials, factor, shown, g.Verdict, g.Reason)
				}
			}
			if widths[1] > 2*widths[0] {
				t.Errorf("%v trials: one cell widens the interval from %.4f to %.4f", trials, widths[0], widths[1])
			}
		}
	}
}

// A wild cell in a runner of few cells, and one that holds as much of the weight as
// any may.
func TestOneWildCellOfFew(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	list := append(timesOf(random, "a", spread(1, 100, 5), 0.05, [2]int{11, 7}, unchanged),
		timesOf(random, "a", []float64{0.1}, 0.0005, [2]int{11, 7}, func(_ int, time float64) float64 { return 5 * time })...)
	list = append(list, timesOf(random, "b", spread(1, 100, 6), 0.05, [2]int{11, 7}, unchanged)...)
	if g := compared(list)[0]; g.Verdict != Undecided || len(g.Shown) != 1 || g.Ratio.Value > 1.1 {
		t.Errorf("it is %s, × %.3f %+v, because %s", g.Verdict, g.Ratio.Value, g.Ratio.Interval, g.Reason)
	}
}

// Where some cells have become slower and as many faster the runner has not.
func TestOppositeChangesAreNoVerdict(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	list := timesOf(random, "a", spread(1, 1000, 20), 0.01, [2]int{8, 8}, func(i int, time float64) float64 {
		return time * []float64{1, 1.3, 1, 1 / 1.3}[i%4]
	})
	list = append(list, timesOf(random, "b", spread(1, 1000, 20), 0.01, [2]int{8, 8}, unchanged)...)
	if g := compared(list)[0]; g.Verdict != Undecided || len(g.Shown) != 10 {
		t.Errorf("it is %s because %s", g.Verdict, g.Reason)
	}
}

// With one cell the common difference is the median of those between all pairs of
// trials. Of several it is where their ranks balance, however far one of them is.
func TestCommonDifference(t *testing.T) {
	one := &cellEffect{old: []float64{0, 1, 5}, new: []float64{2, 3, 9}, weight: 1}
	// −3, −2, 1, 2, 2, 3, 4, 8 and 9
	if got := commonDifference([]*cellEffect{one}); math.Abs(got-2) > 1e-9 {
		t.Errorf("of one cell it is %v, want 2", got)
	}
	cells := []*cellEffect{one}
	for i := range 4 {
		cells = append(cells, &cellEffect{old: []float64{0, 1, 2, 3}, new: []float64{0.1, 1.1, 2.1, 3.1 + float64(i)/100}, weight: 1})
	}
	near := commonDifference(cells)
	one.new = []float64{1e6, 1e6 + 1, 1e6 + 2}
	if far := commonDifference(cells); far < near || far > 1.2 {
		t.Errorf("with one cell at 2 it is %v, with that at a million %v", near, far)
	}
}

// In families in which nothing has changed, one of a hundred has any alarm, of a
// cell or of a runner: with noise that has two modes and some cells far noisier than
// others. `simulate --only groups --full` counts 200 families on real noise.
func TestFalseAlarmsOfGroups(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	const families = 100
	alarms := 0
	for f := range families {
		var list []Pair
		for _, runner := range []string{"a", "b", "c"} {
			for i := range 7 {
				noise := []float64{0.003, 0.02, 0.2}[i%3]
				p := timesOf(random, runner, []float64{1}, noise, [2]int{6 + 2*(i%2), 6}, unchanged)[0]
				if i%3 == 1 { // half of the trials lie in another mode
					for _, trials := range [][]float64{p.Old.Trials[0].Values, p.New.Trials[0].Values, p.New.Trials[1].Values, p.Old.Trials[2].Values} {
						trials[0] *= 1.3
					}
				}
				list = append(list, p)
			}
		}
		c := DefaultCriteria(uint64(f))
		c.Level /= 2
		family := Compare(list, c)
		alarm := false
		for _, x := range family.Comparisons {
			alarm = alarm || x.Verdict == Slower || x.Verdict == Faster
		}
		for _, g := range CompareGroups(family, byRunner, c) {
			alarm = alarm || g.Verdict == Slower || g.Verdict == Faster
		}
		if alarm {
			alarms++
		}
	}
	if alarms > 3 { // at 1 % more come in one of 50 cases
		t.Errorf("%d of %d families have an alarm", alarms, families)
	}
}
