package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/results"
)

// Quality is how far the figures of a run are to be trusted.
type Quality struct {
	// Target is the plan's, as a part of the median; 0 for none, and then no
	// figure has a grade.
	Target float64
	// Watched trials say what went on beside them, and of those that ended
	// well so many were Disturbed. Replaced ones of these count in no figure,
	// since spare trials have taken their place.
	Watched, Disturbed, Replaced int
	// Paced trials read the pace of the processor's core, which was Shared with
	// another thread of it at every moment in so many of them.
	Paced, Shared int
	// Reasons are what disturbed most trials, in words, the most frequent
	// first.
	Reasons []Reason
	// Graded counts the grades of this run, in the order of Letters.
	Graded []int
	// Grades are those of cold starts and rates of requests.
	Grades map[stat.Key]Grade
	// Aimed is the number of cells with a target, and Missed that of those
	// which missed it. Misses are some of them, the widest first.
	Aimed, Missed int
	Misses        []Miss
	// Course is what happened to all cells while the run went on.
	Course []string
	// Findings are what the medians of some cells hide, the gravest first;
	// Found is the number of cells with any.
	Findings []CellFindings
	Found    int
}

// Reason is something that disturbed trials.
type Reason struct {
	Text   string
	Trials int
}

// Miss is a cell whose interval is wider than the target.
type Miss struct {
	// Name is of one line.
	Name string
	// Width is that of the interval to its wider side, as a part of the
	// median; 0 where there is no interval.
	Width  float64
	Trials int
}

// Reach gives the width for people.
func (m Miss) Reach() string {
	if m.Width == 0 {
		return "no interval"
	}
	return "±" + percent(m.Width)
}

// CellFindings are what the median of a cell hides.
type CellFindings struct {
	// Name is of one line.
	Name  string
	Texts []string
	// Origin says where slow trials come from, "" where that was not looked
	// for or there is no telling; OriginWhy is the evidence.
	Origin    stat.Origin
	OriginWhy string
	// Weight is greater the more there is to know.
	Weight int
}

// Lines are the findings, each a clause, with the origin of the tail.
func (c CellFindings) Lines() []string {
	if c.Origin == "" {
		return c.Texts
	}
	return append(slices.Clone(c.Texts), fmt.Sprintf("the tail is of %s: %s", c.Origin, c.OriginWhy))
}

// percent prints a part with as few digits as tell it from its neighbours.
func percent(part float64) string {
	if part < 0.1 {
		return fmt.Sprintf("%.1f %%", part*100)
	}
	return fmt.Sprintf("%.0f %%", part*100)
}

// Shown says whether there is anything to say beyond the count of disturbed
// trials.
func (q *Quality) Shown() bool { return q.Target > 0 || len(q.Course) > 0 || q.Found > 0 }

// quality fills in all that the report says of trust. The samples must have
// been summarised.
func (b *builder) quality() {
	q := &b.model.Quality
	q.Target = b.plan.Target
	if !(q.Target > 0) {
		q.Target = 0
	}
	b.disturbances(q)
	headlines := b.headlines()
	b.grade(q, headlines, b.look(q, headlines))
	b.misses(q)
}

// headlines are the samples of what is graded and looked into: first responses
// and rates of requests. Phases are parts of the former; of memory and density
// there are too few trials, and sizes do not vary.
func (b *builder) headlines() []*stat.Sample {
	var list []*stat.Sample
	for _, s := range b.samples.All() {
		if s.Experiment == results.ColdStart && s.Metric == results.FirstResponse ||
			s.Experiment == results.Throughput && s.Metric == results.RequestRate {
			list = append(list, s)
		}
	}
	return list
}

// misses lists the cold starts that the plan has spare trials for and that
// missed the target all the same.
func (b *builder) misses(q *Quality) {
	if q.Target == 0 {
		return
	}
	names := map[string]string{}
	for _, t := range b.plan.Trials {
		if t.Spare && t.Experiment == results.ColdStart {
			p := place{t.Experiment, t.Cell, stat.NewConditions(t.Conditions)}
			names[stat.CellKey(t.Experiment, t.Cell, t.Conditions)] = nameOf(p.key(""))
		}
	}
	states := stat.States(b.plan, b.records)
	for key := range states {
		if names[key] == "" {
			delete(states, key)
		}
	}
	q.Aimed = len(states)
	widest := stat.Widest(states, q.Target)
	q.Missed = len(widest)
	for _, key := range widest[:min(len(widest), maxCells)] {
		m := Miss{Name: names[key], Trials: states[key].Trials, Width: states[key].Width}
		if math.IsInf(m.Width, 0) {
			m.Width = 0
		}
		q.Misses = append(q.Misses, m)
	}
}

// maxCells bounds the lists of cells that missed the target and of those with
// findings.
const maxCells = 30

// Bounds on samples from outside: the search for trends compares each value of
// a trial with each other, that for an origin each trial with each other many
// times over.
const (
	maxFormPairs    = 2e8
	maxFormTrials   = 10000
	maxOriginTrials = 200
)

