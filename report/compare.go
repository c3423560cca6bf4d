package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/estimate"
	"edgebench/report/clean"
	"edgebench/report/format"
	"edgebench/report/section/registry"
	"edgebench/report/view"
	"edgebench/results"
)

// Comparison is the model of a comparison of two runs, or of cells of one run.
type Comparison struct {
	// Old and New name the runs, or the choices of cells.
	Old, New string
	// OneRun is true if the cells compared are of one run.
	OneRun bool
	// Differences are the fields in which environments or plans differ. Fields that
	// forbid a comparison come first.
	Differences []results.Difference
	// Runners are the results for whole runners, sorted by name. There are none if
	// the runs are not comparable.
	Runners []compare.GroupComparison
	// Rows are in the order of the report. There are none if the runs are not
	// comparable.
	Rows []ComparisonRow
	// CommonMode is the ratio that all timings share, without the minima of trials.
	CommonMode estimate.Estimate
	// ContentionProbe is the ratio of the contention probes of an uncontended core.
	// It is 0 if they are unknown.
	ContentionProbe float64
	// Gone names what only the old run has figures of, Added what only the new run
	// has.
	Gone, Added []string
	// Band and Level are the criteria of the verdicts. Level is for rows and runners
	// together.
	Band, Level float64
	// keys are those of all samples of both sides.
	keys []stat.Key
}

// ComparisonRow is one sample on both sides.
type ComparisonRow struct {
	compare.Comparison
	// Name is of one line: system, artefact, parameters, metric.
	Name string
}

// Refused reports whether the runs are not comparable.
func (c *Comparison) Refused() bool {
	return slices.ContainsFunc(c.Differences, func(d results.Difference) bool { return d.Refused })
}

// Count is the number of rows with a verdict.
func (c *Comparison) Count(v compare.Verdict) int {
	n := 0
	for _, r := range c.Rows {
		if r.Verdict == v {
			n++
		}
	}
	return n
}

// Compare makes the model of a comparison of two runs. There are two families of
// tests: single cells, and whole runners. Each family has half of the level, so
// that the chance of any false slower or faster is at most the level (Bonferroni's
// inequality). Only the metrics that an experiment's section names are compared.
// Other metrics explain a difference and are not tested. Runs that are not
// comparable have no rows, unless anyway is true.
func Compare(old, new *results.Folder, anyway bool) *Comparison {
	return compareSeen(&seen{Folder: old}, &seen{Folder: new}, anyway)
}

// seen is a run that is looked at when it is needed, once.
type seen struct {
	*results.Folder
	view *view.View
}

func (s *seen) look() *view.View {
	if s.view == nil {
		s.view = look(s.Plan, s.Environment, s.Records)
	}
	return s.view
}

// compareSeen is Compare of runs that others may look at too.
func compareSeen(old, new *seen, anyway bool) *Comparison {
	criteria := compare.DefaultCriteria(new.Plan.Seed)
	c := &Comparison{
		Old: clean.Text(old.Plan.Run), New: clean.Text(new.Plan.Run), Band: criteria.Band, Level: criteria.Level,
		Differences: results.Differences(cleanFolder(old.Folder), cleanFolder(new.Folder)),
	}
	if c.Refused() && !anyway {
		return c
	}
	before, after := old.look(), new.look()
	c.ContentionProbe = stat.ProbeRatio(before.Grouped(), after.Grouped())
	a, b := compared(before), compared(after)
	c.keys = append(keysOfSamples(a), keysOfSamples(b)...)
	var pairs []compare.Pair
	for _, s := range b {
		o := alike(a, s)
		if o == nil {
			c.Added = append(c.Added, format.Sample(s.Key))
			continue
		}
		pairs = append(pairs, compare.Pair{Old: o, New: s})
	}
	for _, o := range a {
		if alike(b, o) == nil {
			c.Gone = append(c.Gone, format.Sample(o.Key))
		}
	}
	criteria.Level /= 2
	family := compare.Compare(pairs, criteria)
	c.Runners = compare.CompareGroups(family, func(k stat.Key) string { return k.Runner }, criteria)
	c.CommonMode = family.CommonMode
	for _, x := range family.Comparisons {
		c.Rows = append(c.Rows, ComparisonRow{x, format.Sample(x.New.Key)})
	}
	return c
}

func keysOfSamples(samples []*stat.Sample) (keys []stat.Key) {
	for _, s := range samples {
		keys = append(keys, s.Key)
	}
	return keys
}

// maxShown bounds the cells that are named beneath a runner.
const maxShown = 6

// ShownIn names the cells of a runner that are slower or faster by themselves, with
// their ratios, the greatest first.
func ShownIn(j compare.GroupComparison) string {
	var cells []string
	for _, x := range j.Shown[:min(len(j.Shown), maxShown)] {
		cells = append(cells, format.Sample(x.New.Key)+" "+format.Factor(estimate.Estimate{Value: x.Ratio.Value}, x.New.Unit))
	}
	if more := len(j.Shown) - len(cells); more > 0 {
		cells = append(cells, fmt.Sprintf("%d more", more))
	}
	return "in " + strings.Join(cells, ", ")
}

// alike finds the sample of the same key in the same unit, or nil.
func alike(list []*stat.Sample, s *stat.Sample) *stat.Sample {
	i := slices.IndexFunc(list, func(o *stat.Sample) bool { return o.Key == s.Key && o.Unit == s.Unit })
	if i < 0 {
		return nil
	}
	return list[i]
}

// cleanFolder makes the texts of a run from outside printable.
func cleanFolder(f *results.Folder) *results.Folder {
	return &results.Folder{Plan: clean.Plan(f.Plan), Environment: clean.Environment(f.Environment)}
}

// ProbeMoved reports whether the contention probe of an uncontended core differs
// between the runs by more than the band.
func (c *Comparison) ProbeMoved() bool {
	return c.ContentionProbe > 0 && math.Abs(math.Log(c.ContentionProbe)) > math.Log1p(c.Band)
}

// compared gives the samples of a run that are compared, in the report's order.
func compared(v *view.View) []*stat.Sample {
	metrics := map[results.Experiment][]string{}
	for _, s := range registry.Sections() {
		metrics[s.Experiment] = s.Compared
	}
	return slices.DeleteFunc(v.Samples(), func(s *stat.Sample) bool {
		return !slices.Contains(metrics[s.Experiment], s.Metric)
	})
}

// Whole names the result for a whole runner.
func Whole(j compare.GroupComparison) string { return j.Name + " as a whole" }
