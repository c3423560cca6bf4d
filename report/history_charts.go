package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/results"
)

// HistoryFigure is one metric of the same work over the runs, in each system.
type HistoryFigure struct {
	// Name is of one line.
	Name string
	Rows []HistoryRow
	// Chart has a line for each system on each machine, with marks where a run changed
	// it.
	Chart model.Chart
}

// Changed says whether any run changed any of it.
func (f HistoryFigure) Changed() bool { return slices.ContainsFunc(f.Rows, HistoryRow.Changed) }

// Change is one change of a figure.
type Change struct {
	HistoryPoint
	HistoryRow
	// Run is the index of the run that changed it.
	Run int
}

// Text says how the figure changed, in words with the interval.
func (c Change) Text() string { return format.Factor(c.Ratio, c.Unit) }

// Changes lists all changes of a figure in the order of the runs, the greatest of a run
// first.
func (f HistoryFigure) Changes() (list []Change) {
	for _, r := range f.Rows {
		for i, p := range r.Points {
			if p.Change == compare.Slower || p.Change == compare.Faster {
				list = append(list, Change{p, r, i})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Run, b.Run), cmp.Compare(effect(b.Ratio.Value), effect(a.Ratio.Value)))
	})
	return list
}

// Figures groups the rows by what they measure, those that changed first.
func (h *History) Figures() []HistoryFigure {
	var list []HistoryFigure
	places := map[stat.Key]int{}
	for _, r := range h.Rows {
		of := r.Key
		of.System = results.System{}
		i, known := places[of]
		if !known {
			i = len(list)
			places[of] = i
			list = append(list, HistoryFigure{Name: strings.TrimPrefix(format.Sample(of), results.System{}.String()+" ")})
		}
		list[i].Rows = append(list[i].Rows, r)
	}
	for i := range list {
		list[i].Chart = h.chart(list[i])
	}
	slices.SortStableFunc(list, func(a, b HistoryFigure) int {
		switch {
		case a.Changed() == b.Changed():
			return 0
		case a.Changed():
			return -1
		}
		return 1
	})
	return list
}

// Summary counts what changed.
func (h *History) Summary() string {
	changed := 0
	for _, r := range h.Rows {
		if r.Changed() {
			changed++
		}
	}
	text := fmt.Sprintf("%d of %s changed over %s", changed, format.Plural(len(h.Rows)+h.More, "figure"), format.Plural(len(h.Runs), "run"))
	if len(h.Machines) > 1 {
		text += fmt.Sprintf(" on %d machines", len(h.Machines))
	}
	return text
}

func (h *History) chart(f HistoryFigure) model.Chart {
	c := model.Chart{
		ID: "history-" + slug(f.Name),
		Caption: model.Caption{Title: f.Name,
			Shows:   "medians of trials with their 95 % intervals, in the order of the runs",
			Reading: "A triangle marks a run that changed a figure: upwards for more than in the run before on that machine, downwards for less. The notes in the legend say by how much."},
		X: model.Axis{Title: "run", Unit: results.Count, Whole: true}, Y: model.Axis{Title: "median", Unit: f.Rows[0].Unit},
	}
	var alts []string
	for _, r := range f.Rows {
		for on := range h.Machines {
			s := h.series(r, on)
			if len(s.Points) > 0 {
				c.Series = append(c.Series, s)
				alts = append(alts, s.System.Name+" "+cmp.Or(strings.Join(s.Notes, ", "), "without a change"))
			}
		}
	}
	c.Alt = f.Name + " over the runs: " + strings.Join(alts, "; ") + "."
	return c
}

// series is a row's line on one machine.
func (h *History) series(r HistoryRow, on int) model.Series {
	s := model.Series{System: model.System{Name: r.System.String(), Runner: r.Runner, Mode: r.Mode}}
	if len(h.Machines) > 1 {
		s.System.Name += fmt.Sprintf(", machine %d", on+1)
	}
	for i, p := range r.Points {
		if h.Runs[i].On != on || !p.Measured || !(p.Estimate.Value > 0) {
			continue
		}
		point := model.Point{X: float64(i + 1), Y: p.Estimate.Value, Interval: p.Estimate.Interval}
		if p.Change == compare.Slower || p.Change == compare.Faster {
			point.Change = model.ChangeLess
			if p.Ratio.Value > 1 {
				point.Change = model.ChangeMore
			}
			s.Notes = append(s.Notes, fmt.Sprintf("run %d: %s", i+1, Change{HistoryPoint: p, HistoryRow: r}.brief()))
		}
		s.Points = append(s.Points, point)
	}
	return s
}

// brief is Text without the interval.
func (c Change) brief() string {
	c.Ratio.Interval = nil
	return c.Text()
}

// slug makes a name for a file: letters and digits, and single hyphens for all else.
func slug(name string) string {
	parts := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9') })
	return strings.Join(parts, "-")
}

// MachineFigure is a figure on each machine, of the last run that has it.
type MachineFigure struct {
	HistoryRow
	// On has a point for each machine.
	On []HistoryPoint
}

// Beside writes how the figure of a machine stands to that of the first one, "" where
// either has none. Trials on different machines share nothing that an interval could be
// taken of.
func (m MachineFigure) Beside(on int) string {
	if on == 0 || !m.On[0].Measured || !m.On[on].Measured {
		return ""
	}
	return format.Factor(estimate.Estimate{Value: m.On[on].Estimate.Value / m.On[0].Estimate.Value}, m.Unit)
}

// SideBySide sets the machines side by side; nil for one machine.
func (h *History) SideBySide() (list []MachineFigure) {
	if len(h.Machines) < 2 {
		return nil
	}
	for _, r := range h.Rows {
		m := MachineFigure{HistoryRow: r, On: make([]HistoryPoint, len(h.Machines))}
		have := 0
		for i, p := range r.Points {
			if p.Measured {
				m.On[h.Runs[i].On] = p
			}
		}
		for _, p := range m.On {
			if p.Measured {
				have++
			}
		}
		if have > 1 {
			list = append(list, m)
		}
	}
	return list
}
