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
	Rows []HistoryRow
	// More is the number of cells that are not among the rows.
	More int
}

// HistoryRun is one run of a history.
type HistoryRun struct {
	Name string
	At   time.Time
	// Machine and Suite are what it was made on and with, in a line each.
	Machine, Suite string
	// Differences are those from the run before, the refused ones first. A change is
	// only judged between runs of one machine.
	Differences []results.Difference
}

// Comparable says whether figures may be compared with those of the run before.
func (r HistoryRun) Comparable() bool {
	return !slices.ContainsFunc(r.Differences, func(d results.Difference) bool { return d.Refused })
}

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
	// Change is the verdict on the change since the run before; "" where that is not
	// comparable or has no such figure. Ratio is that of the two.
	Change compare.Verdict
	Ratio  estimate.Estimate
}

// BuildHistory follows the figures that comparisons look at (see Compare) over runs,
// which it sorts by their times. Each run is compared with the one before, by the same
// tests as two runs are. Only cells that the selector allows are listed. Fewer than two
// runs, or no figure at all, are an error.
func BuildHistory(folders []*results.Folder, cells Selector) (*History, error) {
	if len(folders) < 2 || len(folders) > MaxRuns {
		return nil, fmt.Errorf("a history needs 2 to %d runs, got %d", MaxRuns, len(folders))
	}
	folders = slices.Clone(folders)
	slices.SortStableFunc(folders, func(a, b *results.Folder) int { return a.Environment.At.Compare(b.Environment.At) })
	h := &History{}
	b := historyBuilder{cells: cells, rows: map[stat.Key]*HistoryRow{}, runs: len(folders)}
	var before *seen
	for i, f := range folders {
		now := &seen{Folder: f}
		var m model.Model
		conditions(&m, now.look())
		run := HistoryRun{Name: m.Run, At: m.At, Machine: m.Machine(), Suite: shortCommit(factOf(m.Conditions, "suite"))}
		var c *Comparison
		if i > 0 {
			c = compareSeen(before, now, false)
			run.Differences = c.Differences
		}
		b.add(i, now.look(), c)
		h.Runs = append(h.Runs, run)
		before = now
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

// add adds the figures of the i-th run. c compares it with the one before, nil for the
// first.
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

// Charts draws the rows over the runs: one chart for each unit, one line for each
// figure, with a mark where a run changed it. Lines without any change are left out if
// changed is true.
func (h *History) Charts(changed bool) (list []model.Chart) {
	byUnit := map[string]int{}
	for _, r := range h.Rows {
		if changed && !r.Changed() {
			continue
		}
		i, known := byUnit[r.Unit]
		if !known {
			i = len(list)
			byUnit[r.Unit] = i
			list = append(list, model.Chart{
				ID: "history-" + strings.ReplaceAll(r.Unit, "/", "-"),
				Caption: model.Caption{Title: "Figures over the runs",
					Shows:   "medians of trials with their 95 % intervals, in the order of the runs",
					Reading: "A line is one figure. The notes below its name say which runs changed it, and how many times the figure of the run before theirs is."},
				Alt: "Figures over the runs.",
				X:   model.Axis{Title: "run", Unit: results.Count, Whole: true}, Y: model.Axis{Title: "median", Unit: r.Unit},
			})
		}
		if s := r.series(); len(s.Points) > 0 {
			list[i].Series = append(list[i].Series, s)
		}
	}
	return list
}

func (r HistoryRow) series() model.Series {
	s := model.Series{System: model.System{Name: r.Name, Runner: r.Runner, Mode: r.Mode}}
	for i, p := range r.Points {
		if p.Measured && p.Estimate.Value > 0 {
			s.Points = append(s.Points, model.Point{X: float64(i + 1), Y: p.Estimate.Value, Interval: p.Estimate.Interval})
		}
		if p.Change == compare.Slower || p.Change == compare.Faster {
			s.Notes = append(s.Notes, fmt.Sprintf("run %d: %s", i+1, format.Factor(estimate.Estimate{Value: p.Ratio.Value}, r.Unit)))
		}
	}
	return s
}
