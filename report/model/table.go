package model

import (
	"fmt"
	"slices"

	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/results"
)

// Table is the comparison of containers and WebAssembly.
type Table struct {
	// Reference is the system that ratios of the sections are taken to.
	Reference string
	Rows      []TableRow
	// Systems are those of all classes, whose versions a reader must know.
	Systems []System
	// Notes say what a reader must know to read the table right.
	Notes []string
}

// Graded says whether any cell of the table has a grade.
func (t *Table) Graded() bool {
	has := func(c CellResult) bool { return c.Entry.Grade != nil }
	return slices.ContainsFunc(t.Rows, func(r TableRow) bool {
		return slices.ContainsFunc(r.Classes, func(c ClassResult) bool { return slices.ContainsFunc(c.Cells, has) })
	})
}

// TableRow is one property.
type TableRow struct {
	Property string
	// Measure says exactly what was measured.
	Measure string
	Unit    string
	// Higher says that a greater figure is the better one.
	Higher bool
	Claim  Claim
	// Classes are in the order of the plan. There are none where the property is
	// not measured here.
	Classes []ClassResult
	// Ratios relate the containers of leading classes to the modules of such
	// classes.
	Ratios []NamedRatio
	// Verdict is about all classes that could be measured: it holds if all of them
	// hold, does not hold if none does, and else depends.
	Verdict compare.Verdict
	// Answers are sentences that say what the lead pair shows. There are none where
	// the pair was not measured.
	Answers []string
	// Reason of a row without classes, "" for others.
	Reason string
	Notes  []string
}

// Lead gives the classes whose figures are shown first.
func (r TableRow) Lead() []ClassResult {
	return slices.DeleteFunc(slices.Clone(r.Classes), func(c ClassResult) bool { return !c.Lead })
}

// Side gives the classes of one side.
func (r TableRow) Side(s Side) []ClassResult {
	return slices.DeleteFunc(slices.Clone(r.Classes), func(c ClassResult) bool { return c.Side != s })
}

// Claim is the claim about both sides, in words and as bounds.
type Claim struct {
	Containers, Wasm string
	// Bounds are the numbers by which each side is judged, "" for none.
	ContainersBound, WasmBound string
}

// Bound gives that of a side.
func (c Claim) Bound(s Side) string {
	if s == Containers {
		return c.ContainersBound
	}
	return c.WasmBound
}

// ClassResult is what was measured of one class.
type ClassResult struct {
	Name string
	Side Side
	Lead bool
	// Artefacts are those of the class.
	Artefacts []results.Artefact
	// Cells are those that the run has, fixed in the plan, and those that could
	// not be had.
	Cells []CellResult
	// Range over the cells whose trials are enough, nil where there is none.
	Range   *CellRange
	Verdict compare.Verdict
}

// Measured says whether any cell has a figure.
func (c ClassResult) Measured() bool {
	return slices.ContainsFunc(c.Cells, func(x CellResult) bool { return x.Entry.State == Measured })
}

// CellResult is the figure of one cell of a class.
type CellResult struct {
	System  System
	Cell    results.Cell
	Entry   Entry
	Verdict compare.Verdict
	// Reason of the verdict in one line, "" where there was nothing to judge.
	Reason string
	// Later is the figure of later starts where Entry is that of first ones; its State
	// is "" where there is none.
	Later Entry
	// LowerBound says that the true figure may be greater.
	LowerBound bool
	// OnlyLater says that the claim holds for later starts and not for the first.
	OnlyLater bool
	// Reached says that the figure is a number that was reached, which no further
	// trial takes back.
	Reached bool
	// Of says what a number counts, e.g. "of 5 goals"; "" where its unit or the property
	// says it.
	Of string
}

// Value prints the figure of a measured cell with what it counts.
func (c CellResult) Value() string { return c.counted(c.bare()) }

// bare is the figure without what it counts.
func (c CellResult) bare() string {
	e := c.Entry.Estimate
	return format.LowerBound(format.Quantity(e.Value, e.Unit), c.LowerBound)
}

func (c CellResult) counted(text string) string {
	if c.Of == "" {
		return text
	}
	return text + " " + c.Of
}

// Indicative says that the figure rests on too few trials for an interval, though
// it has noise.
func (c CellResult) Indicative() bool {
	return c.Entry.State == Measured && c.Entry.Estimate.Interval == nil && !c.Reached
}

// CellRange names the best and the worst median.
type CellRange struct {
	Best, Worst CellResult
	Cells       int
}

// Ends names the systems at the ends of a range, "" if all have the same value.
func (r CellRange) Ends() string {
	if r.Best.Entry.Estimate.Value == r.Worst.Entry.Estimate.Value {
		return ""
	}
	return r.Best.System.Name + " … " + r.Worst.System.Name
}

// Values prints the figures at the ends of a range.
func (r CellRange) Values() string {
	best, worst := r.Best.bare(), r.Worst.bare()
	if best == worst {
		return fmt.Sprintf("%s in all %d", r.Worst.Value(), r.Cells)
	}
	return r.Worst.counted(best + " … " + worst)
}

// NamedRatio is the ratio of one cell of the table to another.
type NamedRatio struct {
	Over, Under CellResult
	Ratio       estimate.Estimate
}