// look finds what medians hide, in each of the samples and across the run.
func (b *builder) look(q *Quality, samples []*stat.Sample) [][]stat.Finding {
	found := make([][]stat.Finding, len(samples))
	listed := make([]CellFindings, len(samples))
	machine := b.machine()
	parallel(len(samples), func(i int) {
		s := samples[i]
		if tooLarge(s) {
			return
		}
		found[i] = stat.Findings(s)
		listed[i] = describe(s, found[i], machine)
	})
	listed = slices.DeleteFunc(listed, func(c CellFindings) bool { return len(c.Texts) == 0 })
	slices.SortStableFunc(listed, func(x, y CellFindings) int { return cmp.Compare(y.Weight, x.Weight) })
	q.Found = len(listed)
	q.Findings = listed[:min(len(listed), maxCells)]
	for _, f := range stat.Course(samples) {
		q.Course = append(q.Course, f.Text)
	}
	q.Course = q.Course[:min(len(q.Course), maxListed)]
	return found
}

// tooLarge says that the search for findings in a sample would take minutes.
func tooLarge(s *stat.Sample) bool {
	pairs := 0.0
	for _, t := range s.Trials {
		pairs += float64(len(t.Values)) * float64(len(t.Values))
	}
	return len(s.Trials) > maxFormTrials || pairs > maxFormPairs
}

// describe words the findings of a sample. A tail may come from the machine or
// the runtime where trials are outliers or fall into groups.
func describe(s *stat.Sample, found []stat.Finding, machine map[int]disturbance) CellFindings {
	c := CellFindings{Name: nameOf(s.Key)}
	tail := false
	for _, f := range found {
		c.Texts = append(c.Texts, f.Text)
		c.Weight = max(c.Weight, 2*weightOf(f.Kind))
		if f.Kind != stat.Outliers || len(f.Seqs) > 0 { // more than single iterations
			c.Weight = max(c.Weight, 1)
		}
		tail = tail || len(f.Seqs) > 0 && (f.Kind == stat.Outliers || f.Kind == stat.Groups)
	}
	// A greater rate is the better one: the slow end would be the wrong one.
	if !tail || s.Unit != results.Seconds || len(s.Trials) > maxOriginTrials {
		return c
	}
	shares := map[int]float64{}
	for _, t := range s.Trials {
		if d, known := machine[t.Seq]; known {
			shares[t.Seq] = d.beside(sideOf(s.Cell.Runner) == Containers)
		}
	}
	if origin, why := stat.TailOrigin(s, shares); origin != stat.FromUnknown {
		c.Origin, c.OriginWhy = origin, why
	}
	return c
}

// disturbance is what went on beside a trial, as shares of its time: what
// is surely not its own doing, and what may be that of an engine that serves
// containers.
type disturbance struct{ foreign, engine float64 }

func (d disturbance) beside(container bool) float64 {
	if container {
		return d.foreign
	}
	return d.foreign + d.engine
}

// machine gives what went on beside the trials that were watched, by Seq. The
// pressure on processors is left out, as a trial's own tasks wait for each
// other too.
func (b *builder) machine() map[int]disturbance {
	list := map[int]disturbance{}
	for _, r := range b.records {
		if r.Outcome != results.OK || len(r.Machine) == 0 {
			continue
		}
		sum := func(names ...string) float64 {
			total := 0.0
			for _, name := range names {
				if v := r.Machine[name]; v > 0 && v <= 1 {
					total += v
				}
			}
			return total
		}
		list[r.Seq] = disturbance{
			foreign: sum(results.MachineSteal, results.MachineThrottled, results.MachineMemoryPressure),
			engine:  sum(results.MachineOthers, results.MachineIOPressure),
		}
	}
	return list
}

// Disturbances says in a sentence how many trials were disturbed and by what,
// "" where nothing was watched.
func (q *Quality) Disturbances() string {
	var parts []string
	if text := q.marks(); text != "" {
		parts = append(parts, text)
	}
	if q.Paced > 0 {
		parts = append(parts, fmt.Sprintf("of %s of short operations %d were hardly ever alone on a core of the processor", Plural(q.Paced, "trial"), q.Shared))
	}
	return strings.Join(parts, "; ")
}

// marks says how many trials are marked as disturbed.
func (q *Quality) marks() string {
	switch {
	case q.Watched == 0 && q.Disturbed == 0:
		return ""
	case q.Disturbed == 0:
		return fmt.Sprintf("none of %s that were watched", Plural(q.Watched, "trial"))
	}
	text := fmt.Sprintf("%d of %s that ended well and were watched", q.Disturbed, Plural(q.Watched, "trial"))
	switch q.Replaced {
	case 0:
		text += ", none of them replaced by spare ones"
	case q.Disturbed:
		text += ", all of them replaced by spare ones"
	default:
		text += fmt.Sprintf(", %d of them replaced by spare ones", q.Replaced)
	}
	var reasons []string
	for _, r := range q.Reasons {
		reasons = append(reasons, fmt.Sprintf("%s (%d)", r.Text, r.Trials))
	}
	if len(reasons) > 0 {
		text += ": " + strings.Join(reasons, "; ")
	}
	return text
}
