package report

import (
	"math"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/results"
)

// Comparison is what is shown of two runs, or of cells of one, side by side.
type Comparison struct {
	// Old and New name the runs, or the choices of cells.
	Old, New string
	// OneRun says that it is of cells of one run.
	OneRun bool
	// Differences are the fields of the environment and the plan in which they
	// differ, those that forbid a comparison first.
	Differences []results.Difference
	// Runners as wholes, in the order of their names; none where the runs are not
	// comparable.
	Runners []stat.Joint
	// Rows in the order of the report; none where the runs are not comparable.
	Rows []ComparisonRow
	// Shift is the ratio that all timings share, without the least ones.
	Shift stat.Estimate
	// Pace is the ratio of the full paces of the processor's core, 0 where they are
	// not known.
	Pace float64
	// Gone and Added name what only the old and only the new run has figures
	// of.
	Gone, Added []string
	// Band and Level are the criteria of the verdicts, Level that of rows and
	// runners together.
	Band, Level float64
}

// ComparisonRow is one sample on both sides.
type ComparisonRow struct {
	stat.Comparison
	// Name is of one line: experiment, system, build, rung, conditions, metric.
	Name string
}

// Refused says whether the runs say nothing about each other.
func (c *Comparison) Refused() bool {
	return slices.ContainsFunc(c.Differences, func(d results.Difference) bool { return d.Refused })
}

// Count is the number of rows with a verdict.
func (c *Comparison) Count(v stat.Verdict) int {
	n := 0
	for _, r := range c.Rows {
		if r.Verdict == v {
			n++
		}
	}
	return n
}

// Compare makes the model of two runs side by side. There are two families:
// single cells, and runners as wholes. Each has half of the level, so that the
// chance of any false slower or faster in either is no more than the whole of it
// (Bonferroni's inequality). What is compared of cells are first responses, by
// the median and by the least of a trial, rates of requests, memory for each
// instance, and sizes; phases and percentiles explain a difference and are no
// further tests of it. Runs that are not comparable have no rows, unless anyway
// is true.
func Compare(old, new *results.Folder, anyway bool) *Comparison {
	criteria := stat.DefaultCriteria(new.Plan.Seed)
	c := &Comparison{
		Old: clean(old.Plan.Run), New: clean(new.Plan.Run), Band: criteria.Band, Level: criteria.Level,
		Differences: results.Differences(cleanFolder(old), cleanFolder(new)),
	}
	if c.Refused() && !anyway {
		return c
	}
	before, after := samplesOf(old), samplesOf(new)
	c.Pace = stat.PaceRatio(before.samples, after.samples)
	a, b := before.compared(), after.compared()
	var pairs []stat.Pair
	for _, s := range b {
		i := slices.IndexFunc(a, func(o *stat.Sample) bool { return o.Key == s.Key && o.Unit == s.Unit })
		if i < 0 {
			c.Added = append(c.Added, nameOf(s.Key))
			continue
		}
		pairs = append(pairs, stat.Pair{Old: a[i], New: s})
	}
	for _, o := range a {
		if !slices.ContainsFunc(b, func(s *stat.Sample) bool { return o.Key == s.Key && o.Unit == s.Unit }) {
			c.Gone = append(c.Gone, nameOf(o.Key))
		}
	}
	criteria.Level /= 2
	c.Runners = stat.Jointly(pairs, func(k stat.Key) string { return k.Cell.Runner }, criteria)
	family := stat.Compare(pairs, criteria)
	c.Shift = family.Shift
	for _, x := range family.Comparisons {
		c.Rows = append(c.Rows, ComparisonRow{x, nameOf(x.New.Key)})
	}
	return c
}

// cleanFolder makes the texts of a run from outside printable.
func cleanFolder(f *results.Folder) *results.Folder {
	return &results.Folder{Plan: cleanPlan(f.Plan), Environment: cleanEnvironment(f.Environment)}
}

// PaceMoved says whether the processor itself was slower or faster at its best in
// one of the runs than what counts as the same.
func (c *Comparison) PaceMoved() bool {
	return c.Pace > 0 && math.Abs(math.Log(c.Pace)) > math.Log1p(c.Band)
}

// samplesOf groups the records of a run, and derives from them what is compared.
func samplesOf(f *results.Folder) *builder {
	b := newBuilder(cleanPlan(f.Plan), cleanEnvironment(f.Environment), cleanRecords(f.Records))
	b.slopes()
	return b
}

// compared gives the samples of a run that are compared, in the report's order.
func (b *builder) compared() []*stat.Sample {
	var list []*stat.Sample
	for _, s := range b.samples.All() {
		switch {
		case s.Metric == results.FirstResponse, s.Metric == results.LeastResponse,
			s.Metric == results.RequestRate, s.Experiment == results.Size:
			list = append(list, s)
		case s.Experiment == results.Memory && s.Metric == results.ProportionalSetSize:
			key := s.Key
			key.Metric = stat.PerInstance(s.Metric)
			if slope := b.derived[key]; slope != nil {
				list = append(list, slope)
			}
		}
	}
	return list
}

// Whole names a runner as a whole.
func Whole(j stat.Joint) string { return j.Name + " as a whole" }

// nameOf names a sample in one line.
func nameOf(k stat.Key) string {
	parts := []string{k.Cell.System(), k.Cell.Workload, "in", k.Cell.Language}
	if k.Experiment == results.ColdStart || k.Experiment == results.Throughput {
		parts = append(parts, string(k.Cell.Rung))
	}
	conditions := k.Conditions.Map()
	if conditions[results.PageCache] == "warm" {
		delete(conditions, results.PageCache)
	}
	if words := stat.NewConditions(conditions); words != "" {
		parts = append(parts, words.String())
	}
	return strings.Join(append(parts, strings.ReplaceAll(k.Metric, "_", " ")), " ")
}
