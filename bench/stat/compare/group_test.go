package compare

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/stattest"
	"edgebench/results"
)

// groupsOf makes pairs of runners with so many cells each, in the order of
// their letters; times says by how much the new side of a runner's cell is
// slower. Every second cell is a rate.
func groupsOf(random *rand.Rand, runners, cells, trials int, noise float64, times func(runner string, i int) float64) []Pair {
	var list []Pair
	for r := range runners {
		name := string(rune('a' + r))
		for i := range cells {
			factor, unit := times(name, i), results.Seconds
			if i%2 == 1 {
				factor, unit = 1/factor, results.RequestsPerSecond
			}
			p := Pair{
				Old: stattest.Sample("x", stattest.Noisy(random, trials, 1, noise, 0)...),
				New: stattest.Sample("x", stattest.Scaled(stattest.Noisy(random, trials, 1, noise, 0), factor)...),
			}
			for _, s := range []*stat.Sample{p.Old, p.New} {
				s.Cell, s.Unit = stattest.Cell(name), unit
			}
			list = append(list, p)
		}
	}
	return list
}

func byRunner(k stat.Key) string { return k.Runner }

// compared are the groups of pairs, by runner.
func compared(pairs []Pair) []GroupComparison {
	c := DefaultCriteria(1)
	return CompareGroups(Compare(pairs, c), byRunner, c)
}

// slowedBy slows one runner.
func slowedBy(runner string, factor float64) func(string, int) float64 {
	return func(name string, _ int) float64 {
		if name == runner {
			return factor
		}
		return 1
	}
}

// Forty cells of six trials with 10 % of noise find together what none finds by
// itself, in times and rates alike.
func TestCompareGroupsFindsWhatNoCellDoes(t *testing.T) {
	for want, factor := range map[Verdict]float64{Slower: 1.1, Faster: 1 / 1.1} {
		list := groupsOf(rand.New(rand.NewPCG(1, 1)), 3, 40, 6, 0.1, slowedBy("b", factor))
		for _, x := range Compare(list, DefaultCriteria(1)).Comparisons {
			if x.Verdict == want {
				t.Errorf("one cell alone is %s", want)
			}
		}
		groups := compared(list)
		for i, j := range groups {
			verdict, value := Verdict(""), 1.0
			if j.Name == "b" {
				verdict, value = want, factor
			}
			if j.Name != string(rune('a'+i)) || j.Cells != 40 || (j.Verdict == want) != (verdict == want) || !j.Ratio.Interval.Contains(value) {
				t.Errorf("%+v, %+v", j, j.Ratio.Interval)
			}
		}
		if again := compared(list); !reflect.DeepEqual(groups, again) {
			t.Errorf("the same pairs give %+v and %+v", groups, again)
		}
	}
}

// What moves all runners alike is no change of one of them, and what stays while
// all others move is not the same.
func TestCompareGroupsTakesOutWhatTheOthersDid(t *testing.T) {
	for _, own := range []float64{1.2, 1} {
		list := groupsOf(rand.New(rand.NewPCG(1, 1)), 3, 20, 10, 0.02, func(name string, _ int) float64 {
			if name == "a" {
				return own
			}
			return 1.2
		})
		j := compared(list)[0]
		if j.Verdict != Undecided || !strings.Contains(j.Reason.String(), "all others together moved by +") {
			t.Errorf("%v among others at 1.2 is %s because %s", own, j.Verdict, j.Reason)
		}
	}
}

func TestCompareGroupsLimits(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	few := groupsOf(random, 1, minCells-1, 6, 0.01, slowedBy("a", 1.5))
	one := groupsOf(random, 1, minCells, 2, 0, slowedBy("a", 1.5))
	for i := range few {
		few[i].New.Cell, few[i].Old.Cell = stattest.Cell("z"), stattest.Cell("z")
	}
	bytes := groupsOf(random, 1, 1, 6, 0.01, slowedBy("a", 1.5))[0]
	bytes.Old.Unit, bytes.New.Unit = results.Bytes, results.Bytes
	zero := Pair{Old: stattest.Singles(0, 0), New: stattest.Singles(1, 1)}
	single := Pair{Old: stattest.Singles(1), New: stattest.Singles(1)}
	groups := compared(append(append(few, one...), bytes, zero, single))
	if len(groups) != 2 || groups[0].Cells != minCells || groups[1].Cells != minCells-1 {
		t.Fatalf("%+v", groups)
	}
	if j := groups[0]; math.Abs(j.Ratio.Value-1.5) > 1e-9 || !strings.HasSuffix(j.Reason.String(), "can't be told from one of this") {
		t.Errorf("without another: %+v", j)
	}
	if j := groups[1]; j.Verdict != Undecided || j.Ratio.Interval != nil || !strings.Contains(j.Reason.String(), "need ≥ 6 timings") {
		t.Errorf("with too few cells: %+v", j)
	}
	if got := compared(nil); len(got) != 0 {
		t.Errorf("nothing gave %+v", got)
	}
}

