// Package section defines what a section of the report is: how the records of one
// experiment are shown. Each experiment has a package below this one, which builds
// elements of package report/model from a view of the run and, where the
// experiment has one, its row of the containers-versus-WASM table.
// report/section/registry has the table of all sections. This package has what
// sections share: grids over variants, and rows that are judged by bounds.
package section

import (
	"edgebench/bench/stat"
	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
)

// Section is how an experiment is shown. Fields may be nil, but for the
// experiment's name.
type Section struct {
	Experiment results.Experiment
	// Benchmark is the experiment's name among Go benchmarks, without the word
	// itself.
	Benchmark string
	// Params are the names of the experiment's parameters that tell cells apart.
	Params []string
	// Derive makes the samples that the report uses, if they differ from the
	// recorded ones.
	Derive view.Derive
	// Beside makes samples that the report uses beside the recorded ones.
	Beside view.Derive
	// Graded are metrics that have a grade beside the headline.
	Graded []string
	// Compared are the metrics by which two runs, or cells of one run, are compared.
	// Other metrics explain a difference and are not tested.
	Compared []string
	// Reached tells of figures that are numbers which were reached, which no further
	// trial takes back, and whether the true figure may be greater; nil for an
	// experiment without such figures.
	Reached func(*view.View) func(stat.Key) (reached, lowerBound bool)
	// Quantities are the metrics by which two builds are compared in a cell.
	Quantities func(results.Cell) []Quantity
	// Methods say how its figures were obtained and are to be read, a sentence each.
	Methods []string
	// Build makes what is shown under titles of their own.
	Build func(*view.View) []model.Section
	// Rows makes the experiment's rows of the table. RowOrder sorts those of all
	// experiments.
	Rows     func(*view.View) []model.TableRow
	RowOrder int
}

// Quantity is what builds are compared by. What names it for people, Explanation
// says it in a sentence.
type Quantity struct{ Metric, What, Explanation string }
