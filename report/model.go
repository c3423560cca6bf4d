package report

import (
	"slices"
	"time"

	"edgebench/bench/stat"
	"edgebench/results"
)

// Model is all that is shown of a run, in the order in which it is shown.
type Model struct {
	Title string
	Run   string
	At    time.Time
	// Slowed says which runners were slowed on purpose, and by how much; it
	// stands above all figures. It is "" where none was.
	Slowed string
	// Conditions are the machine, the settings and the plan, as name and value.
	Conditions []Fact
	// Settings of the machine that bear on figures, sorted by name.
	Settings []Fact
	Systems  []System
	Counts   Counts
	Quality  Quality
	Table    Table
	// Ladders have one grid for each workload, language and condition: rows
	// are systems, columns are rungs.
	Ladders []Grid
	// Percentiles have one grid for each ladder: of first_response on the
	// table's rung, with a column for each percentile.
	Percentiles []Grid
	// Curves are the distributions of first_response on the table's rung.
	Curves []Curve
	Phases []Breakdown
	// Memory grids have columns for what each further instance costs by
	// several measures, and for the fixed cost.
	Memory  []Grid
	Density []DensityGroup
	// Throughput grids have a column for each rung and concurrency, Latency
	// grids one for each of these and percentile.
	Throughput []Grid
	Latency    []Grid
	// Sizes have two grids for each workload: one of its artefacts, and one of
	// what each system keeps of them on disk.
	Sizes []Grid
	// Pairings set builds of a workload side by side that differ in one thing.
	Pairings []Pairing
	// Toolchains say what made the artefacts.
	Toolchains []Toolchain
	Failures   []Failure
	LeftOut    []LeftOut
	// Warnings are about the run as a whole.
	Warnings []string
	// Summaries are those of all samples, for export.
	Summaries []stat.Summary
	// Latencies are those of all histograms, for export.
	Latencies []stat.Latency
}

// Fact is a name and a value for people.
type Fact struct{ Name, Value string }

// Counts are of trials.
type Counts struct {
	// Planned leaves out spare trials. Of those, Spare were made; the others
	// were not needed, or the budget had ended.
	Planned, Spare, OK, Failed, Unavailable int
	// Missing were planned, not as spare ones, and have no record: the run was
	// interrupted, or its budget had ended.
	Missing int
}

// Side is the part of the comparison that a system belongs to.
type Side string

// The sides. Process is neither container nor WebAssembly but the baseline of
// both.
const (
	Wasm       Side = "WASM"
	Process    Side = "process"
	Containers Side = "containers"
	Other      Side = "other"
)

// Sides lists all sides in the order in which they are shown.
func Sides() []Side { return []Side{Wasm, Process, Containers, Other} }

// System is a runner in a mode as it is shown.
type System struct {
	// Name is "runner/mode".
	Name    string
	Runner  string
	Mode    string
	Side    Side
	Version string
	// Unavailable is why it was not measured, "" when it was available.
	Unavailable string
}

// State says what there is to show for one cell.
type State string

// The states of an entry.
const (
	// Measured has an estimate.
	Measured State = "measured"
	// Absent does not exist for this system: it has no such rung or measure.
	Absent State = "absent"
	// Failed has no trial that ended well.
	Failed State = "failed"
	// Unavailable could not be tried here.
	Unavailable State = "unavailable"
	// Missing was planned, but the run ended before.
	Missing State = "missing"
	// Unplanned was not part of this run.
	Unplanned State = "unplanned"
)

// Word is what is printed for a state that has no figure.
func (s State) Word() string {
	switch s {
	case Absent:
		return "—"
	case Missing:
		return "not reached"
	case Unplanned:
		return "not planned"
	}
	return string(s)
}

// Entry is one figure of a grid, or why there is none.
type Entry struct {
	State State
	// Estimate is set where State is Measured.
	Estimate stat.Estimate
	// Percentiles of the sample, where its size supports them.
	Percentiles []stat.Percentile
	// Ratio to the grid's reference in the same column, where there is one.
	Ratio *stat.Estimate
	// Grade is nil where there is none: without a target of the plan's, and for
	// other figures than cold starts and rates of requests.
	Grade *Grade
	// Why explains a State other than Measured, and with Measured names the
	// trials that failed beside those that did not.
	Why string
}

// Graded says whether any figure of the grid has a grade.
func (g Grid) Graded() bool {
	return slices.ContainsFunc(g.Rows, func(r Row) bool {
		return slices.ContainsFunc(r.Entries, func(e Entry) bool { return e.Grade != nil })
	})
}

