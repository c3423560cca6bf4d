package compare

import (
	"maps"
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
	// Ratio of new to old with its 95 % interval; of rates the inverse enters,
	// so that above 1 is slower. It is empty where there are too few cells.
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

// CompareGroups compares the timings of pairs by name, one question for each, in the
// order of names. The names are a family of their own: Criteria.Level is the
// chance that any of them is called faster or slower where none is.
//
// A cell's trials scatter too much to show a few per cent, but the mean of many
// cells' differences scatters less by the root of their number. The mean is
// weighted (see weigh), its interval is the wider of two (see spread), and its
// test permutes trials within each cell alone, a stratified permutation test (Good, Permutation, Parametric and Bootstrap Tests of
// Hypotheses, 2005), corrected for the names in Holm's steps.
//
// Cells of one run share the run's luck. A verdict must hold as it stands and
// against the mean of all others too, whose own uncertainty counts: this is
// what tells a slower runner from a slower machine. Where there is no other
// name it can't be told.
//
// Where there are cells enough with the minimum first response of each trial, it is
// by these that a name is judged, and beside the others' that it is: what disturbs
// a time adds to it, most of it for longer than a call takes and for less than a
// trial does (Chen and Revels, Robust benchmarking in noisy environments, 2016). A
// name with fewer is judged by all its other timings beside those of the others.
// The two don't mix, since a busy machine moves the one and hardly the other; each
// kind has half of the level.
//
// It costs a tenth of a second for 150 cells. It can't say which cells have
// changed, takes a slowdown of some and a gain of others for nothing, and sees a
// change of one cell only where this is large against all. Where every cell has
// its own luck of the run the p-values are too small, since trials within a cell
// don't show it; the interval, which sees how cells differ, is not too narrow.
func CompareGroups(pairs []Pair, by func(stat.Key) string, c Criteria) []GroupComparison {
	var minima, others []Pair
	for _, p := range pairs {
		if p.isMinimum() {
			minima = append(minima, p)
		} else {
			others = append(others, p)
		}
	}
	if len(minima) == 0 {
		return compareGroups(others, by, c)
	}
	c.Level /= 2
	list := compareGroups(others, by, c)
	for _, steady := range compareGroups(minima, by, c) {
		i := slices.IndexFunc(list, func(j GroupComparison) bool { return j.Name == steady.Name })
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

// compareGroups judges pairs that a machine moves alike.
func compareGroups(pairs []Pair, by func(stat.Key) string, c Criteria) []GroupComparison {
	cells := map[string][]*cellEffect{}
	for _, p := range pairs {
		if !p.isTiming() {
			continue
		}
		name := by(p.New.Key)
		list := cells[name]
		if s, ok := newCellEffect(p); ok {
			list = append(list, s)
		}
		cells[name] = list
	}
	givePriors(cells)
	list := make([]GroupComparison, 0, len(cells))
	var groups []*group
	for _, name := range slices.Sorted(maps.Keys(cells)) {
		n := len(cells[name])
		list = append(list, GroupComparison{
			Name: name, Cells: n, P: 1, Verdict: Undecided, Reason: Reason{Code: TooFewCells, Need: minCells, Have: n},
		})
		if n >= minCells {
			groups = append(groups, newGroup(cells[name]))
		}
	}
	judgeGroups(list, groups, c)
	return list
}

// judgeGroups decides those that have cells enough, which are given once more
// as groups.
func judgeGroups(list []GroupComparison, groups []*group, c Criteria) {
	random := rand.New(rand.NewPCG(c.Seed, uint64(len(groups))))
	for _, w := range groups {
		w.spread(random)
	}
	alone, against := asTheyStand(groups, random), againstOthers(groups, random)
	level := c.Level / float64(len(groups))
	next := 0
	for i := range list {
		j := &list[i]
		if j.Cells < minCells {
			continue
		}
		w := groups[next]
		disturbed := w.mostlyDisturbed()
		if len(groups) == 1 {
			j.judge(c, w.judged(alone[0], w.detectable(level), disturbed))
			j.Reason.Alone = true
		} else {
			others := othersOf(groups, next)
			difference := w.less(others)
			detectable := max(w.detectable(level), difference.detectable(level))
			j.judge(c, w.judged(alone[next], detectable, disturbed))
			j.judgeAgain(c, difference.judged(max(j.P, against[next]), detectable, disturbed), others)
		}
		j.Ratio = w.ratio()
		next++
	}
}

// judge decides as it stands.
func (j *GroupComparison) judge(c Criteria, x judged) {
	j.P, j.Detectable = x.p, x.detectable
	j.Verdict, j.Reason = c.judge(x)
}

// judgeAgain withdraws a verdict that does not hold against the others. That
// something is the same does so by itself unless the others have moved.
func (j *GroupComparison) judgeAgain(c Criteria, difference judged, others estimated) {
	j.P = difference.p
	low, moved, high := others.slowness()
	if j.Verdict == Undecided || j.Verdict == Same && low <= 1 && high >= 1 {
		return
	}
	again, reason := c.judge(difference)
	if again == j.Verdict {
		j.Reason = reason
		return
	}
	j.Verdict, j.Reason = Undecided, Reason{Code: OthersMoved, Moved: moved, Against: difference.value}
}
