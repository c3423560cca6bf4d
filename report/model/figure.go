package model

import "edgebench/results"

// CellFigure is one figure of one cell, or the reason why the cell has none.
type CellFigure struct {
	Cell   results.Cell
	System System
	// Metric as its sample has it, Label for people, Meaning in a sentence.
	Metric, Label, Meaning string
	Unit                   string
	// Headline marks the figure that stands for its cell. Each cell has one.
	Headline bool
	// Classes are the names of those of the table that the cell belongs to.
	Classes []string
	Entry   Entry
	// LowerBound says that the true figure may be greater.
	LowerBound bool
	// Reached says that the figure is a number that was reached, which no further
	// trial takes back.
	Reached bool
}
