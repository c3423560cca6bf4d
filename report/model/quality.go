package model

import (
	"fmt"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/bench/stat/diagnose"
	"edgebench/report/format"
)

// Counts are of trials.
type Counts struct {
	// Planned excludes adaptive trials. Adaptive is the number of adaptive trials
	// that were run; the others were not needed, or the budget had ended.
	Planned, Adaptive, OK, Failed, Unavailable int
	// GivenUp is the number of planned trials that were not begun because their cell
	// was given up, GivenUpCells the number of such cells.
	GivenUp, GivenUpCells int
	// Missing is the number of planned trials, without adaptive ones, that have no
	// record for another reason: the run was interrupted, or its budget had ended.
	Missing int
}

// Asked is the number of trials that the run needed: the planned ones, and the
// adaptive ones that were needed.
func (c Counts) Asked() string {
	if c.Adaptive == 0 {
		return fmt.Sprintf("%d planned", c.Planned)
	}
	return fmt.Sprintf("%d planned and %d adaptive", c.Planned, c.Adaptive)
}

// NotBegun says how many trials were not begun because their cells were given up.
func (c Counts) NotBegun() string {
	return fmt.Sprintf("%d not begun as %s given up", c.GivenUp, were(c.GivenUpCells))
}

// were counts cells in the passive voice.
func were(cells int) string {
	if cells == 1 {
		return "1 cell was"
	}
	return fmt.Sprintf("%d cells were", cells)
}

// Quality says how far the figures of a run can be trusted.
type Quality struct {
	// Target is the plan's target, as a part of the median. It is 0 if there is
	// none; then no figure has a grade.
	Target float64
	// Watched is the number of OK trials that recorded the activity beside them, and
	// Disturbed the number of these that were disturbed. Replaced is the number of
	// disturbed trials that are in no figure, because adaptive trials replaced them.
	Watched, Disturbed, Replaced int
	// Probed is the number of trials with a contention probe. Contended is the
	// number of these whose core was shared with another hardware thread throughout.
	Probed, Contended int
	// Causes are what disturbed most trials, the most frequent first.
	Causes []Cause
	// Graded counts the grades of headline figures, in the order of Letters.
	Graded []int
	// Grades are those of the headline figures of experiments, and of the parts of a
	// cold start's.
	Grades map[stat.Key]Grade
	// Rule says how grades are given, a line for each letter.
	Rule []Fact
	// Aimed is the number of cells with a target, and Missed the number of cells
	// that missed it. Misses lists some of them, the widest first.
	Aimed, Missed int
	Misses        []Miss
	// Drift says how all cells changed over the run.
	Drift []string
	// Findings lists what the medians of some cells hide, the gravest first. Found
	// is the number of cells with findings.
	Findings []CellFindings
	Found    int
}

// Shown says whether there is anything to say beyond the count of disturbed
// trials.
func (q *Quality) Shown() bool { return q.Target > 0 || len(q.Drift) > 0 || q.Found > 0 }

// Cause is something that disturbed trials.
type Cause struct {
	// Name is one of results.Machine….
	Name string
	// Minimum and Maximum share of a trial's time.
	Minimum, Maximum float64
	Trials           int
}

// Miss is a cell whose interval is wider than the target.
type Miss struct {
	// Name is of one line.
	Name string
	// Width is the distance from the median to the farther end of the interval, as a
	// part of the median. It is 0 if there is no interval.
	Width  float64
	Trials int
}

// Reach gives the width for people.
func (m Miss) Reach() string {
	if m.Width == 0 {
		return "no interval"
	}
	return "±" + format.Percent(m.Width)
}

// CellFindings are what the median of a cell hides.
type CellFindings struct {
	// Name is of one line.
	Name  string
	Texts []string
	// Origin says where slow trials come from. It is "" if that was not examined or
	// is unknown. OriginWhy is the evidence.
	Origin    diagnose.Origin
	OriginWhy string
	// Weight orders cells: the graver the findings, the greater it is.
	Weight int
}

// Lines are the findings, each a clause, with the origin of the tail.
func (c CellFindings) Lines() []string {
	if c.Origin == "" {
		return c.Texts
	}
	return append(slices.Clone(c.Texts), fmt.Sprintf("the tail comes from %s: %s", c.Origin, c.OriginWhy))
}

