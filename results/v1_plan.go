package results

import (
	"encoding/json"
	"fmt"
	"time"
)

// planV1 is plan.json in schema 1.
type planV1 struct {
	Schema  int                `json:"schema"`
	Run     string             `json:"run"`
	Profile string             `json:"profile"`
	Seed    uint64             `json:"seed"`
	Budget  time.Duration      `json:"budget_ns"`
	Target  float64            `json:"target"`
	Slowed  map[string]float64 `json:"slowed"`
	Table   tableV1            `json:"table"`
	Trials  []trialV1          `json:"trials"`
}

type tableV1 struct {
	Workload   string   `json:"workload"`
	Language   string   `json:"language"`
	Containers []System `json:"containers"`
	Wasm       []System `json:"wasm"`
	Fallback   []System `json:"fallback"`
	Reference  System   `json:"reference"`
}

// trialV1 is a trial as the plan of schema 1 listed it.
type trialV1 struct {
	Seq          int               `json:"seq"`
	Block        int               `json:"block"`
	Experiment   Experiment        `json:"experiment"`
	Cell         cellV1            `json:"cell"`
	Spare        bool              `json:"spare"`
	Iterations   int               `json:"iterations"`
	Spread       time.Duration     `json:"spread_ns"`
	Duration     time.Duration     `json:"duration_ns"`
	Deadline     time.Duration     `json:"deadline_ns"`
	Steps        []int             `json:"steps"`
	MemoryBudget uint64            `json:"memory_budget_bytes"`
	Conditions   map[string]string `json:"conditions"`
}

// effort gives what a trial did in the words of today's experiments, for a
// reader: runs of schema 1 are never resumed.
func (t trialV1) effort() (json.RawMessage, error) {
	m := map[string]any{}
	if t.Iterations > 0 {
		m["iterations"] = t.Iterations
	}
	for name, d := range map[string]time.Duration{"spread": t.Spread, "duration": t.Duration} {
		if d > 0 {
			m[name] = d.String()
		}
	}
	if len(t.Steps) > 0 {
		m["steps"] = t.Steps
	}
	if t.MemoryBudget > 0 {
		m["memory_budget_mib"] = t.MemoryBudget >> 20
	}
	if len(m) == 0 {
		return nil, nil
	}
	return json.Marshal(m)
}

// table converts: each side becomes a class, and what stood in for containers a
// class of its own.
func (t tableV1) table() Table {
	a := Artefact{Workload: t.Workload, Build: t.Language}
	out := Table{Artefact: a, Reference: t.Reference}
	for _, c := range []Class{
		{Side: "containers", What: "container", Lead: true, Systems: t.Containers},
		{Side: "containers", What: "container", How: "where the others are missing", Systems: t.Fallback},
		{Side: "WASM", What: "module", Lead: true, Systems: t.Wasm},
	} {
		if len(c.Systems) > 0 {
			c.Artefacts = []Artefact{a}
			out.Classes = append(out.Classes, c)
		}
	}
	return out
}

// plan converts: trials of one cell make a specification, and the order is kept as
// it was listed.
func (p planV1) plan() (Plan, error) {
	out := Plan{
		Schema: p.Schema, Run: p.Run, Profile: p.Profile, Seed: p.Seed, Budget: p.Budget, Target: p.Target, Slowed: p.Slowed,
		Table: p.Table.table(),
	}
	if len(p.Trials) > MaxRecords {
		return out, fmt.Errorf("there are %d trials, at most %d can be recorded", len(p.Trials), MaxRecords)
	}
	specs := make([]int, len(p.Trials)) // the index of each trial's
	index := map[Cell]int{}
	seen := map[int]bool{}
	for i, t := range p.Trials {
		s, err := t.spec()
		if err != nil {
			return out, fmt.Errorf("trial %d: %w", t.Seq, err)
		}
		if seen[t.Seq] {
			return out, fmt.Errorf("trial %d occurs twice", t.Seq)
		}
		seen[t.Seq] = true
		at, ok := index[s.Cell]
		if !ok {
			at = len(out.Specs)
			index[s.Cell] = at
			out.Specs = append(out.Specs, s)
		}
		specs[i] = at
		out.Deadline = max(out.Deadline, t.Deadline)
	}
	out.list(p.Trials, specs)
	return out, nil
}

// list keeps the order of trials, whose specifications have the given indices, and
// counts them.
func (p *Plan) list(trials []trialV1, specs []int) {
	p.listed = make([]Trial, len(trials))
	for i, t := range trials {
		s := &p.Specs[specs[i]]
		p.listed[i] = Trial{Seq: t.Seq, Block: t.Block, Adaptive: t.Spare, Spec: s}
		if t.Spare {
			s.MaxAdaptive++
		} else {
			s.Trials++
		}
	}
}

// spec gives the specification of a trial, without its count.
func (t trialV1) spec() (s Spec, err error) {
	if err := t.check(); err != nil {
		return s, err
	}
	if s.Cell, err = t.Cell.cell(t.Experiment, t.Conditions); err != nil {
		return s, err
	}
	s.Effort, err = t.effort()
	return s, err
}

func (t trialV1) check() error {
	switch {
	case t.Seq < 0 || t.Block < 0 || t.Iterations < 0:
		return fmt.Errorf("seq, block and iterations must not be negative")
	case t.Duration < 0 || t.Spread < 0 || t.Deadline < 0:
		return fmt.Errorf("duration_ns, spread_ns and deadline_ns must not be negative")
	}
	last := -1
	for _, n := range t.Steps {
		if n <= last {
			return fmt.Errorf("steps must ascend")
		}
		last = n
	}
	return nil
}
