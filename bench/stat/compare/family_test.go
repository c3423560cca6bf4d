package compare

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/size"
	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/stattest"
	"edgebench/results"
)

// pairs makes a family of samples of equal noise; times says by how much the
// new side of each differs.
func pairs(random *rand.Rand, n, trials int, noise float64, times func(i int) float64) []Pair {
	list := make([]Pair, n)
	for i := range list {
		list[i].Old = stattest.Sample("x", stattest.Noisy(random, trials, 4, noise, noise)...)
		list[i].New = stattest.Sample("x", stattest.Scaled(stattest.Noisy(random, trials, 4, noise, noise), times(i))...)
	}
	return list
}

func same(int) float64 { return 1 }

// only gives a factor to the first pair of a family.
func only(factor float64) func(int) float64 {
	return func(i int) float64 {
		if i == 0 {
			return factor
		}
		return 1
	}
}

// A busy machine moves medians and leaves the minima of trials: each is looked at
// beside its kind.
func TestMinimaHaveACommonModeOfTheirOwn(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	list := append(pairs(random, 30, 8, 0.01, func(int) float64 { return 1.2 }), pairs(random, 30, 8, 0.01, only(1/1.1))...)
	for _, p := range list[30:] {
		p.Old.Metric, p.New.Metric = coldstart.Minimum, coldstart.Minimum
	}
	f := Compare(list, DefaultCriteria(1))
	if math.Abs(f.CommonMode.Value-1.2) > 0.02 || math.Abs(f.common.minima.Value-1) > 0.02 {
		t.Errorf("common modes are %v and %v", f.CommonMode.Value, f.common.minima.Value)
	}
	for i, x := range f.Comparisons {
		if want := i == 30; (x.Verdict == Faster) != want || x.Verdict == Slower {
			t.Errorf("%d is %s because %s", i, x.Verdict, x.Reason)
		}
	}
}

// Uncontended minima are looked at beside each other where they are enough.
func TestUncontendedMinimaHaveACommonModeOfTheirOwn(t *testing.T) {
	for uncontended, common := range map[int]float64{30: 1, 10: 1.2} {
		random := rand.New(rand.NewPCG(1, 1))
		list := append(pairs(random, 50, 8, 0.01, func(int) float64 { return 1.2 }), pairs(random, uncontended, 8, 0.01, only(1.05))...)
		for i, p := range list {
			p.Old.Metric, p.New.Metric = coldstart.Minimum, coldstart.Minimum
			p.Old.Uncontended, p.New.Uncontended = i >= 50, i >= 50
		}
		f := Compare(list, DefaultCriteria(1))
		if math.Abs(f.common.minima.Value-1.2) > 0.02 || math.Abs(f.common.uncontended.Value-common) > 0.02 {
			t.Errorf("with %d uncontended the common modes are %v and %v", uncontended, f.common.minima.Value, f.common.uncontended.Value)
		}
		if got := f.Comparisons[50].Verdict; (got == Slower) != (uncontended == 30) {
			t.Errorf("beside %d uncontended the slower one is %s", uncontended, got)
		}
	}
}

func TestCompareFindsWhatDiffers(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for name, c := range map[string]struct {
		factor float64
		unit   string
		want   Verdict
	}{
		"slower":      {1.05, results.Seconds, Slower},
		"faster":      {1 / 1.05, results.Seconds, Faster},
		"higher rate": {1.05, results.RequestsPerSecond, Faster},
		"lower rate":  {1 / 1.05, results.RequestsPerSecond, Slower},
		"more bytes":  {1.05, results.Bytes, Slower},
		"same":        {1.001, results.Seconds, Same},
	} {
		list := pairs(random, 40, 6, 0.003, only(c.factor))
		for i := range list {
			list[i].Old.Unit, list[i].New.Unit = c.unit, c.unit
		}
		f := Compare(list, DefaultCriteria(1))
		if got := f.Comparisons[0]; got.Verdict != c.want {
			t.Errorf("%s: %s because %s (p %v, %+v)", name, got.Verdict, got.Reason, got.P, got.Ratio.Interval)
		}
		for _, x := range f.Comparisons[1:] {
			if x.Verdict != Same {
				t.Errorf("%s: a bystander is %s because %s", name, x.Verdict, x.Reason)
			}
		}
	}
}

// With noise of 30 % nothing can be said of 5 %, and the reason says what could.
func TestCompareLeavesOpen(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	f := Compare(pairs(random, 40, 10, 0.3, only(1.05)), DefaultCriteria(1))
	for _, x := range f.Comparisons {
		if x.Verdict != Undecided || x.Reason.String() == "" {
			t.Errorf("%s because %s", x.Verdict, x.Reason)
		}
		if x.Detectable < 1.5 || x.Detectable > 8 {
			t.Errorf("a difference of %v counts as detectable", x.Detectable)
		}
	}
}

// What moves all timings alike is no change of one of them.
func TestCompareTakesOutTheCommonMode(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	f := Compare(pairs(random, 40, 10, 0.01, func(i int) float64 {
		if i == 0 {
			return 1.2
		}
		return 1.08
	}), DefaultCriteria(1))
	if math.Abs(f.CommonMode.Value-1.08) > 0.01 || f.CommonMode.Interval == nil || f.CommonMode.Interval.Contains(1) {
		t.Errorf("the common mode is %+v", f.CommonMode)
	}
	if got := f.Comparisons[0].Verdict; got != Slower {
		t.Errorf("what stands out is %s because %s", got, f.Comparisons[0].Reason)
	}
	for _, x := range f.Comparisons[1:] {
		if x.Verdict != Undecided || !strings.Contains(x.Reason.String(), "all timings together moved by +8.") {
			t.Errorf("%s because %s", x.Verdict, x.Reason)
		}
	}
}

