package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"edgebench/bench/stat"
)

// Grade says at a glance how far a figure is to be trusted. The package's
// comment has the rule.
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

// Weights of what lowers a grade: indices of Letters.
const (
	weightA = iota
	weightB
	weightC
	weightD
)

// The greatest shares of trials, disturbed or failed, that an A, a B and a C
// have.
var gradeShares = [...]float64{weightA: 0.1, weightB: 0.25, weightC: 0.5}

// widerThanTarget is how many times the target the interval of a B may reach.
const widerThanTarget = 2

// mark is one of the reasons for a grade.
type mark struct {
	weight int
	reason string
}

// weightOf says how a finding bears on a median. That passes over outliers and
// over a slow beginning; it depends on how many iterations were made where they
// go on changing within trials; and where trials change or fall into groups it
// lies between, while its interval takes them for draws from one distribution.
func weightOf(k stat.Kind) int {
	switch k {
	case stat.Outliers, stat.WarmUp:
		return weightA
	case stat.Trend:
		return weightB
	}
	return weightC
}

// grade gives each of the samples a grade, where the plan has a target.
func (b *builder) grade(q *Quality, samples []*stat.Sample, found [][]stat.Finding) {
	if q.Target == 0 {
		return
	}
	q.Grades = map[stat.Key]Grade{}
	q.Graded = make([]int, len(Letters()))
	watched := b.disturbedAt()
	for i, s := range samples {
		p := place{s.Experiment, s.Cell, s.Conditions}
		marks := append(widthMarks(b.summary[s.Key].Median, q.Target), watchMarks(watched[p])...)
		if t := b.tallies[p]; t.failed > 0 {
			marks = append(marks, shareMark(t.failed, t.ok+t.failed, "failed")...)
		}
		for _, f := range found[i] {
			marks = append(marks, mark{weightOf(f.Kind), f.Text})
		}
		g, weight := gradeOf(marks)
		q.Grades[s.Key] = g
		q.Graded[weight]++
	}
}

// gradeOf takes the worst of the marks.
func gradeOf(marks []mark) (Grade, int) {
	marks = slices.DeleteFunc(marks, func(m mark) bool { return m.weight == weightA })
	slices.SortStableFunc(marks, func(x, y mark) int { return cmp.Compare(y.weight, x.weight) })
	worst := weightA
	var g Grade
	for _, m := range marks {
		worst = max(worst, m.weight)
		g.Reasons = append(g.Reasons, m.reason)
	}
	g.Letter = Letters()[worst]
	return g, worst
}

// widthMarks judge the interval by the target.
func widthMarks(e stat.Estimate, target float64) []mark {
	width := stat.Width(e)
	reaches := fmt.Sprintf("its interval reaches %s of the median, the target is %s", percent(width), percent(target))
	switch {
	case e.Interval == nil:
		return []mark{{weightD, fmt.Sprintf("%s are too few for an interval", Plural(e.Trials, "trial"))}}
	case stat.State{Width: width, Trials: e.Trials}.Meets(target):
		return nil
	case width <= target:
		return []mark{{weightB, fmt.Sprintf("a narrow interval is believed from %d trials on, it has %d", stat.TargetTrials, e.Trials)}}
	case width <= widerThanTarget*target:
		return []mark{{weightB, reaches}}
	}
	return []mark{{weightC, reaches}}
}

// watchMarks judge what went on beside the trials that count.
func watchMarks(w watch) []mark {
	if w.watched == 0 {
		return []mark{{weightB, "nothing says what went on beside its trials"}}
	}
	return shareMark(w.disturbed, w.counted, "were disturbed")
}

func shareMark(n, of int, what string) []mark {
	weight := weightD
	for w := len(gradeShares) - 1; w >= 0; w-- {
		if float64(n) <= gradeShares[w]*float64(of) {
			weight = w
		}
	}
	return []mark{{weight, fmt.Sprintf("%d of %s %s", n, Plural(of, "trial"), what)}}
}

// GradeLegend says in one line how to read the letters, "" where there are
// none.
func (q *Quality) GradeLegend() string {
	if q.Target == 0 {
		return ""
	}
	return fmt.Sprintf("A to D grade a figure: A is within ±%.3g %%, calm and steady; D has no interval or was mostly disturbed", q.Target*100)
}

// GradeRule says how the letters are given, a line for each; nil where there
// are none.
func (q *Quality) GradeRule() []Fact {
	if q.Target == 0 {
		return nil
	}
	within := func(times float64) string { return fmt.Sprintf("±%.3g %%", q.Target*times*100) }
	share := func(weight int) string { return fmt.Sprintf("%.0f %%", gradeShares[weight]*100) }
	return []Fact{
		{"A", fmt.Sprintf("the interval reaches no farther than the target of %s, from %d trials or more; at most %s of the trials were disturbed, and at most as many failed; nothing was found in their course but warm-up and outliers, which a median passes over",
			within(1), stat.TargetTrials, share(weightA))},
		{"B", fmt.Sprintf("within %s; at most %s disturbed or failed, or not watched; a trend within trials",
			within(widerThanTarget), share(weightB))},
		{"C", fmt.Sprintf("a wider interval; at most %s disturbed or failed; a drift, a step or two groups", share(weightC))},
		{"D", "no interval, or more were disturbed or failed; the worst of these decides"},
	}
}
