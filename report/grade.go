package report

import (
	"cmp"
	"fmt"
	"slices"

	"edgebench/bench/stat"
	"edgebench/bench/stat/diagnose"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/section/registry"
	"edgebench/report/view"
	"edgebench/results"
)

// Weights of what lowers a grade: indices of model.Letters.
const (
	weightA = iota
	weightB
	weightC
	weightD
)

// The greatest shares of disturbed or failed trials of an A, a B and a C.
var gradeShares = [...]float64{weightA: 0.1, weightB: 0.25, weightC: 0.5}

// widerThanTarget is the greatest width of the interval of a B, in multiples of the
// target.
const widerThanTarget = 2

// mark is one of the reasons for a grade.
type mark struct {
	weight int
	reason string
}

// weightOf says how much a finding affects a median. Outliers and a slow beginning
// hardly move a median. If values keep changing within trials, the median depends
// on the number of iterations. If trials drift or fall into groups, the median lies
// between them, and its interval wrongly assumes one distribution.
func weightOf(k diagnose.Kind) int {
	switch k {
	case diagnose.Outliers, diagnose.WarmUp:
		return weightA
	case diagnose.Trend:
		return weightB
	}
	return weightC
}

// grade gives each of the samples a grade, where the plan has a target.
func grade(q *model.Quality, v *view.View, samples []*stat.Sample, found [][]diagnose.Finding) {
	if q.Target == 0 {
		return
	}
	q.Grades = map[stat.Key]model.Grade{}
	q.Graded = make([]int, len(model.Letters()))
	q.Rule = gradeRule(q.Target)
	watched := watches(v)
	for i, s := range samples {
		g, weight := gradeOf(marksOf(v, s, q.Target, watched[s.Cell], found[i]))
		q.Grades[s.Key] = g
		q.Graded[weight]++
	}
}

// gradeParts gives a grade to samples that are parts of a headline's, such as
// first and later starts. They are not counted beside the whole.
func gradeParts(q *model.Quality, v *view.View) {
	if q.Target == 0 {
		return
	}
	metrics := map[results.Experiment][]string{}
	for _, s := range registry.Sections() {
		metrics[s.Experiment] = s.Graded
	}
	watched := watches(v)
	for _, s := range v.Samples() {
		if !slices.Contains(metrics[s.Experiment], s.Metric) || tooLarge(s) {
			continue
		}
		q.Grades[s.Key], _ = gradeOf(marksOf(v, s, q.Target, watched[s.Cell], diagnose.Findings(s)))
	}
}

// marksOf lists what the grade of a sample depends on.
func marksOf(v *view.View, s *stat.Sample, target float64, w watch, found []diagnose.Finding) []mark {
	sum, _ := v.Summary(s.Key)
	marks := append(widthMarks(sum.Median, target), watchMarks(w)...)
	if t, _ := v.Tally(s.Cell); t.Failed > 0 {
		marks = append(marks, shareMark(t.Failed, t.OK+t.Failed, "failed")...)
	}
	for _, f := range found {
		marks = append(marks, mark{weightOf(f.Kind), f.String()})
	}
	return marks
}

// gradeOf takes the worst of the marks.
func gradeOf(marks []mark) (model.Grade, int) {
	marks = slices.DeleteFunc(marks, func(m mark) bool { return m.weight == weightA })
	slices.SortStableFunc(marks, func(x, y mark) int { return cmp.Compare(y.weight, x.weight) })
	worst := weightA
	var g model.Grade
	for _, m := range marks {
		worst = max(worst, m.weight)
		g.Reasons = append(g.Reasons, m.reason)
	}
	g.Letter = model.Letters()[worst]
	return g, worst
}

// widthMarks judge the interval by the target.
func widthMarks(e estimate.Estimate, target float64) []mark {
	width := e.Width()
	reaches := fmt.Sprintf("its interval extends %s from the median; the target is %s", format.Percent(width), format.Percent(target))
	switch {
	case e.Interval == nil:
		return []mark{{weightD, fmt.Sprintf("%s are too few for an interval", format.Plural(e.Trials, "trial"))}}
	case diagnose.State{Width: width, Trials: e.Trials}.Meets(target):
		return nil
	case width <= target:
		return []mark{{weightB, fmt.Sprintf("an A needs at least %d trials; this figure has %d", diagnose.TargetTrials, e.Trials)}}
	case width <= widerThanTarget*target:
		return []mark{{weightB, reaches}}
	}
	return []mark{{weightC, reaches}}
}

// watchMarks judges the activity beside the retained trials.
func watchMarks(w watch) []mark {
	if w.watched == 0 {
		return []mark{{weightB, "its trials were not monitored for disturbances"}}
	}
	return shareMark(w.disturbed, w.retained, "were disturbed")
}

func shareMark(n, of int, what string) []mark {
	weight := weightD
	for w := len(gradeShares) - 1; w >= 0; w-- {
		if float64(n) <= gradeShares[w]*float64(of) {
			weight = w
		}
	}
	return []mark{{weight, fmt.Sprintf("%d of %s %s", n, format.Plural(of, "trial"), what)}}
}

// gradeRule explains the letters.
func gradeRule(target float64) []model.Fact {
	within := func(times float64) string { return fmt.Sprintf("±%.3g %%", target*times*100) }
	share := func(weight int) string { return fmt.Sprintf("%.0f %%", gradeShares[weight]*100) }
	return []model.Fact{
		{Name: "A", Value: fmt.Sprintf("the interval is within the target of %s, with at least %d trials; at most %s of the trials were disturbed, and at most the same share failed; the only findings are warm-up and outliers, which a median hardly depends on",
			within(1), diagnose.TargetTrials, share(weightA))},
		{Name: "B", Value: fmt.Sprintf("the interval is within %s; at most %s of the trials were disturbed or failed, or the trials were not monitored; a trend within trials",
			within(widerThanTarget), share(weightB))},
		{Name: "C", Value: fmt.Sprintf("a wider interval; at most %s of the trials were disturbed or failed; a drift, a step or two groups of trials", share(weightC))},
		{Name: "D", Value: "no interval, or more trials were disturbed or failed; the worst criterion decides"},
	}
}
