package stat

import "fmt"

// The verdicts of a comparison. Of bytes the greater number is "slower".
const (
	Faster Verdict = "faster"
	Slower Verdict = "slower"
	Same   Verdict = "same"
)

// Criteria of comparisons.
type Criteria struct {
	// Level is the chance that any comparison of a family is called faster or
	// slower where none is.
	Level float64
	// Band is how far a ratio may be from 1 and still count as the same.
	Band float64
	// OneRun says that both sides of the pairs are of one run, whose luck they
	// share: that all of them differ alike is then a finding.
	OneRun bool
	// Seed makes the permutations of two calls the same.
	Seed uint64
}

// DefaultCriteria are a false alarm in one of a hundred whole matrices, and a
// band of ± 2 %: less than half of the 5 % that must be found, so that what is
// called the same can't be such a slowdown, and more than what two builds of
// one source differ in by the placement of their code alone.
func DefaultCriteria(seed uint64) Criteria { return Criteria{Level: 0.01, Band: 0.02, Seed: seed} }

// judged is what a comparison is decided by.
type judged struct {
	// low, value and high are the interval and the value of a ratio, turned so
	// that above 1 is worse.
	low, value, high float64
	// exact is a ratio of what does not vary, which needs no test.
	exact         bool
	p, detectable float64
	// disturbed says that most trials of a side were disturbed.
	disturbed bool
}

// judge gives the verdict and its reason. Between two runs of which one was mostly
// disturbed nothing is called slower or faster.
func (c Criteria) judge(j judged) (Verdict, string) {
	within := j.high <= 1+c.Band && j.low >= 1/(1+c.Band)
	beyond := j.value > 1+c.Band || j.value < 1/(1+c.Band)
	apart := j.exact || j.p <= c.Level && (j.low > 1 || j.high < 1)
	switch {
	case within:
		return Same, fmt.Sprintf("the 95 %% interval lies within the band of ± %.3g %%", c.Band*100)
	case apart && beyond && j.disturbed && !c.OneRun:
		return Undecided, "most trials of a run were disturbed by what else the machine did, which slows one thing more than another; measure again when it is quiet"
	case apart && beyond && j.value > 1:
		return Slower, j.evidence()
	case apart && beyond:
		return Faster, j.evidence()
	case apart:
		return Undecided, fmt.Sprintf("they differ, but perhaps by less than ± %.3g %%", c.Band*100)
	case j.low > 1 || j.high < 1:
		return Undecided, fmt.Sprintf("where so much is compared, chance alone shows as much with probability %.2g; measure more trials", j.p)
	}
	return Undecided, fmt.Sprintf("the interval holds 1 and more than the band; these trials find ± %.0f %%", (j.detectable-1)*100)
}

func (j judged) evidence() string {
	if j.exact {
		return "all trials agree on both sides"
	}
	return fmt.Sprintf("the 95 %% interval and the test over the whole family agree (p = %.2g)", j.p)
}
