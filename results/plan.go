package results

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Plan is what a run is to measure, fixed before the first trial: plan.json. It
// holds distinct specifications, how many trials each has, and the seed, from which
// the order of the trials follows (Trials). Two runs of one plan on one machine
// differ only by noise.
type Plan struct {
	Schema  int    `json:"schema"`
	Run     string `json:"run"`
	Profile string `json:"profile"`
	Seed    uint64 `json:"seed"`
	// Budget is how long the trials may take in all; none begins that would exceed it,
	// but for a first one of each of the user's programs in each system.
	Budget time.Duration `json:"budget_ns"`
	// Deadline is when a trial that has not ended is stopped and has failed.
	Deadline time.Duration `json:"deadline_ns"`
	// Target is how narrow the interval of a cold start's median is to become,
	// as a part of the median to each side; 0 for no target.
	Target float64 `json:"target,omitempty"`
	// Preparations is how often each artefact is prepared anew; 0 for the usual number.
	Preparations int `json:"preparations,omitempty"`
	// Own describes programs of the user's, nil in a run of the suite's workloads.
	Own *Own `json:"own,omitempty"`
	// Slowed gives runners whose timed operations are made longer on purpose, and by
	// which share of their time. It tests whether a comparison finds the slowdown.
	// Memory, density, sizes, and the start of the agent's process on the boot rung
	// are not slowed.
	Slowed map[string]float64 `json:"slowed,omitempty"`
	// Table says which cells stand for each side of the comparison. It is
	// fixed here, before anything is measured.
	Table Table `json:"table"`
	// Specs are the distinct specifications of trials, one for each cell, the most
	// important ones first: where the budget has no time for all trials, the last
	// ones get fewer. The order of the trials depends on their order.
	Specs []Spec `json:"specs"`

	// listed is the order of a plan of schema 1, which lists its trials.
	listed []Trial
}

// MaxSlowed is the greatest share by which a runner may be slowed.
const MaxSlowed = 10

// Slowable says whether a runner may be slowed by a share.
func Slowable(share float64) bool { return share > 0 && share <= MaxSlowed }

// Spec is what all trials of one cell have in common.
type Spec struct {
	Cell
	// Trials is the number of trials, one in each of the first blocks.
	Trials int `json:"trials"`
	// MaxAdaptive is the maximum number of adaptive trials, which are run only as
	// long as the cell needs them (see bench/stat).
	MaxAdaptive int `json:"max_adaptive,omitempty"`
	// Effort is how much of the experiment one trial does, such as iterations and
	// durations, as the experiment itself reads it.
	Effort json.RawMessage `json:"effort,omitempty"`
}

// Trial is one run of a cell in a fresh process, as planned.
type Trial struct {
	// Seq is the trial's number, its index in the order, from 0.
	Seq int
	// Block is the number of the shuffled pass that it belongs to.
	Block int
	// Adaptive trials come after all others.
	Adaptive bool
	*Spec
}

// Trials gives all trials in the order in which they are run. The plan must be
// valid.
//
// A block is one shuffled pass over the specifications that have trials left,
// and takes one trial of each. Blocks of adaptive trials come last, numbered on.
// Within block b the specifications begin in the plan's order and are permuted by
// rand.Shuffle of math/rand/v2 with the source rand.NewPCG(Seed, b), whose output
// Go keeps from version to version.
func (p *Plan) Trials() []Trial {
	if p.listed != nil {
		return slices.Clone(p.listed)
	}
	total, blocks := 0, 0
	for i := range p.Specs {
		s := &p.Specs[i]
		total += s.Trials + s.MaxAdaptive
		blocks = max(blocks, s.Trials)
	}
	trials := make([]Trial, 0, total)
	trials = p.appendBlocks(trials, Trial{}, func(s *Spec) int { return s.Trials })
	trials = p.appendBlocks(trials, Trial{Block: blocks, Adaptive: true}, func(s *Spec) int { return s.MaxAdaptive })
	for i := range trials {
		trials[i].Seq = i
	}
	return trials
}

