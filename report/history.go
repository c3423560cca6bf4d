package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"edgebench/bench/stat"
	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
)

// Bounds of a history: runs, and the cells that it shows.
const (
	MaxRuns         = 100
	MaxHistoryCells = 200
)

// History is how figures changed over several runs, or differ between machines.
type History struct {
	// Runs are in the order in which they were made.
	Runs []HistoryRun
	// Machines are what they were made on, in the order of the first run of each.
	Machines []string
	Rows     []HistoryRow
	// More is the number of cells that are not among the rows.
	More int
}

// HistoryRun is one run of a history.
type HistoryRun struct {
	Name string
	At   time.Time
	// Machine and Suite are what it was made on and with, in a line each.
	Machine, Suite string
	// On is the index of its machine. A change is only judged between runs of one
	// machine.
	On int
	// Before is the index of the run that it is compared with, the last one before it
	// on its machine; −1 for the first run of a machine.
	Before int
	// Differences are those from that run, or from the first of all where it is the
	// first of its machine.
	Differences []results.Difference
}

// Comparable says whether figures may be compared with those of a run before.
func (r HistoryRun) Comparable() bool { return r.Before >= 0 }

// HistoryRow is one figure over the runs.
type HistoryRow struct {
	stat.Key
	// Name is of one line.
	Name string
	Unit string
	// Points has one for each run.
	Points []HistoryPoint
}

// Changed says whether any run changed the figure.
func (r HistoryRow) Changed() bool {
	return slices.ContainsFunc(r.Points, func(p HistoryPoint) bool {
		return p.Change == compare.Slower || p.Change == compare.Faster
	})
}

// HistoryPoint is the figure of one run.
type HistoryPoint struct {
	// Measured is false where the run has no such figure.
	Measured bool
	Estimate estimate.Estimate
	// Change is the verdict on the change since the run before of this machine; ""
	// where there is none or it has no such figure. Ratio is that of the two.
	Change compare.Verdict
	Ratio  estimate.Estimate
}

// BuildHistory follows the figures that comparisons look at (see Compare) over runs,
// which it sorts by their times. Each run is compared with the one before on its machine,
// by the same tests as two runs are. Only cells that the selector allows are listed. Fewer than two
// runs, or no figure at all, are an error.
func BuildHistory(folders []*results.Folder, cells Selector) (*History, error) {
	if len(folders) < 2 || len(folders) > MaxRuns {
		return nil, fmt.Errorf("a history needs 2 to %d runs, got %d", MaxRuns, len(folders))
	}
	folders = slices.Clone(folders)
	slices.SortStableFunc(folders, func(a, b *results.Folder) int { return a.Environment.At.Compare(b.Environment.At) })
	h := &History{}
	b := historyBuilder{cells: cells, rows: map[stat.Key]*HistoryRow{}, runs: len(folders)}
	var last []machineRun
	for i, f := range folders {
		now := &seen{Folder: f}
		var m model.Model
		conditions(&m, now.look())
		run := HistoryRun{Name: m.Run, At: m.At, Machine: strings.TrimSuffix(m.Machine(), ", run "+m.Run), Suite: shortCommit(factOf(m.Conditions, "suite"))}
		c := run.follow(&last, now, i)
		b.add(i, now.look(), c)
		if run.On == len(h.Machines) {
			h.Machines = append(h.Machines, run.Machine)
		}
		h.Runs = append(h.Runs, run)
	}
	if len(b.order) == 0 {
		return nil, fmt.Errorf("the runs have no figure of %q", cells)
	}
	for _, k := range b.order[:min(len(b.order), MaxHistoryCells)] {
		h.Rows = append(h.Rows, *b.rows[k])
	}
	h.More = len(b.order) - len(h.Rows)
	return h, nil
}

// machineRun is the last run on a machine, by its index.
type machineRun struct {
	*seen
	index int
}

// follow finds the machine of the i-th run among those of the last runs, compares the
// run with the last one on it, and takes its place there. The comparison is nil for the
// first run on a machine.
func (r *HistoryRun) follow(last *[]machineRun, now *seen, i int) *Comparison {
	r.Before, r.On = -1, len(*last)
	for on, before := range *last {
		differences := results.Differences(cleanFolder(before.Folder), cleanFolder(now.Folder))
		if on == 0 {
			r.Differences = differences
		}
		if slices.ContainsFunc(differences, func(d results.Difference) bool { return d.Refused }) {
			continue
		}
		r.Before, r.On, r.Differences = before.index, on, differences
		(*last)[on] = machineRun{now, i}
		return compareSeen(before.seen, now, false)
	}
	*last = append(*last, machineRun{now, i})
	return nil
}

func factOf(facts []model.Fact, name string) string {
	if i := slices.IndexFunc(facts, func(f model.Fact) bool { return f.Name == name }); i >= 0 {
		return facts[i].Value
	}
	return ""
}

// shortCommit keeps twelve digits of a commit, which tell it from others.
func shortCommit(suite string) string {
	const whole, kept = 40, 12
	if len(suite) >= whole && strings.Trim(suite[:whole], "0123456789abcdef") == "" {
		return suite[:kept] + suite[whole:]
	}
	return suite
}

// historyBuilder collects rows in the order in which runs bring them.
type historyBuilder struct {
	cells Selector
	rows  map[stat.Key]*HistoryRow
	order []stat.Key
	runs  int
}

// add adds the figures of the i-th run. c compares it with the one before on its
// machine, nil for the first.
func (b *historyBuilder) add(i int, v *view.View, c *Comparison) {
	changes := map[stat.Key]ComparisonRow{}
	if c != nil {
		for _, r := range c.Rows {
			changes[r.New.Key] = r
		}
	}
	for _, s := range compared(v) {
		if !b.cells.allows(s.Key) {
			continue
		}
		row := b.rows[s.Key]
		if row == nil {
			row = &HistoryRow{Key: s.Key, Name: format.Sample(s.Key), Unit: s.Unit, Points: make([]HistoryPoint, b.runs)}
			b.rows[s.Key] = row
			b.order = append(b.order, s.Key)
		}
		if row.Unit != s.Unit {
			continue
		}
		p := HistoryPoint{Measured: true, Estimate: estimate.Median(s)}
		if x, ok := changes[s.Key]; ok {
			p.Change, p.Ratio = x.Verdict, x.Ratio
		}
		row.Points[i] = p
	}
}