// Column of a grid.
type Column struct {
	Label string
	// Explanation says in a sentence what is measured.
	Explanation string
	Unit        string
}

// Row of a grid has one entry for each column.
type Row struct {
	// System, or an artefact by its name and the side that runs it.
	System  System
	Entries []Entry
}

// Grid is a table of figures: systems or artefacts down, columns across.
type Grid struct {
	// ID is unique in the model and safe in file names and anchors.
	ID    string
	Title string
	// Artefacts says that rows are artefacts and not systems.
	Artefacts bool
	// Workload, Language and Conditions hold for every figure in it. Language
	// is "" where several are compared.
	Workload, Language string
	Conditions         string
	// Reference is the system that ratios are taken to, "" for none.
	Reference string
	Columns   []Column
	Rows      []Row
	Notes     []string
}

// RowTitle stands above the names of the rows.
func (g Grid) RowTitle() string {
	if g.Artefacts {
		return "artefact"
	}
	return "system"
}

// Measured says whether the grid holds any figure.
func (g Grid) Measured() bool {
	for _, r := range g.Rows {
		for _, e := range r.Entries {
			if e.State == Measured {
				return true
			}
		}
	}
	return false
}

// Curve is an empirical distribution function: a fraction P of the trials'
// weight lies at or below X. Each trial weighs the same. X ascends.
type Curve struct {
	System         System
	Cell           results.Cell
	Conditions     string
	Unit           string
	X, P           []float64
	Trials, Values int
}

// Part is the median of one phase.
type Part struct {
	Name  string
	Value float64
}

// BreakdownRow splits the median of one cell.
type BreakdownRow struct {
	System System
	Total  stat.Estimate
	// Parts in the order of time. Medians of parts need not add up to the
	// median of the whole; Rest is what is left of it, 0 where they exceed it.
	Parts []Part
	Rest  float64
}

// Breakdown shows the phases of all systems on one rung.
type Breakdown struct {
	ID                 string
	Title              string
	Workload, Language string
	Rung               results.Rung
	Conditions         string
	Rows               []BreakdownRow
}

// DensityRow is how many instances of one system lived at once.
type DensityRow struct {
	System System
	State  State
	// Density is set where State is Measured.
	Density stat.Density
	Why     string
}

// DensityGroup holds the density of all systems for one workload.
type DensityGroup struct {
	ID                 string
	Title              string
	Workload, Language string
	Conditions         string
	Rows               []DensityRow
}

// Pairing sets a build of a workload beside the plain build of its language,
// wherever a run has both.
type Pairing struct {
	ID       string
	Title    string
	Workload string
	// Base is the plain build, Apart the other, such as rust and rust+snapshot.
	Base, Apart string
	Rows        []PairingRow
}

// PairingRow is one quantity of one system with both builds.
type PairingRow struct {
	// What was measured, e.g. "cold" or "reused ×1"; Explanation says it in a
	// sentence.
	What, Explanation string
	System            System
	Base, Apart       stat.Estimate
	// Ratio of Apart to Base, nil where there is none.
	Ratio *stat.Estimate
}

// Toolchain is what made artefacts of one kind in one language.
type Toolchain struct {
	Language, Kind string
	// Tools are compiler and libc with their versions, Flags what the compiler
	// was told; "" where it is not recorded.
	Tools, Flags string
	Workloads    []string
}

// Failure is a group of trials of one cell that ended badly for one reason.
type Failure struct {
	Experiment results.Experiment
	Cell       results.Cell
	Conditions string
	Outcome    results.Outcome
	Reason     string
	Trials     int
	// Seq of the first of them.
	Seq int
}

// LeftOut is something that was not measured at all.
type LeftOut struct {
	What   string
	Reason string
}

// Table is the comparison of containers and WebAssembly.
type Table struct {
	Workload, Language string
	// Reference is the system that ratios are taken to.
	Reference string
	Rows      []TableRow
	// Notes say what a reader must know to read the table right.
	Notes []string
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

// Claim is what is said of both sides, and what that means in numbers.
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
	Verdict stat.Verdict
	// Because is the reason of the verdict in one line, "" where there was
	// nothing to judge.
	Because string
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

// NamedRatio is the ratio of a system to the reference.
type NamedRatio struct {
	System, Reference System
	Ratio             stat.Estimate
}

// VerdictResult answers a claim.
type VerdictResult struct {
	// Verdict is about the claim as a whole: it holds where both sides' do,
	// and does not where one side's doesn't.
	Verdict          stat.Verdict
	Containers, Wasm stat.Verdict
	Reason           string
	// RestsOn names the cells.
	RestsOn []string
}
