package results

import (
	"fmt"
	"slices"
	"time"
)

// Plan is what a run is to measure, fixed before the first trial: plan.json.
// Two runs of one plan on one machine differ by noise alone.
type Plan struct {
	Schema  int    `json:"schema"`
	Run     string `json:"run"`
	Profile string `json:"profile"`
	Seed    uint64 `json:"seed"`
	// Budget is the time after which no new block is begun.
	Budget time.Duration `json:"budget_ns"`
	// Target is how narrow the interval of a cold start's median is to become,
	// as a part of the median to each side; 0 for no target.
	Target float64 `json:"target,omitempty"`
	// Slowed runners have their timed operations made longer on purpose, each by
	// a share of what they take, so that it can be seen whether a comparison
	// finds it. Memory, density and sizes are left as they are, and of the boot
	// rung the start of the agent's process is.
	Slowed map[string]float64 `json:"slowed,omitempty"`
	// Table says which cells stand for each side of the comparison. It is
	// fixed here, before anything is measured.
	Table  Table   `json:"table"`
	Trials []Trial `json:"trials"`
}

// MaxSlowed is the greatest share by which a runner may be slowed.
const MaxSlowed = 10

// Slowable says whether a runner may be slowed by a share.
func Slowable(share float64) bool { return share > 0 && share <= MaxSlowed }

// Trial is one run of a cell in a fresh process, as planned.
type Trial struct {
	Seq        int        `json:"seq"`
	Block      int        `json:"block"`
	Experiment Experiment `json:"experiment"`
	Cell       Cell       `json:"cell"`
	// Spare trials come after all others, and only as long as the interval of
	// their cell is wider than the target, or a trial of it was disturbed or has
	// no full pace where it waited for one.
	Spare bool `json:"spare,omitempty"`
	// Iterations is how often a cold start is repeated within the trial.
	Iterations int `json:"iterations,omitempty"`
	// Spread is over how long these are spread: between two that are kept the
	// rung is done as often as there is time for, so that a short disturbance
	// does not meet them all. 0 for back to back. On the pooled and the hot rung
	// short ones go on within Duration until the pace was full (see Pace).
	Spread time.Duration `json:"spread_ns,omitempty"`
	// Duration is how long a throughput trial lasts, and how long a
	// cold-start trial may go on beginning iterations.
	Duration time.Duration `json:"duration_ns,omitempty"`
	// Deadline is when a trial that has not ended is stopped and has failed.
	Deadline time.Duration `json:"deadline_ns"`
	// Steps are the numbers of live instances at which a memory or density
	// trial stops to look.
	Steps []int `json:"steps,omitempty"`
	// MemoryBudget bounds how far MemAvailable may fall in a memory or
	// density trial, in bytes; 0 means no bound.
	MemoryBudget uint64            `json:"memory_budget_bytes,omitempty"`
	Conditions   map[string]string `json:"conditions"`
}

// System is a runner in a mode.
type System struct {
	Runner string `json:"runner" toml:"runner"`
	Mode   string `json:"mode" toml:"mode"`
}

// String gives "runner/mode".
func (s System) String() string { return s.Runner + "/" + s.Mode }

// Table fixes which cells the containers-versus-WASM table rests on.
type Table struct {
	// Workload and Language of all cells of the table.
	Workload string `json:"workload" toml:"workload"`
	Language string `json:"language" toml:"language"`
	// Containers and Wasm are the systems that stand for each side.
	Containers []System `json:"containers" toml:"containers"`
	Wasm       []System `json:"wasm" toml:"wasm"`
	// Fallback stands for containers where none of Containers is available,
	// and the table says so.
	Fallback []System `json:"fallback" toml:"fallback"`
	// Reference is the system that ratios are taken to.
	Reference System `json:"reference" toml:"reference"`
}

// Validate reports the first thing that makes the plan unusable, or nil. An
// empty plan is valid, and so is a table without cells.
func (p *Plan) Validate() error {
	switch {
	case p.Run == "":
		return fmt.Errorf("run is missing")
	case !(p.Target >= 0 && p.Target < 1):
		return fmt.Errorf("target is %v, it must be a part below 1", p.Target)
	case p.Budget < 0:
		return fmt.Errorf("budget_ns must not be negative")
	case len(p.Trials) > MaxRecords:
		return fmt.Errorf("there are %d trials, at most %d can be recorded", len(p.Trials), MaxRecords)
	}
	if err := checkSchema(p.Schema); err != nil {
		return err
	}
	for runner, share := range p.Slowed {
		if !isName(runner) || !Slowable(share) {
			return fmt.Errorf("slowed: %q by %v, it must be a runner and a share up to %d", runner, share, MaxSlowed)
		}
	}
	seen := make(map[int]bool, len(p.Trials))
	for i := range p.Trials {
		t := &p.Trials[i]
		if err := t.validate(); err != nil {
			return fmt.Errorf("trial %d: %w", t.Seq, err)
		}
		if seen[t.Seq] {
			return fmt.Errorf("trial %d is there twice", t.Seq)
		}
		seen[t.Seq] = true
	}
	return nil
}

func (t *Trial) validate() error {
	switch {
	case t.Seq < 0 || t.Block < 0 || t.Iterations < 0:
		return fmt.Errorf("seq, block and iterations must not be negative")
	case t.Duration < 0 || t.Spread < 0 || t.Deadline < 0:
		return fmt.Errorf("duration_ns, spread_ns and deadline_ns must not be negative")
	case !slices.Contains(Experiments(), t.Experiment):
		return fmt.Errorf("experiment %q is unknown", t.Experiment)
	}
	last := -1
	for _, n := range t.Steps {
		if n <= last {
			return fmt.Errorf("steps must ascend")
		}
		last = n
	}
	return t.Cell.validate()
}
