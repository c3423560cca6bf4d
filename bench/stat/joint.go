package stat

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// Joint is the answer to whether all cells of a name, such as a runner's,
// differ as a whole.
type Joint struct {
	Name string
	// Cells is the number of those that can be looked at: timings with two
	// trials or more on each side.
	Cells int
	// Ratio of new to old with its 95 % interval; of rates the inverse enters,
	// so that above 1 is slower. It is empty where there are too few cells.
	Ratio Estimate
	// P is the chance that a difference as clear as this one, or a clearer one,
	// shows in any of the names where nothing differs; of the test as it stands
	// and of that against the others the greater. It is 1 where not tested.
	P float64
	// Detectable is the ratio above 1 that would be found in 95 % of cases; 0
	// where not tested.
	Detectable float64
	Verdict    Verdict
	// Because is the reason of the verdict in one line.
	Because string
}

// leastCells is the number of cells from which on they say something of a whole.
const leastCells = 6

// Jointly compares the timings of pairs by name, one question for each, in the
// order of names. The names are a family of their own: Criteria.Level is the
// chance that any of them is called faster or slower where none is.
//
// A cell's trials scatter too much to show a few per cent, but the mean of many
// cells' differences scatters less by the root of their number. The mean is
// weighted (see weigh), its interval is the wider of two (see estimate), and its
// test deals each cell's trials out again within the cell alone, a stratified
// permutation test (Good, Permutation, Parametric and Bootstrap Tests of
// Hypotheses, 2005), corrected for the names in Holm's steps.
//
// Cells of one run share the run's luck. A verdict must hold as it stands and
// against the mean of all others too, whose own uncertainty counts: this is
// what tells a slower runner from a slower machine. Where there is no other
// name it can't be told.
//
// Where there are cells enough with the least first response of each trial, it is
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
func Jointly(pairs []Pair, by func(Key) string, c Criteria) []Joint {
	var least, others []Pair
	for _, p := range pairs {
		if isLeast(p) {
			least = append(least, p)
		} else {
			others = append(others, p)
		}
	}
	if len(least) == 0 {
		return jointly(others, by, c)
	}
	c.Level /= 2
	joints := jointly(others, by, c)
	for _, steady := range jointly(least, by, c) {
		i := slices.IndexFunc(joints, func(j Joint) bool { return j.Name == steady.Name })
		switch {
		case i < 0:
			joints = append(joints, steady)
		case steady.Cells >= leastCells:
			joints[i] = steady
		}
	}
	slices.SortFunc(joints, func(a, b Joint) int { return strings.Compare(a.Name, b.Name) })
	return joints
}

// jointly judges pairs that a machine moves alike.
func jointly(pairs []Pair, by func(Key) string, c Criteria) []Joint {
	cells := map[string][]*stratum{}
	for _, p := range pairs {
		if !isTiming(p.New.Unit) {
			continue
		}
		name := by(p.New.Key)
		list := cells[name]
		if s, ok := newStratum(p); ok {
			list = append(list, s)
		}
		cells[name] = list
	}
	givePriors(cells)
	joints := make([]Joint, 0, len(cells))
	var wholes []*whole
	for _, name := range slices.Sorted(maps.Keys(cells)) {
		list := cells[name]
		joints = append(joints, Joint{
			Name: name, Cells: len(list), P: 1, Verdict: Undecided,
			Because: fmt.Sprintf("need ≥ %d timings with two trials on each side, have %d", leastCells, len(list)),
		})
		if len(list) >= leastCells {
			wholes = append(wholes, newWhole(list))
		}
	}
	judgeWholes(joints, wholes, c)
	return joints
}

// judgeWholes decides those that have cells enough, which are given once more
// as wholes.
func judgeWholes(joints []Joint, wholes []*whole, c Criteria) {
	random := rand.New(rand.NewPCG(c.Seed, uint64(len(wholes))))
	for _, w := range wholes {
		w.estimate(random)
	}
	alone, against := asTheyStand(wholes, random), againstOthers(wholes, random)
	level := c.Level / float64(len(wholes))
	next := 0
	for i := range joints {
		j := &joints[i]
		if j.Cells < leastCells {
			continue
		}
		w := wholes[next]
		disturbed := w.mostlyDisturbed()
		if len(wholes) == 1 {
			j.judge(c, w.judged(alone[0], w.detectable(level), disturbed))
			j.Because += "; with no other to compare, a change of the machine can't be told from one of this"
		} else {
			others := othersOf(wholes, next)
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
func (j *Joint) judge(c Criteria, x judged) {
	j.P, j.Detectable = x.p, x.detectable
	j.Verdict, j.Because = c.judge(x)
}

// judgeAgain withdraws a verdict that does not hold against the others. That
// something is the same does so by itself unless the others have moved.
func (j *Joint) judgeAgain(c Criteria, difference judged, others estimated) {
	j.P = difference.p
	low, moved, high := others.slowness()
	if j.Verdict == Undecided || j.Verdict == Same && low <= 1 && high >= 1 {
		return
	}
	again, because := c.judge(difference)
	if again == j.Verdict {
		j.Because = because
		return
	}
	j.Verdict = Undecided
	j.Because = fmt.Sprintf("all others together moved by %+.1f %%, and against them it is × %.3f: a change of the machine can't be told from one of this",
		100*(moved-1), difference.value)
}
