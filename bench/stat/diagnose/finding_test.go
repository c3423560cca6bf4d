package diagnose

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/stattest"
	"edgebench/results"

	gonum "gonum.org/v1/gonum/stat"
)

// kinds of what is found in a sample.
func kinds(list []Finding) []Kind {
	var all []Kind
	for _, f := range list {
		all = append(all, f.Kind)
	}
	return all
}

// Each form is found, and nothing else.
func TestFindings(t *testing.T) {
	for name, c := range map[string]struct {
		trials, iterations int
		form               func(trial, iteration int) float64
		want               []Kind
	}{
		"steady":            {10, 12, func(int, int) float64 { return 1 }, nil},
		"warm-up of two":    {10, 12, func(_, j int) float64 { return []float64{3, 1.5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}[j] }, []Kind{WarmUp}},
		"leak":              {10, 12, func(_, j int) float64 { return 1 + 0.05*float64(j) }, []Kind{Trend}},
		"drift":             {10, 12, func(i, _ int) float64 { return 1 + 0.1*float64(i) }, []Kind{Drift}},
		"step":              {40, 12, func(i, _ int) float64 { return []float64{1, 1.3}[i/16/max(1, i/16)] }, []Kind{Step}},
		"two kinds of luck": {12, 12, func(i, _ int) float64 { return []float64{1, 1, 4, 1, 4}[i%5] }, []Kind{Bimodal}},
		"two ways":          {12, 12, func(i, j int) float64 { return []float64{1, 1.6, 1, 1.6, 1.6, 1, 1.6, 1, 1}[(5*i+j)%9] }, []Kind{Bimodal}},
	} {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(3, 1))
			trials := stattest.Noisy(random, c.trials, c.iterations, 0.03, 0.03)
			for i := range trials {
				for j := range trials[i] {
					trials[i][j] *= c.form(i, j)
				}
			}
			got := Findings(stattest.Sample("x", trials...))
			if !slices.Equal(kinds(got), c.want) {
				t.Errorf("found %+v, want %v", got, c.want)
			}
		})
	}
}

func TestOutliersAreFound(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 1))
	trials := stattest.Noisy(random, 12, 10, 0.03, 0.03)
	for j := range trials[4] {
		trials[4][j] *= 5
	}
	trials[7][3] *= 4
	trials[9][6] *= 2
	got := Findings(stattest.Sample("x", trials...))
	if !slices.Equal(kinds(got), []Kind{Outliers, Outliers}) || !slices.Equal(got[0].Seqs, []int{4}) {
		t.Errorf("found %+v", got)
	}
	if few := Findings(stattest.Sample("x", trials[:5]...)); few != nil {
		t.Errorf("in five trials: %+v", few)
	}
}

// In samples in which there is nothing, next to nothing is found: six checks
// at one in a thousand.
func TestFalseFindings(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 1))
	const runs = 500
	found := 0
	for range runs {
		found += len(Findings(stattest.Sample("x", stattest.Noisy(random, 10, 12, 0.2, 0.2)...)))
	}
	if found > 9 { // 3 are expected, and 9 or more in one of 250 cases
		t.Errorf("%d findings in %d samples", found, runs)
	}
}

// runOf makes 60 cells whose trials run in 8 blocks. Trials depend on those
// before them, and form says what happens to the machine meanwhile.
func runOf(random *rand.Rand, unit string, form func(at float64) float64) []*stat.Sample {
	var list []*stat.Sample
	luck := 0.0
	for i := range 60 * 8 {
		if i < 60 {
			s := stattest.Sample("x")
			s.Unit = unit
			list = append(list, s)
		}
		luck = 0.3*luck + 0.05*random.NormFloat64()
		value := math.Exp(0.1*random.NormFloat64()+luck) * form(float64(i)/480)
		if unit == results.RequestsPerSecond {
			value = 1 / value
		}
		list[i%60].Trials = append(list[i%60].Trials, stat.Values{Seq: i, Values: []float64{value}})
	}
	return list
}

func TestRunDrift(t *testing.T) {
	for name, c := range map[string]struct {
		form func(float64) float64
		want []Kind
	}{
		"steady": {func(float64) float64 { return 1 }, nil},
		"drift":  {func(at float64) float64 { return 1 + 0.2*at }, []Kind{Drift}},
		"a busy third": {func(at float64) float64 {
			if at > 0.3 && at < 0.6 {
				return 1.2
			}
			return 1
		}, []Kind{Step, Step}},
	} {
		for _, unit := range []string{results.Seconds, results.RequestsPerSecond} {
			got := RunDrift(runOf(rand.New(rand.NewPCG(6, 1)), unit, c.form))
			if !slices.Equal(kinds(got), c.want) {
				t.Errorf("%s, %s: found %+v, want %v", name, unit, got, c.want)
			}
			if len(got) == 2 && (got[0].Seqs[0] < 134 || got[0].Seqs[0] > 154 || got[1].Seqs[0] < 278 || got[1].Seqs[0] > 298) {
				t.Errorf("steps at 144 and 288 are found as %+v", got)
			}
		}
	}
}

