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
	results.Artefact
	// Reference is the system that ratios are taken to.
	Reference string
	Rows      []TableRow
	// Notes say what a reader must know to read the table right.
	Notes []string
}

// Graded says whether any cell of the table has a grade.
func (t *Table) Graded() bool {
	has := func(c CellResult) bool { return c.Entry.Grade != nil }
	return slices.ContainsFunc(t.Rows, func(r TableRow) bool {
		return slices.ContainsFunc(r.Containers.Cells, has) || slices.ContainsFunc(r.Wasm.Cells, has)
	})
}

// TableRow is one property.
type TableRow struct {
	Property string
	// Measure says exactly what was measured.
	Measure string
	Unit    string
	Claim   Claim
	// Containers and Wasm are empty where the property is not measured here.
	Containers, Wasm SideResult
	Ratios           []NamedRatio
	Verdict          VerdictResult
	Notes            []string
}

// Claim is the claim about both sides, in words and as bounds.
type Claim struct {
	Containers, Wasm string
	// Bounds are the numbers by which each side is judged, "" for none.
	ContainersBound, WasmBound string
}

// SideResult is what was measured on one side.
type SideResult struct {
	// Cells are those that stand for the side, fixed in the plan.
	Cells []CellResult
	// Range over all systems and modes of the side, nil where none was
	// measured.
	Range *SystemRange
}

// CellResult is the figure of one cell that stands for a side.
type CellResult struct {
	System  System
	Cell    results.Cell
	Entry   Entry
	Verdict compare.Verdict
	// Reason of the verdict in one line, "" where there was nothing to judge.
	Reason string
	// LowerBound says that the true figure may be greater.
	LowerBound bool
}

// SystemRange names the best and the worst median.
type SystemRange struct {
	Best, Worst           System
	BestValue, WorstValue float64
	// BestBound and WorstBound mark lower bounds.
	BestBound, WorstBound bool
	Systems               int
}

// RangeOf prints a range with the systems at its ends.
func RangeOf(r SystemRange, unit string) string {
	best := format.LowerBound(format.Quantity(r.BestValue, unit), r.BestBound)
	worst := format.LowerBound(format.Quantity(r.WorstValue, unit), r.WorstBound)
	if best == worst {
		return fmt.Sprintf("%s in all %d", best, r.Systems)
	}
	return fmt.Sprintf("of %d: %s (%s) … %s (%s)", r.Systems, best, r.Best.Name, worst, r.Worst.Name)
}

// NamedRatio is the ratio of a system to the reference.
type NamedRatio struct {
	System, Reference System
	Ratio             estimate.Estimate
}

// Across says that it relates a container to a module.
func (r NamedRatio) Across() bool {
	return r.System.Side == Containers && r.Reference.Side == Wasm
}

// VerdictResult answers a claim.
type VerdictResult struct {
	// Verdict is about the whole claim. It holds if the claims about both sides
	// hold, and does not hold if one of them does not.
	Verdict          compare.Verdict
	Containers, Wasm compare.Verdict
	Reason           string
	// RestsOn names the cells.
	RestsOn []string
}
