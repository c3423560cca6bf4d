package html

import (
	"html/template"
	"io"
	"math"

	"edgebench/bench/stat"
	"edgebench/report"
	"edgebench/report/format"
)

// Bounds on what a page of a comparison shows.
const (
	mostRows  = 500
	mostDots  = 120
	mostNames = 50
)

// comparison is what the template of a comparison is given.
type comparison struct {
	*report.Comparison
	Style  template.CSS
	Policy string
	// Rows changed; Others are the same or undecided. More and OtherMore count those
	// beyond the bound.
	Rows, Others    []comparedRow
	More, OtherMore int
	GoneShown       []string
	AddedShown      []string
}

// comparedRow is a row with both distributions on one axis.
type comparedRow struct {
	report.ComparisonRow
	Before, After, Changed string
	OldDots, NewDots       []float64
	OldAt, NewAt           float64
	Low, High              string
}

// WriteComparison renders a comparison of two runs, or of cells of one. The page has no
// script. Nothing is written if rendering fails.
func WriteComparison(w io.Writer, c *report.Comparison) error {
	v := comparison{Comparison: c, Style: stylesheet, Policy: "default-src 'none'; style-src 'unsafe-inline'",
		GoneShown: c.Gone[:min(len(c.Gone), mostNames)], AddedShown: c.Added[:min(len(c.Added), mostNames)]}
	v.Rows, v.More = comparedRows(c.Changed())
	v.Others, v.OtherMore = comparedRows(c.Unchanged())
	return render(w, "compare.tmpl", v)
}

// comparedRows gives the first rows, and how many there are beyond.
func comparedRows(rows []report.ComparisonRow) (list []comparedRow, more int) {
	for _, r := range rows[:min(len(rows), mostRows)] {
		list = append(list, compared(r))
	}
	return list, len(rows) - len(list)
}

// compared puts the medians of both sides' trials on one logarithmic axis.
func compared(r report.ComparisonRow) comparedRow {
	row := comparedRow{ComparisonRow: r, Before: format.Quantity(r.Old.Median(), r.Old.Unit), After: format.Quantity(r.New.Median(), r.New.Unit), Changed: r.Change()}
	old, new := r.Old.Medians(), r.New.Medians()
	low, high := min(old[0], new[0]), max(old[len(old)-1], new[len(new)-1])
	if !(low > 0) || math.IsInf(high, 0) {
		return row
	}
	row.Low, row.High = format.Quantity(low, r.New.Unit), format.Quantity(high, r.New.Unit)
	at := func(v float64) float64 {
		if high == low {
			return 50
		}
		return 100 * math.Log(v/low) / math.Log(high/low)
	}
	row.OldDots, row.NewDots = dotsOf(old, at), dotsOf(new, at)
	row.OldAt, row.NewAt = at(stat.Median(old)), at(stat.Median(new))
	return row
}

// dotsOf places medians, as many as can be told apart, evenly over their order.
func dotsOf(medians []float64, at func(float64) float64) []float64 {
	every := 1 + (len(medians)-1)/mostDots
	var list []float64
	for i := 0; i < len(medians); i += every {
		list = append(list, at(medians[i]))
	}
	return list
}
