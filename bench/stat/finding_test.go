package stat

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"edgebench/results"
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
		"two kinds of luck": {12, 12, func(i, _ int) float64 { return []float64{1, 1, 4, 1, 4}[i%5] }, []Kind{Groups}},
		"two ways":          {12, 12, func(i, j int) float64 { return []float64{1, 1.6, 1, 1.6, 1.6, 1, 1.6, 1, 1}[(5*i+j)%9] }, []Kind{Groups}},
	} {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(3, 1))
			trials := noisy(random, c.trials, c.iterations, 0.03, 0.03)
			for i := range trials {
				for j := range trials[i] {
					trials[i][j] *= c.form(i, j)
				}
			}
			got := Findings(sampleOf("x", trials...))
			if !slices.Equal(kinds(got), c.want) {
				t.Errorf("found %+v, want %v", got, c.want)
			}
		})
	}
}

func TestOutliersAreFound(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 1))
	trials := noisy(random, 12, 10, 0.03, 0.03)
	for j := range trials[4] {
		trials[4][j] *= 5
	}
	trials[7][3] *= 4
	trials[9][6] *= 2
	got := Findings(sampleOf("x", trials...))
	if !slices.Equal(kinds(got), []Kind{Outliers, Outliers}) || !slices.Equal(got[0].Seqs, []int{4}) {
		t.Errorf("found %+v", got)
	}
	if few := Findings(sampleOf("x", trials[:5]...)); few != nil {
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
		found += len(Findings(sampleOf("x", noisy(random, 10, 12, 0.2, 0.2)...)))
	}
	if found > 9 { // 3 are expected, and 9 or more in one of 250 cases
		t.Errorf("%d findings in %d samples", found, runs)
	}
}

// runOf makes 60 cells whose trials run in 8 blocks. Trials depend on those
// before them, and form says what happens to the machine meanwhile.
func runOf(random *rand.Rand, unit string, form func(at float64) float64) []*Sample {
	var list []*Sample
	luck := 0.0
	for i := range 60 * 8 {
		if i < 60 {
			s := sampleOf("x")
			s.Unit = unit
			list = append(list, s)
		}
		luck = 0.3*luck + 0.05*random.NormFloat64()
		value := math.Exp(0.1*random.NormFloat64()+luck) * form(float64(i)/480)
		if unit == results.RequestsPerSecond {
			value = 1 / value
		}
		list[i%60].Trials = append(list[i%60].Trials, Values{Seq: i, Values: []float64{value}})
	}
	return list
}

func TestCourse(t *testing.T) {
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
			got := Course(runOf(rand.New(rand.NewPCG(6, 1)), unit, c.form))
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
	trials := noisy(random, 10, 4, 0.02, 0.02)
	slow := noisy(random, 10, 4, 0.02, 0.02)
	for i := range trials {
		none[i] = 0
		shares[i] = 0.01 * random.Float64()
		if i%2 == 0 {
			shares[i] += 0.1 + 0.01*float64(i)
			slow[i] = scaled([][]float64{slow[i]}, 1+5*shares[i])[0]
		}
	}
	trials[5] = scaled([][]float64{trials[5]}, 3)[0]
	for name, c := range map[string]struct {
		trials [][]float64
		shares map[int]float64
		want   Origin
	}{
		"disturbed":    {slow, shares, FromMachine},
		"nothing seen": {trials, none, FromRuntime},
		"calm":         {trials, shares, FromRuntime},
		"no figures":   {trials, nil, FromUnknown},
		"no tail":      {noisy(random, 10, 4, 0.02, 0.02), shares, FromUnknown},
	} {
		if got, because := TailOrigin(sampleOf("x", c.trials...), c.shares); got != c.want || because == "" {
			t.Errorf("%s: %s because %s, want %s", name, got, because, c.want)
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
