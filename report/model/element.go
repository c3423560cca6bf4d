package model

import (
	"slices"

	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/results"
)

// Section is what is shown under one title.
type Section struct {
	// ID is safe in anchors and unique among sections. That of an element is safe in
	// file names too, and unique among elements.
	ID    string
	Title string
	// Intro says in a sentence or two what the section is about.
	Intro    string
	Elements []Element
}

// Element is one of its fields; the others are nil.
type Element struct {
	Grid   *Grid
	Chart  *Chart
	Stack  *Stack
	List   *List
	Pairs  *Pairs
	Matrix *Matrix
}

// Subject says what an element is of, so that a reader can choose among elements of
// the same kind.
type Subject struct {
	// What is shown, e.g. "Cold-start ladder".
	What string
	// Artefact is that of all figures; its Build is "" where they are of several.
	Artefact results.Artefact
	// Params are those that all figures share.
	Params results.Params
}

// Caption stands beside a picture of an element.
type Caption struct {
	// Title is that of the element where it is "".
	Title string
	// Shows says what is drawn, Reading how to read it.
	Shows, Reading string
}

// Entry is one figure of a grid, or the reason why it is missing.
type Entry struct {
	State State
	// Key is that of the sample; zero for a figure that is computed from others.
	Key stat.Key
	// Estimate is set where State is Measured.
	Estimate estimate.Estimate
	// Percentiles of the sample, where its size supports them.
	Percentiles []estimate.Percentile
	// Ratio to the grid's reference in the same column, where there is one.
	Ratio *estimate.Estimate
	// Grade is nil if the plan has no target, and for figures that are not the
	// headline of an experiment.
	Grade *Grade
	// Why explains a State other than Measured. With Measured, it names the trials
	// that failed, if any.
	Why string
}

// Column of a grid or of a list.
type Column struct {
	Label string
	// Explanation says in a sentence what is measured.
	Explanation string
	Unit        string
	// Undrawn keeps the column out of the grid's picture.
	Undrawn bool
}

// Row of a grid has one entry for each column.
type Row struct {
	// System, or an artefact by its name and the side that runs it.
	System  System
	Entries []Entry
}

// Grid is a table of figures: systems or artefacts down, columns across.
type Grid struct {
	ID    string
	Title string
	// Of is nil for a grid that stands for itself.
	Of *Subject
	// Artefacts says that rows are artefacts and not systems.
	Artefacts bool
	// Reference is the system that ratios are taken to, "" for none.
	Reference string
	Columns   []Column
	Rows      []Row
	Notes     []string
	// Picture is drawn of the columns that have the first one's unit and are not
	// Undrawn; nil for none.
	Picture *Caption
}

// RowTitle stands above the names of the rows.
func (g *Grid) RowTitle() string {
	if g.Artefacts {
		return "artefact"
	}
	return "system"
}

// Measured says whether the grid holds any figure.
func (g *Grid) Measured() bool {
	return g.has(func(e Entry) bool { return e.State == Measured })
}

// Graded says whether any figure of the grid has a grade.
func (g *Grid) Graded() bool {
	return g.has(func(e Entry) bool { return e.Grade != nil })
}

func (g *Grid) has(f func(Entry) bool) bool {
	return slices.ContainsFunc(g.Rows, func(r Row) bool { return slices.ContainsFunc(r.Entries, f) })
}

// Axis of a chart.
type Axis struct {
	Title string
	Unit  string
	// Share marks an axis from 0 to 1 that is printed in per cent, Whole one of whole
	// numbers with equal steps. All other axes are logarithmic.
	Share, Whole bool
	// Doubling marks an axis whose ticks are at powers of two. Those of bytes
	// always are.
	Doubling bool
}

// Chart is a picture of lines, one for each series.
type Chart struct {
	ID string
	Caption
	// Of is nil for a chart that stands for itself.
	Of *Subject
	// Alt says what it shows, for those who can't see it.
	Alt  string
	X, Y Axis
	// Steps says that lines go right before they go up.
	Steps  bool
	Series []Series
}

// Series is a line of a chart. It has at least one point.
type Series struct {
	System System
	// Notes stand below its name in the legend.
	Notes  []string
	Points []Point
	End    End
}

// Point of a line. X ascends.
type Point struct {
	X, Y float64
	// Interval of Y, nil for none.
	Interval *estimate.Interval
	// Change marks a point at which something changed.
	Change Change
}

// Change says whether there is more or less at a point than before it, as a test tells.
type Change string

// The changes.
const (
	ChangeNone Change = ""
	ChangeMore Change = "more"
	ChangeLess Change = "less"
)

// End says how a line ends.
type End string

// The ends of lines.
const (
	// EndPlain has no mark.
	EndPlain End = ""
	// EndOpen has an open circle: the line might go on.
	EndOpen End = "open"
	// EndStopped has a cross: something ran out.
	EndStopped End = "stopped"
)

// Stack shows the parts of medians: a bar for each system, in panels side by side.
type Stack struct {
	ID    string
	Title string
	// Of is nil for a stack that stands for itself.
	Of *Subject
	// Detail marks a stack that only a reader of details needs.
	Detail bool
	Panels []Panel
	// Picture is drawn of the panels that are Drawn; nil for none.
	Picture *Caption
}

// Panel of a stack.
type Panel struct {
	// Label is short, Title says it all.
	Label, Title string
	Drawn        bool
	Bars         []Bar
}

// Bar splits the median of one cell.
type Bar struct {
	System System
	Total  estimate.Estimate
	// Parts in the order of time. Medians of parts need not add up to the
	// median of the whole; Rest is what is left of it, 0 where they exceed it.
	Parts []Part
	Rest  float64
}

// Part is the median of a part.
type Part struct {
	Name  string
	Value float64
}

// List is a table of words: one line for each system.
type List struct {
	ID    string
	Title string
	// Of is nil for a list that stands for itself.
	Of *Subject
	// Columns that follow the system's name.
	Columns []Column
	Items   []Item
	// Legend says how to read it.
	Legend string
}

// Item is a line of a list.
type Item struct {
	System System
	State  State
	// Cells has one text for each column where State is Measured. Line is the same
	// in one sentence, for where there is no room for columns.
	Cells []string
	Line  string
	// Why is as that of an Entry.
	Why string
}

// Pairs compares a build of a workload with the plain build of its language, in
// each cell that has both.
type Pairs struct {
	ID       string
	Title    string
	Workload string
	// Base is the plain build, Apart the other, such as rust and rust+snapshot.
	Base, Apart string
	Rows        []PairRow
}

// PairRow is one quantity of one system with both builds.
type PairRow struct {
	// What was measured, e.g. "cold" or "reused ×1"; Explanation says it in a
	// sentence.
	What, Explanation string
	System            System
	Base, Apart       estimate.Estimate
	// Ratio of Apart to Base, nil where there is none.
	Ratio *estimate.Estimate
}

// Factor writes the ratio in words with its interval.
func (r PairRow) Factor() string {
	if r.Ratio == nil {
		return format.NoRatio
	}
	return format.Factor(*r.Ratio, r.Apart.Unit)
}