// appendBlocks appends blocks from first on until each specification has had as
// many trials as it counts. Its time depends on the number of trials only, not on
// empty blocks, of which a hostile plan may have billions.
func (p *Plan) appendBlocks(trials []Trial, first Trial, count func(*Spec) int) []Trial {
	var left []*Spec
	for i := range p.Specs {
		left = append(left, &p.Specs[i])
	}
	for done := 0; ; done++ {
		left = slices.DeleteFunc(left, func(s *Spec) bool { return count(s) <= done })
		if len(left) == 0 {
			return trials
		}
		from := len(trials)
		for _, s := range left {
			trials = append(trials, Trial{Block: first.Block + done, Adaptive: first.Adaptive, Spec: s})
		}
		block := trials[from:]
		source := rand.New(rand.NewPCG(p.Seed, uint64(first.Block+done)))
		source.Shuffle(len(block), func(i, j int) { block[i], block[j] = block[j], block[i] })
	}
}

// Planned gives the number of trials of each cell that are not adaptive.
func (p *Plan) Planned() map[Cell]int {
	planned := make(map[Cell]int, len(p.Specs))
	for _, s := range p.Specs {
		planned[s.Cell] += s.Trials
	}
	return planned
}

// Validate reports the first thing that makes the plan unusable, or nil. An
// empty plan is valid, and so is a table without cells.
func (p *Plan) Validate() error {
	switch {
	case p.Run == "":
		return fmt.Errorf("run is missing")
	case !(p.Target >= 0 && p.Target < 1):
		return fmt.Errorf("target is %v, it must be a part below 1", p.Target)
	case p.Budget < 0 || p.Deadline < 0:
		return fmt.Errorf("budget_ns and deadline_ns must not be negative")
	}
	if err := checkSchema(p.Schema); err != nil {
		return err
	}
	for runner, share := range p.Slowed {
		if !isName(runner) || !Slowable(share) {
			return fmt.Errorf("slowed: %q by %v, it must be a runner and a share up to %d", runner, share, MaxSlowed)
		}
	}
	if p.Preparations < 0 {
		return fmt.Errorf("preparations must not be negative")
	}
	if err := p.Own.validate(); err != nil {
		return err
	}
	return p.validateSpecs()
}

func (p *Plan) validateSpecs() error {
	total := 0
	seen := make(map[Cell]bool, len(p.Specs))
	for i := range p.Specs {
		s := &p.Specs[i]
		if err := s.validate(); err != nil {
			return fmt.Errorf("spec %d: %w", i, err)
		}
		if seen[s.Cell] {
			return fmt.Errorf("spec %d: cell %s occurs twice", i, s.Cell)
		}
		seen[s.Cell] = true
		if total += s.Trials + s.MaxAdaptive; total > MaxRecords {
			return fmt.Errorf("there are more than %d trials, no more can be recorded", MaxRecords)
		}
	}
	return nil
}

// Bounds of what a spec says of its effort.
const (
	maxEffort        = 64 << 10 // bytes
	maxEffortNesting = 16
)

func (s *Spec) validate() error {
	if s.Trials < 0 || s.MaxAdaptive < 0 || s.Trials > MaxRecords || s.MaxAdaptive > MaxRecords {
		return fmt.Errorf("trials and max_adaptive must be from 0 to %d", MaxRecords)
	}
	if err := s.validateEffort(); err != nil {
		return err
	}
	return s.Cell.validate()
}

func (s *Spec) validateEffort() error {
	switch {
	case len(s.Effort) == 0:
		return nil
	case len(s.Effort) > maxEffort:
		return fmt.Errorf("effort has %d bytes, at most %d are read", len(s.Effort), maxEffort)
	case !json.Valid(s.Effort) || !bytes.HasPrefix(bytes.TrimSpace(s.Effort), []byte("{")):
		return fmt.Errorf("effort is not a JSON object")
	case nesting(s.Effort) > maxEffortNesting:
		return fmt.Errorf("effort is nested more than %d deep", maxEffortNesting)
	}
	return nil
}
