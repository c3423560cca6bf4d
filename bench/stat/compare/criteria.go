package compare

import "slices"

// Criteria of comparisons.
type Criteria struct {
	// Level is the chance that any comparison of a family is called faster or
	// slower where none is.
	Level float64
	// Band is how far a ratio may be from 1 and still count as the same.
	Band float64
	// OneRun says that both sides of the pairs are from one run and share its
	// conditions, so that a difference common to all pairs is a finding.
	OneRun bool
	// Seed makes the permutations of two calls the same.
	Seed uint64
}

// DefaultCriteria allow a false alarm in one of a hundred matrices, and a band of
// ± 2 %. The band is less than half of the 5 % slowdown that must be found, so
// that such a slowdown is never called the same. It is more than the difference
// of two builds of one source that differ only in code placement.
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
	// cells is the number of a group's, and shown are those of them that differ by
	// themselves; none of what is no group.
	cells int
	shown []*Comparison
}

// judge gives the verdict and its reason. It calls nothing slower or faster if
// one of the two runs was mostly disturbed.
func (c Criteria) judge(j judged) (Verdict, Reason) {
	within := j.high <= 1+c.Band && j.low >= 1/(1+c.Band)
	beyond := j.value > 1+c.Band || j.value < 1/(1+c.Band)
	apart := j.exact || j.p <= c.Level && (j.low > 1 || j.high < 1)
	shows := j.p <= c.Level && j.shows()
	r := Reason{P: j.p, Band: c.Band, Detectable: j.detectable, Cells: j.cells, Shown: len(j.shown)}
	v := Undecided
	switch {
	case within && len(j.shown) == 0:
		v, r.Code = Same, WithinBand
	case (apart && beyond || shows) && j.disturbed && !c.OneRun:
		r.Code = MostlyDisturbed
	case apart && beyond, shows:
		v, r.Code = j.direction(), SignificantInCells
		if apart && beyond {
			r.Code = Significant
		}
		if j.exact {
			r.Code = AllAgree
		}
	case apart:
		r.Code = PerhapsWithinBand
	case within:
		r.Code = WithinBandButShown
	case j.low > 1 || j.high < 1:
		r.Code = PerhapsChance
	default:
		r.Code = TooWide
	}
	return v, r
}

// minShown is the number of a group's cells that must differ individually if the
// common difference lies within the band, since one cell is no change of the
// group.
const minShown = 2

// shows says whether enough of a group's cells lie beyond the band by themselves, all
// of them on the side of what they share.
func (j judged) shows() bool {
	other := func(x *Comparison) bool { return x.Verdict != j.direction() }
	return len(j.shown) >= minShown && !slices.ContainsFunc(j.shown, other)
}

// direction is the verdict on what differs.
func (j judged) direction() Verdict {
	if j.value > 1 {
		return Slower
	}
	return Faster
}
