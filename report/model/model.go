// Package model holds what is shown of a run: the table of containers versus
// WebAssembly, and sections of elements that any experiment can use. Renderers
// print elements by their form and know no experiment by name.
//
// Texts are clean: they have no control characters, and a renderer only has to
// quote for its own format.
package model

import (
	"strings"
	"time"

	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/results"
	"edgebench/runners"
)

// Model is all that is shown of a run, in the order in which it is shown.
type Model struct {
	Title string
	Run   string
	At    time.Time
	// Slowed says which runners were slowed on purpose, and by how much. It is shown
	// above all figures. It is "" if none was slowed.
	Slowed string
	// Conditions are the machine, the settings and the plan, as name and value.
	Conditions []Fact
	// Settings of the machine that bear on figures, sorted by name.
	Settings []Fact
	Systems  []System
	Counts   Counts
	Quality  Quality
	// Costs are what the machine's shortest services took, nil where that is unknown.
	Costs *results.HostCosts
	// Programs are the user's own, nil in a run without any.
	Programs *Programs
	// Answer says in a few sentences what the table's lead pairs show.
	Answer []string
	Table  Table
	// Figures are those of all cells, by cell in the order of their keys.
	Figures []CellFigure
	// Sections follow the table.
	Sections []Section
	// Methods say how figures of single sections were obtained. The methods that all
	// sections share are not repeated.
	Methods []string
	// Commands repeat the run and make the report again, in their order.
	Commands []Command
	// Toolchains say what made the artefacts.
	Toolchains []Toolchain
	Failures   []Failure
	LeftOut    []LeftOut
	// Warnings are about the whole run.
	Warnings []string
	Export   Export
}

// Export is what other programs read of a run.
type Export struct {
	// Config identifies the run and the machine, with the keys of the Go tool if it
	// has one.
	Config []Fact
	// Benchmarks are the names of experiments as those of Go benchmarks.
	Benchmarks map[results.Experiment]string
	// Summaries are those of all samples, in the order of their keys.
	Summaries []estimate.Summary
	// Latencies are those of all histograms.
	Latencies []estimate.Latency
	// Samples are what was summarised, and the percentiles of each trial's
	// histograms.
	Samples []*stat.Sample
}

// Fact is a name and a value for people.
type Fact struct{ Name, Value string }

// Command is a line for a shell, and what it does.
type Command struct{ Does, Line string }

// Side is the part of the comparison that a system belongs to.
type Side = runners.Side

// The sides. Process is neither container nor WebAssembly but the baseline of
// both; Other is that of runners which the table of runners does not have.
const (
	Wasm            = runners.SideWasm
	Process         = runners.SideProcess
	Containers      = runners.SideContainers
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
	// Released is the day of the version's release, as 2006-01-02; "" if it is
	// unknown. Old says that it was more than two years before the run.
	Released string
	Old      bool
	// Unavailable is why it was not measured, "" when it was available.
	Unavailable string
}

// Is says whether it is the system of a record.
func (s System) Is(o results.System) bool { return s.Runner == o.Runner && s.Mode == o.Mode }

// Release tells the age of a system's version: its day of release, that it is old, or
// that the day is unknown. It is "" for a process, which has no version of its own.
func (s System) Release() string {
	switch {
	case s.Side == Process || s.Version == "":
		return ""
	case s.Released == "":
		return "date unknown"
	case s.Old:
		return s.Released + ", old release"
	}
	return s.Released
}

// Label is the name of a system with its version and its release, as in "wazero/compiler v1.12.0
// (2026-05-01)".
func (s System) Label() string {
	label := s.Name
	if s.Version != "" {
		label += " " + s.Version
	}
	if release := s.Release(); release != "" {
		label += " (" + release + ")"
	}
	return label
}

// Of gives the system of a record.
func (s System) Of() results.System { return results.System{Runner: s.Runner, Mode: s.Mode} }

// State says what there is to show for one cell.
type State string

// The states of an entry.
const (
	// Measured has an estimate.
	Measured State = "measured"
	// Absent means that this system has no such rung or measure.
	Absent State = "absent"
	// LaterOnly has later starts, but no first one.
	LaterOnly State = "later-only"
	// Failed has no trial that ended well.
	Failed State = "failed"
	// GivenUp failed in the same way twice and was not tried again. No trial ended
	// well.
	GivenUp State = "given-up"
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
	case GivenUp:
		return "given up"
	case LaterOnly:
		return "later only"
	case Missing:
		return "not reached"
	case Unplanned:
		return "not planned"
	}
	return string(s)
}

// Toolchain is what made artefacts of one kind of one build.
type Toolchain struct {
	Build, Kind string
	// Artefact names what was made, e.g. "c+simd module".
	Artefact string
	// Tools are compiler and libc with their versions, Flags what the compiler
	// was told; "" where it is not recorded.
	Tools, Flags string
	Workloads    []string
}

// Failure is a group of trials of one cell that ended badly for one reason.
type Failure struct {
	Cell    results.Cell
	Outcome results.Outcome
	Reason  string
	Trials  int
	// Seq of the first of them.
	Seq int
}

// LeftOut is something that was not measured at all.
type LeftOut struct {
	What   string
	Reason string
}

// Machine names what the run was made on and the run, in one line.
func (m *Model) Machine() string {
	var parts []string
	for _, want := range []string{"processor", "cores", "system", "run"} {
		for _, f := range m.Conditions {
			switch {
			case f.Name != want:
			case want == "cores":
				parts = append(parts, f.Value+" cores")
			case want == "run":
				parts = append(parts, "run "+f.Value)
			default:
				parts = append(parts, f.Value)
			}
		}
	}
	return strings.Join(parts, ", ")
}
