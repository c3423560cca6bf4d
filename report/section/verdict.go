package section

import (
	"maps"
	"slices"

	"edgebench/bench/stat/compare"
	"edgebench/report/model"
)

// classVerdict is that of a class: the claim holds if it holds for every cell that
// could be measured, and does not hold if it fails for one of them.
func classVerdict(cells []model.CellResult) compare.Verdict {
	v := compare.Unmeasured
	for _, c := range cells {
		switch {
		case c.Verdict == compare.NoClaim:
			return compare.NoClaim
		case c.Verdict == compare.Unmeasured:
		case c.Verdict == compare.Fails:
			return compare.Fails
		case v == compare.Unmeasured:
			v = c.Verdict
		case c.Verdict != v:
			v = compare.Undecided
		}
	}
	return v
}

// rowVerdict is that of a row, from the verdicts of its classes. Classes that could
// not be measured are named beside it and have no part in it, unless a side has no
// others.
func rowVerdict(classes []model.ClassResult) compare.Verdict {
	has := func(v compare.Verdict) bool {
		return slices.ContainsFunc(classes, func(c model.ClassResult) bool { return c.Verdict == v })
	}
	switch {
	case has(compare.NoClaim):
		return compare.NoClaim
	case has(compare.Holds) && has(compare.Fails):
		return compare.Depends
	case has(compare.Undecided), has(compare.Holds) && silent(classes):
		return compare.Undecided
	case has(compare.Holds):
		return compare.Holds
	case has(compare.Fails):
		return compare.Fails
	}
	return compare.Unmeasured
}

// silent says that none of the classes of a side was measured, so that a claim about
// both sides can't hold.
func silent(classes []model.ClassResult) bool {
	measured := map[model.Side]bool{}
	for _, c := range classes {
		measured[c.Side] = measured[c.Side] || c.Verdict != compare.Unmeasured
	}
	return slices.Contains(slices.Collect(maps.Values(measured)), false)
}
