package compare

import (
	"cmp"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
)

// GroupComparison is the answer to whether all cells of a name, such as a runner's,
// differ as a group.
type GroupComparison struct {
	Name string
	// Cells is the number of those that can be looked at: timings with two
	// trials or more on each side.
	Cells int
	// Shown are those of them that are slower or faster by themselves, the greatest
	// ratio first.
	Shown []*Comparison
	// Ratio of new to old that the cells share, with its 95 % interval; of rates the
	// inverse enters, so that above 1 is slower. It is empty where there are too few
	// cells.
	Ratio estimate.Estimate
	// P is the chance that a difference as clear as this one, or a clearer one,
	// shows in any of the names where nothing differs; of the test as it stands
	// and of that against the others the greater. It is 1 where not tested.
	P float64
	// Detectable is the ratio above 1 that would be found in 95 % of cases; 0
	// where not tested.
	Detectable float64
	Verdict    Verdict
	Reason     Reason
}

// minCells is the number of cells from which on they say something of a group.
const minCells = 6

// CompareGroups compares the timings of a family by name, one question for each, in
// the order of names. The names are a family of their own: Criteria.Level is the
// chance that any of them is called faster or slower where none is.
//
// A cell's trials scatter too much to show a few per cent, but what many cells
// share scatters less by the root of their number. The test is of ranks within
// each cell, by a weighted sum over cells (van Elteren, On the combination of
// independent two sample tests of Wilcoxon, 1960; see weigh and score), by
// permutation and corrected for the names in Holm's steps. The ratio is that at
// which the same sum is none (see locate). No single cell dominates either: an
// added constant time may multiply the shortest operation by five and leave most
// others nearly unchanged.
//
// A name is called slower where test and interval say so and the ratio lies beyond the
// band. It is called so too where the test says so, two cells or more are slower by
// themselves and none is faster: these have been found in the family of all cells, so
// that no further false alarm comes of it. It is the same where the interval lies
// within the band and no cell differs by itself.
//
// Cells of one run share its conditions. A verdict must therefore also hold
// against all other names, with their uncertainty included, which distinguishes a
// slower runner from a slower machine. If there is no other name, they can't be
// distinguished.
//
// Where there are cells enough with the minimum first response of each trial, it is
// by these that a name is judged, and beside the others' that it is: what disturbs
// a time adds to it, most of it for longer than a call takes and for less than a
// trial does (Chen and Revels, Robust benchmarking in noisy environments, 2016). A
// name with fewer is judged by all its other timings beside those of the others.
// The two don't mix, since a busy machine moves the one and hardly the other; each
// kind has half of the level.
//
// The test does not find slowdowns of some cells that gains of others cancel, nor
// a change of one cell. If conditions of a run affect each cell differently, the
// p-values are too small, since trials within a cell don't show this. The
// interval includes how cells differ and is not too narrow.
func CompareGroups(f Family, by func(stat.Key) string, c Criteria) []GroupComparison {
	var minima, others []*Comparison
	for i := range f.Comparisons {
		if x := &f.Comparisons[i]; x.isMinimum() {
			minima = append(minima, x)
		} else {
			others = append(others, x)
		}
	}
	if len(minima) == 0 {
		return compareGroups(others, by, c)
	}
	c.Level /= 2
	list := compareGroups(others, by, c)
	for _, steady := range compareGroups(minima, by, c) {
		i := slices.IndexFunc(list, func(x GroupComparison) bool { return x.Name == steady.Name })
		switch {
		case i < 0:
			list = append(list, steady)
		case steady.Cells >= minCells:
			list[i] = steady
		}
	}
	slices.SortFunc(list, func(a, b GroupComparison) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// compareGroups judges comparisons that a machine moves alike.
func compareGroups(all []*Comparison, by func(stat.Key) string, c Criteria) []GroupComparison {
	cells := map[string][]*cellEffect{}
	for _, x := range all {
		if !x.isTiming() {
			continue
		}
		name := by(x.New.Key)
		list := cells[name]
		if e, ok := newCellEffect(x); ok {
			list = append(list, e)
		}
		cells[name] = list
	}
	list := make([]GroupComparison, 0, len(cells))
	var groups []*group
	for _, name := range slices.Sorted(maps.Keys(cells)) {
		n := len(cells[name])
		list = append(list, GroupComparison{
			Name: name, Cells: n, Shown: shown(cells[name]), P: 1,
			Verdict: Undecided, Reason: Reason{Code: TooFewCells, Need: minCells, Have: n},
		})
		if n >= minCells {
			weigh(cells[name])
			groups = append(groups, &group{cells: cells[name]})
		}
	}
	judgeGroups(list, groups, c)
	return list
}

// group are the cells of one name, which are enough.
type group struct {
	cells []*cellEffect
	location
}

// shown are the cells that are slower or faster by themselves, the greatest ratio
// first.
func shown(cells []*cellEffect) []*Comparison {
	var list []*Comparison
	for _, e := range cells {
		if e.Verdict == Slower || e.Verdict == Faster {
			list = append(list, e.Comparison)
		}
	}
	slices.SortStableFunc(list, func(a, b *Comparison) int {
		return cmp.Compare(math.Abs(math.Log(b.Ratio.Value)), math.Abs(math.Log(a.Ratio.Value)))
	})
	return list
}

// judgeGroups decides those that have cells enough, which are given once more
// as groups, in the same order.
func judgeGroups(list []GroupComparison, groups []*group, c Criteria) {
	random := rand.New(rand.NewPCG(c.Seed, uint64(len(groups))))
	for _, g := range groups {
		g.location = locate(g.cells)
	}
	alone, against := asTheyStand(groups, random), againstOthers(groups, random)
	level := c.Level / float64(len(groups))
	next := 0
	for i := range list {
		x := &list[i]
		if x.Cells < minCells {
			continue
		}
		g := groups[next]
		j := judged{p: alone[next], detectable: g.detectable(level), disturbed: g.mostlyDisturbed(), cells: x.Cells, shown: x.Shown}
		if len(groups) == 1 {
			x.judge(c, j, g.location)
			x.Reason.Alone = true
		} else {
			others := locate(cellsBut(groups, next))
			difference := g.less(others)
			j.detectable = max(j.detectable, difference.detectable(level))
			x.judge(c, j, g.location)
			j.p = max(j.p, against[next])
			x.judgeAgain(c, j, difference, others)
		}
		x.Ratio = g.ratio()
		next++
	}
}

// judge decides as it stands.
func (x *GroupComparison) judge(c Criteria, j judged, l location) {
	j.low, j.value, j.high = l.slowness()
	x.P, x.Detectable = j.p, j.detectable
	x.Verdict, x.Reason = c.judge(j)
}

// judgeAgain withdraws a verdict that does not hold against the others. That
// something is the same does so by itself unless the others have moved.
func (x *GroupComparison) judgeAgain(c Criteria, j judged, difference, others location) {
	x.P = j.p
	low, moved, high := others.slowness()
	if x.Verdict == Undecided || x.Verdict == Same && low <= 1 && high >= 1 {
		return
	}
	j.low, j.value, j.high = difference.slowness()
	again, reason := c.judge(j)
	if again == x.Verdict {
		x.Reason = reason
		return
	}
	x.Verdict = Undecided
	x.Reason = Reason{Code: OthersMoved, Moved: moved, Against: j.value, Cells: reason.Cells, Shown: reason.Shown}
}

// mostlyDisturbed says whether more than half of the trials of a side were.
func (g *group) mostlyDisturbed() bool {
	var trials, disturbed [2]int
	for _, e := range g.cells {
		for side, s := range [2]*stat.Sample{e.Old, e.New} {
			trials[side] += len(s.Trials)
			disturbed[side] += s.Disturbed()
		}
	}
	return 2*disturbed[0] > trials[0] || 2*disturbed[1] > trials[1]
}

func (g *group) ratio() estimate.Estimate {
	e := estimate.Estimate{Unit: "ratio", Interval: &estimate.Interval{Method: estimate.Score}}
	e.Interval.Low, e.Value, e.Interval.High = g.slowness()
	for _, c := range g.cells {
		e.Trials += min(len(c.Old.Trials), len(c.New.Trials))
	}
	return e
}