// Of one run it is what was asked for.
func TestCompareWithinARun(t *testing.T) {
	criteria := DefaultCriteria(1)
	criteria.OneRun = true
	f := Compare(pairs(rand.New(rand.NewPCG(1, 1)), 40, 10, 0.01, func(int) float64 { return 1.08 }), criteria)
	for _, x := range f.Comparisons {
		if x.Verdict != Slower {
			t.Errorf("%s because %s", x.Verdict, x.Reason)
		}
	}
}

func TestCompareLimits(t *testing.T) {
	size := func(v float64) *stat.Sample {
		s := stattest.Sample(size.Artefact, []float64{v})
		s.Unit = results.Bytes
		return s
	}
	few := stattest.Sample("x", []float64{1}, []float64{2})
	zero := stattest.Singles(0, 0, 0, 0, 0, 0)
	one := stattest.Singles(1, 1, 1, 1, 1, 1)
	f := Compare([]Pair{
		{few, few}, {size(100), size(101)}, {size(100), size(110)}, {size(100), size(90)}, {few, size(1)}, {one, zero}, {one, one},
		{one, stattest.Singles(2, 2, 2, 2, 2, 2)},
	}, DefaultCriteria(1))
	want := []Verdict{Undecided, Same, Slower, Faster, Undecided, Undecided, Same, Slower}
	for i, x := range f.Comparisons {
		if x.Verdict != want[i] || x.Reason.String() == "" {
			t.Errorf("comparison %d is %s because %q, want %s", i, x.Verdict, x.Reason, want[i])
		}
	}
	if f.CommonMode.Interval != nil || f.CommonMode.Value != 1 {
		t.Errorf("two timings gave the common mode %+v", f.CommonMode)
	}
	if got := Compare(nil, DefaultCriteria(1)); len(got.Comparisons) != 0 {
		t.Errorf("nothing gave %+v", got)
	}
}

// False alarms of matrices in which nothing has changed. Bimodal trials with six
// a side are the hardest: by chance alone all of one side lie in the upper mode
// now and then.
func TestFalseAlarmsOfAFamily(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	alarms := 0
	const families = 60
	for range families {
		list := pairs(random, 20, 6, 0.01, same)
		for _, p := range list {
			for _, s := range []*stat.Sample{p.Old, p.New} {
				for _, trial := range s.Trials {
					if random.Float64() < 0.5 {
						for i := range trial.Values {
							trial.Values[i] *= 2
						}
					}
				}
			}
		}
		if slices.ContainsFunc(Compare(list, DefaultCriteria(1)).Comparisons, func(x Comparison) bool { return x.Verdict == Slower || x.Verdict == Faster }) {
			alarms++
		}
	}
	if alarms > 3 { // at 1 % more come in one of 400 cases
		t.Errorf("%d of %d families give an alarm", alarms, families)
	}
}

// With permutations that are alike for all the steps are Holm's: p-values of 0.01, 0.02
// and 0.03 become 3·0.01, 2·0.02 and 0.04, since none falls below the one before.
func TestStepDownIsHolm(t *testing.T) {
	permutations := make([]float64, 100000)
	for i := range permutations {
		permutations[i] = float64(i)
	}
	got := stepDown([]float64{98000, 99000, 97000}, [][]float64{permutations, permutations, permutations})
	for i, want := range []float64{0.04, 0.03, 0.04} {
		if math.Abs(got[i]-want) > 1e-4 {
			t.Errorf("got %v", got)
		}
	}
}

// Many cells of six trials can differ at once: each has had its turn before
// the next.
func TestManyDifferAtOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	f := Compare(pairs(random, 60, 6, 0.002, func(i int) float64 { return 1 + 0.05*float64(i%3/2) }), DefaultCriteria(1))
	for i, x := range f.Comparisons {
		if want := []Verdict{Same, Same, Slower}[i%3]; x.Verdict != want {
			t.Errorf("comparison %d is %s because %s (%+v)", i, x.Verdict, x.Reason, x.Ratio.Interval)
		}
	}
}

// One comparison alone is tested by its own permutations: of the 924 permutations of
// 1 to 12 to two sides two are as far apart as 1 to 6 and 7 to 12.
func TestOnePermutationTest(t *testing.T) {
	old, new := stattest.Singles(1, 2, 3, 4, 5, 6), stattest.Singles(7, 8, 9, 10, 11, 12)
	got := adjusted([]sides{newSides(Pair{old, new}, 0)}, 1)
	if math.Abs(got[0]-2.0/924) > 0.0015 {
		t.Errorf("the p-value is %v, want about %v", got[0], 2.0/924)
	}
	if got := adjusted([]sides{newSides(Pair{old, old}, 0)}, 1); got[0] != 1 {
		t.Errorf("equals have the p-value %v", got[0])
	}
}

// The probability of superiority of two normal distributions one standard
// deviation apart is Φ(1/√2).
func TestSuperiority(t *testing.T) {
	if got := superiority([]float64{1, 2, 3}, []float64{2, 3, 4}); got != 7.0/9 {
		t.Errorf("got %v", got)
	}
	if got := superiority([]float64{1, 2, 3}, []float64{4, 5, 6}); got != 1 {
		t.Errorf("apart: %v", got)
	}
	random := rand.New(rand.NewPCG(1, 1))
	truth := 0.5 * math.Erfc(-0.5)
	a, b := make([]float64, 3000), make([]float64, 3000)
	for i := range a {
		a[i], b[i] = random.NormFloat64(), 1+random.NormFloat64()
	}
	if got := superiority(a, b); math.Abs(got-truth) > 0.02 {
		t.Errorf("of many it is %v, want %v", got, truth)
	}
}