// Grade says at a glance how far a figure is to be trusted. The comment of
// package report has the rule.
type Grade struct {
	// Letter is one of Letters.
	Letter string
	// Reasons say what keeps the figure from an A, the gravest first.
	Reasons []string
}

// Letters lists the grades, the best first.
func Letters() []string { return []string{"A", "B", "C", "D"} }

// String gives the letter, "" for no grade.
func (g *Grade) String() string {
	if g == nil {
		return ""
	}
	return g.Letter
}

// Why gives the reasons in one line.
func (g *Grade) Why() string {
	if len(g.Reasons) == 0 {
		return "meets the target, few trials were disturbed, and its trials are steady"
	}
	return strings.Join(g.Reasons, "; ")
}

// GradeLegend says in one line how to read the letters, "" where there are
// none.
func (q *Quality) GradeLegend() string {
	if q.Target == 0 {
		return ""
	}
	return fmt.Sprintf("A to D grade a figure: A is within ±%.3g %%, calm and steady; D has no interval or was mostly disturbed", q.Target*100)
}

// Disturbances says in a sentence how many trials were disturbed and by what,
// "" where nothing was watched.
func (q *Quality) Disturbances() string {
	var parts []string
	if text := q.marks(); text != "" {
		parts = append(parts, text)
	}
	if q.Probed > 0 {
		parts = append(parts, fmt.Sprintf("%d of %s of short operations had a contended core throughout", q.Contended, format.Plural(q.Probed, "trial")))
	}
	return strings.Join(parts, "; ")
}

// marks says how many trials are marked as disturbed.
func (q *Quality) marks() string {
	switch {
	case q.Watched == 0 && q.Disturbed == 0:
		return ""
	case q.Disturbed == 0:
		return fmt.Sprintf("none of %s that were watched", format.Plural(q.Watched, "trial"))
	}
	text := fmt.Sprintf("%d of %s that ended well and were watched", q.Disturbed, format.Plural(q.Watched, "trial"))
	switch q.Replaced {
	case 0:
		text += ", none of them replaced by adaptive ones"
	case q.Disturbed:
		text += ", all of them replaced by adaptive ones"
	default:
		text += fmt.Sprintf(", %d of them replaced by adaptive ones", q.Replaced)
	}
	var causes []string
	for _, c := range q.Causes {
		causes = append(causes, fmt.Sprintf("%s (%d)", format.Disturbance(c.Name, c.Minimum, c.Maximum), c.Trials))
	}
	if len(causes) > 0 {
		text += ": " + strings.Join(causes, "; ")
	}
	return text
}

// QualityLine says in one line how far the figures of the run can be trusted.
func (m *Model) QualityLine() string {
	c, q := m.Counts, m.Quality
	text := fmt.Sprintf("Quality: %s ended well", format.Plural(c.OK, "trial"))
	for _, part := range []struct {
		n     int
		words string
	}{
		{q.Disturbed, "of them disturbed (other work took a share of the machine meanwhile)"},
		{c.Failed, "failed"}, {c.Unavailable, "could not be tried here"}, {c.Missing, "have no record"},
	} {
		if part.n > 0 {
			text += fmt.Sprintf(", %d %s", part.n, part.words)
		}
	}
	if c.GivenUp > 0 {
		text += ", " + c.NotBegun()
	}
	var grades []string
	for i, n := range q.Graded {
		if n > 0 {
			grades = append(grades, fmt.Sprintf("%d %s", n, Letters()[i]))
		}
	}
	if q.Target > 0 && len(grades) > 0 {
		text += "; grades of the headline figures, A (best) to D: " + strings.Join(grades, ", ")
	}
	return text + "."
}

// CostsLine qualifies the figures of a machine whose kernel or memory takes several times
// as long as on hardware; it is "" where it does not.
func (m *Model) CostsLine() string {
	var parts []string
	for _, c := range m.Costs.Dear() {
		parts = append(parts, fmt.Sprintf("%s (hardware: %s)", c, c.Bound()))
	}
	if len(parts) == 0 {
		return ""
	}
	return "slow machine: " + strings.Join(parts, ", ") + "; starts and memory take several times as long as there"
}