// A runner with the minima of its cold starts is judged by them alone, in which
// nothing has changed here; one that has the others alone by these.
func TestCompareGroupsTakesACellOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	var list []Pair
	for i := range 14 {
		medians := Pair{Old: stattest.Sample("x", stattest.Noisy(random, 8, 1, 0.01, 0)...), New: stattest.Sample("x", stattest.Scaled(stattest.Noisy(random, 8, 1, 0.01, 0), 1.5)...)}
		minima := Pair{Old: stattest.Sample("x", stattest.Noisy(random, 8, 1, 0.01, 0)...), New: stattest.Sample("x", stattest.Noisy(random, 8, 1, 0.01, 0)...)}
		for _, p := range []Pair{medians, minima} {
			for _, s := range []*stat.Sample{p.Old, p.New} {
				s.Cell, s.Unit, s.Metric = stattest.Cell(string(rune('a'+i%2))), results.Seconds, coldstart.FirstResponse
				s.Workload = fmt.Sprint(i)
			}
		}
		minima.Old.Metric, minima.New.Metric = coldstart.Minimum, coldstart.Minimum
		if i%2 == 0 {
			list = append(list, minima)
		}
		list = append(list, medians)
	}
	groups := compared(list)
	for i, want := range []float64{1, 1.5} {
		if j := groups[i]; j.Cells != 7 || !j.Ratio.Interval.Contains(want) {
			t.Errorf("%s: %d cells, %v", j.Name, j.Cells, j.Ratio.Interval)
		}
	}
}

// Where most trials of a side were disturbed nothing is called slower, neither a
// runner nor a cell; of one run both sides were.
func TestADisturbedRunAccusesNobody(t *testing.T) {
	for _, side := range []string{"none", "old", "new", "half"} {
		list := groupsOf(rand.New(rand.NewPCG(1, 1)), 2, 8, 8, 0.01, slowedBy("a", 1.2))
		for _, p := range list {
			for i := range p.Old.Trials {
				p.Old.Trials[i].Disturbed = side == "old" && i < 5 || side == "half" && i < 4
				p.New.Trials[i].Disturbed = side == "new" && i < 5 || side == "half" && i > 3
			}
		}
		want := Undecided
		if side == "none" || side == "half" {
			want = Slower
		}
		j, x := compared(list)[0], Compare(list, DefaultCriteria(1)).Comparisons[0]
		if j.Verdict != want || x.Verdict != want {
			t.Errorf("%s disturbed: the runner is %s because %s, its cell %s because %s", side, j.Verdict, j.Reason, x.Verdict, x.Reason)
		}
		if accused := strings.Contains(j.Reason.String(), "most trials of a run") && strings.Contains(x.Reason.String(), "most trials of a run"); accused != (want == Undecided) {
			t.Errorf("%s disturbed: %s; %s", side, j.Reason, x.Reason)
		}
		c := DefaultCriteria(1)
		c.OneRun = true
		if x := Compare(list, c).Comparisons[0]; x.Verdict != Slower {
			t.Errorf("of one run, %s disturbed: %s because %s", side, x.Verdict, x.Reason)
		}
	}
}

// A cell weighs by its number of trials and the scatter of its kind, whatever its own
// difference is, and none more than a quarter of its group.
func TestWeigh(t *testing.T) {
	calm, noisy := kind{rung: results.Hot}, kind{rung: results.Cold}
	cell := func(k kind, scatter, difference float64, n int) *cellEffect {
		e := &cellEffect{kind: k}
		for i := range n {
			e.old = append(e.old, scatter*float64(2*(i%2)-1))
			e.new = append(e.new, scatter*float64(2*(i%2)-1)+difference)
		}
		return e
	}
	cells := []*cellEffect{cell(calm, 1, 0, 6), cell(calm, 1, 0, 12), cell(noisy, 2, 0, 6), cell(calm, 3, 9, 6)}
	for range 8 {
		cells = append(cells, cell(noisy, 2, 0, 6), cell(calm, 1, 0, 6))
	}
	weigh(cells)
	for i, want := range []float64{3, 6, 0.75, 3} {
		if got := cells[i].weight; math.Abs(got-want) > 1e-9 {
			t.Errorf("cell %d weighs %v, want %v", i, got, want)
		}
	}
	cells[0].weight, cells[1].weight = 1e9, 1e7
	limitWeights(cells)
	for i, want := range []float64{maxWeight, maxWeight} {
		if part := cells[i].weight / totalWeight(cells); math.Abs(part-want) > 1e-12 {
			t.Errorf("heavy cell %d holds %v", i, part)
		}
	}
	if cells[2].weight != 0.75 {
		t.Errorf("a light cell weighs %v now", cells[2].weight)
	}
}

// p-values of 0.01, 0.02 and 0.03 become 3·0.01, 2·0.02 and 0.04.
func TestHolm(t *testing.T) {
	if got := fmt.Sprintf("%.2f", holm([]float64{0.02, 0.01, 0.03})); got != "[0.04 0.03 0.04]" {
		t.Errorf("got %s", got)
	}
}

// Where nothing differs one in twenty
// p-values is below 5 %, with six trials and cells of unequal noise too.
func TestGroupTestKeepsItsLevel(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	below, covered := 0, 0
	const runs = 100
	for range runs {
		var list []Pair
		for _, noise := range []float64{0.05, 0.1, 0.2, 0.4} {
			list = append(list, groupsOf(random, 1, 4, 6, noise, slowedBy("", 1))...)
		}
		j := compared(list)[0]
		if j.P <= 0.05 {
			below++
		}
		if j.Ratio.Interval.Contains(1) {
			covered++
		}
	}
	if below > 11 || covered < runs*92/100 { // the first at 5 % in one of a hundred cases
		t.Errorf("%d of %d are below 5 %%, %d intervals hold 1", below, runs, covered)
	}
}