func TestTailOrigin(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 1))
	shares, none := map[int]float64{}, map[int]float64{}
	trials := stattest.Noisy(random, 10, 4, 0.02, 0.02)
	slow := stattest.Noisy(random, 10, 4, 0.02, 0.02)
	for i := range trials {
		none[i] = 0
		shares[i] = 0.01 * random.Float64()
		if i%2 == 0 {
			shares[i] += 0.1 + 0.01*float64(i)
			slow[i] = stattest.Scaled([][]float64{slow[i]}, 1+5*shares[i])[0]
		}
	}
	trials[5] = stattest.Scaled([][]float64{trials[5]}, 3)[0]
	for name, c := range map[string]struct {
		trials [][]float64
		shares map[int]float64
		want   Origin
	}{
		"disturbed":    {slow, shares, FromMachine},
		"nothing seen": {trials, none, FromRuntime},
		"calm":         {trials, shares, FromRuntime},
		"no figures":   {trials, nil, FromUnknown},
		"no tail":      {stattest.Noisy(random, 10, 4, 0.02, 0.02), shares, FromUnknown},
	} {
		if got := TailOrigin(stattest.Sample("x", c.trials...), c.shares); got.Origin != c.want || got.String() == "" || got.String() == string(got.Evidence) {
			t.Errorf("%s: %+v, %s, want %s", name, got, got, c.want)
		}
	}
}

// The p-values of both tests for changes are no smaller than they should be.
func TestChangesInNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 1))
	const runs = 2000
	var step, drift int
	for range runs {
		values := make([]float64, 30)
		for i := range values {
			values[i] = random.ExpFloat64()
		}
		if stepTest(values, 0).p <= 0.05 {
			step++
		}
		if driftTest(values, 0).p <= 0.05 {
			drift++
		}
	}
	if step > runs*7/100 || drift < runs*3/100 || drift > runs*7/100 {
		t.Errorf("of %d series %d have a step and %d a drift at 5 %%", runs, step, drift)
	}
	if got := kolmogorov(1.3581); math.Abs(got-0.05) > 1e-4 {
		t.Errorf("the 95th percentile of Kolmogorov's distribution has %v", got)
	}
}

// Tau takes account of ties. Why gonum's is not used: it takes ties for agreement when
// later values are not less.
func TestKendallWithTies(t *testing.T) {
	x := []float64{1, 2, 4, 8, 16, 32}
	ties := []float64{0, 0, 0, 0, 0, 1}
	if got := gonum.Kendall(x, ties, nil); got != 1 {
		t.Errorf("gonum's tau is %v", got)
	}
	// tau-b is (5 − 0) / √(15 · 5).
	if got := kendall(x, ties); math.Abs(got-1/math.Sqrt(3)) > 1e-12 || kendall(x, ties[:1]) != 0 {
		t.Errorf("tau-b is %v", got)
	}
}

// Each kind of finding is worded with its numbers.
func TestFindingsAreWorded(t *testing.T) {
	for _, c := range []struct {
		f    Finding
		want string
	}{
		{Finding{Kind: WarmUp, Count: 1, Ratio: 3}, "the first iteration is 3 times what follows"},
		{Finding{Kind: WarmUp, Count: 2, Ratio: 3}, "the first 2 iterations are warm-up; the first is 3 times what follows"},
		{Finding{Kind: Trend, Ratio: 1.2}, "iterations change by +20.0 % from the first to the last of a trial"},
		{Finding{Kind: Drift, Scope: Trials, Ratio: 0.9}, "trials change by -10.0 % from the first to the last of the run"},
		{Finding{Kind: Drift, Scope: Run, Ratio: 1.1}, "timings of all cells change by +10.0 % from the first to the last trial of the run"},
		{Finding{Kind: Step, Scope: Trials, Ratio: 2, Seqs: []int{7}}, "from trial 7 on, trials take 2 times what they took before"},
		{Finding{Kind: Step, Scope: Run, Ratio: 2, Seqs: []int{7}}, "from trial 7 on, timings of all cells are 2 times what they were before"},
		{Finding{Kind: Bimodal, Scope: Trials, Count: 4, Total: 6, Low: 1, High: 2, Unit: "sec"}, "trials fall into two groups: 4 around 1 sec and 2 around 2"},
		{Finding{Kind: Bimodal, Scope: Iterations, Count: 3, Total: 4, Low: 1, High: 2, Unit: "sec"}, "iterations fall into two groups: 75 % around 1 sec and 25 % around 2"},
		{Finding{Kind: Outliers, Scope: Trials, Count: 1, Total: 6, High: 5}, "1 of 6 trials lie far from the others: up to 5 times the median"},
		{Finding{Kind: Outliers, Scope: Iterations, Count: 1, Total: 6, Low: 0.5}, "1 of 6 iterations lie far from the others of their trial: down to 0.5 times the median"},
		{Finding{Kind: Outliers, Scope: Trials, Count: 2, Total: 6, Low: 0.5, High: 5}, "2 of 6 trials lie far from the others: 0.5 to 5 times the median"},
	} {
		if got := c.f.String(); got != c.want {
			t.Errorf("%+v is worded %q, want %q", c.f, got, c.want)
		}
	}
}
