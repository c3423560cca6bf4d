package report

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"edgebench/bench/stat"
	"edgebench/bench/stat/diagnose"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/section/registry"
	"edgebench/report/view"
	"edgebench/results"
)

// quality fills in the quality of the figures. The samples must have been
// summarised.
func quality(v *view.View) model.Quality {
	var q model.Quality
	if v.Plan.Target > 0 {
		q.Target = v.Plan.Target
	}
	disturbances(&q, v)
	samples := headlines(v)
	grade(&q, v, samples, findings(&q, v, samples))
	gradeParts(&q, v)
	misses(&q, v)
	return q
}

// headlines returns the samples that are graded and diagnosed: the headline metric
// of each experiment that is measured and not derived, such as first responses and
// rates of requests.
func headlines(v *view.View) []*stat.Sample {
	names := map[results.Experiment]string{}
	for _, s := range registry.Sections() {
		names[s.Experiment] = registry.Headline(s.Experiment)
	}
	var list []*stat.Sample
	for _, s := range v.Samples() {
		if name := names[s.Experiment]; name != "" && s.Metric == name {
			list = append(list, s)
		}
	}
	return list
}

// misses lists the cells that missed the target although the plan has adaptive
// trials for them.
func misses(q *model.Quality, v *view.View) {
	if q.Target == 0 {
		return
	}
	aimed := map[results.Cell]bool{}
	for _, s := range v.Plan.Specs {
		aimed[s.Cell] = aimed[s.Cell] || s.MaxAdaptive > 0
	}
	states := diagnose.States(v.Plan, v.Trials)
	maps.DeleteFunc(states, func(c results.Cell, _ diagnose.State) bool { return !aimed[c] })
	q.Aimed = len(states)
	widest := diagnose.Widest(states, q.Target)
	q.Missed = len(widest)
	for _, cell := range widest[:min(len(widest), maxCells)] {
		m := model.Miss{Name: format.Sample(stat.Key{Cell: cell}), Trials: states[cell].Trials, Width: states[cell].Width}
		if math.IsInf(m.Width, 0) {
			m.Width = 0
		}
		q.Misses = append(q.Misses, m)
	}
}

// maxCells bounds the lists of cells that missed the target and of those with
// findings.
const maxCells = 30

// Bounds on samples from outside. The search for trends compares all pairs of a
// trial's values, and the search for an origin compares all pairs of trials many
// times.
const (
	maxFindingPairs  = 2e8
	maxFindingTrials = 10000
	maxOriginTrials  = 200
)

// findings finds what medians hide, in each of the samples and across the run.
func findings(q *model.Quality, v *view.View, samples []*stat.Sample) [][]diagnose.Finding {
	found := make([][]diagnose.Finding, len(samples))
	listed := make([]model.CellFindings, len(samples))
	beside := besides(v)
	view.Parallel(len(samples), func(i int) {
		s := samples[i]
		if tooLarge(s) {
			return
		}
		found[i] = diagnose.Findings(s)
		listed[i] = describe(s, found[i], beside, v.Found(s.System).Engine)
	})
	listed = slices.DeleteFunc(listed, func(c model.CellFindings) bool { return len(c.Texts) == 0 })
	slices.SortStableFunc(listed, func(x, y model.CellFindings) int { return cmp.Compare(y.Weight, x.Weight) })
	q.Found = len(listed)
	q.Findings = listed[:min(len(listed), maxCells)]
	for _, f := range diagnose.RunDrift(samples) {
		q.Drift = append(q.Drift, f.String())
	}
	q.Drift = q.Drift[:min(len(q.Drift), view.MaxListed)]
	return found
}

// tooLarge reports whether the search for findings in a sample would take minutes.
func tooLarge(s *stat.Sample) bool {
	pairs := 0.0
	for _, t := range s.Trials {
		pairs += float64(len(t.Values)) * float64(len(t.Values))
	}
	return len(s.Trials) > maxFindingTrials || pairs > maxFindingPairs
}

// describe words the findings of a sample. A tail may come from the machine or
// the runtime where trials are outliers or fall into groups.
func describe(s *stat.Sample, found []diagnose.Finding, all map[int]beside, engine bool) model.CellFindings {
	c := model.CellFindings{Name: format.Sample(s.Key)}
	tail := false
	for _, f := range found {
		c.Texts = append(c.Texts, f.String())
		c.Weight = max(c.Weight, 2*weightOf(f.Kind))
		if f.Kind != diagnose.Outliers || len(f.Seqs) > 0 { // more than single iterations
			c.Weight = max(c.Weight, 1)
		}
		tail = tail || len(f.Seqs) > 0 && (f.Kind == diagnose.Outliers || f.Kind == diagnose.Bimodal)
	}
	// A greater rate is the better one: the slow end would be the wrong one.
	if !tail || s.Unit != results.Seconds || len(s.Trials) > maxOriginTrials {
		return c
	}
	shares := map[int]float64{}
	for _, t := range s.Trials {
		if b, known := all[t.Seq]; known {
			shares[t.Seq] = b.share(engine)
		}
	}
	if tail := diagnose.TailOrigin(s, shares); tail.Origin != diagnose.FromUnknown {
		c.Origin, c.OriginWhy = tail.Origin, tail.String()
	}
	return c
}
