package results

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// This file is the one converter of schema 1, whose documents it reads into
// today's types. It is the only place that knows what schema 1 looked like.
//
// Schema 1 gave every cell a rung, kept parameters apart as conditions, listed
// each trial in the plan, stored a judgement of what was disturbed with the
// trial, and said in words why a trial stopped.

// cellV1 is a cell of schema 1.
type cellV1 struct {
	Runner   string `json:"runner"`
	Mode     string `json:"mode"`
	Workload string `json:"workload"`
	Language string `json:"language"`
	Rung     Rung   `json:"rung"`
}

// Names of experiments of schema 1, which it had no others of.
var experimentsV1 = []Experiment{"coldstart", "memory", "density", "throughput", "size"}

// cell converts the identity of a trial.
func (c cellV1) cell(e Experiment, conditions map[string]string) (Cell, error) {
	out := Cell{
		System:   System{Runner: c.Runner, Mode: c.Mode},
		Artefact: Artefact{Workload: c.Workload, Build: c.Language}, Experiment: e,
	}
	if !slices.Contains(experimentsV1, e) {
		return out, fmt.Errorf("experiment %q is unknown", e)
	}
	if !slices.Contains(Rungs(), c.Rung) {
		return out, fmt.Errorf("rung %q is unknown", c.Rung)
	}
	m := map[string]string{}
	for name, value := range conditions {
		// Of page caches only a start's was ever anything but warm.
		if name != PageCacheParam || e == "coldstart" {
			m[name] = value
		}
	}
	switch e {
	case "coldstart":
		m[RungParam] = string(c.Rung)
	case "throughput":
		m["instance"] = "fresh"
		if c.Rung == Hot {
			m["instance"] = "reused"
		}
	}
	out.Params = NewParams(m)
	return out, checkParams(m)
}

// recordV1 is a line of records.jsonl in schema 1. What the embedded Record
// shares with it has the same meaning.
type recordV1 struct {
	Schema     int                `json:"schema"`
	Run        string             `json:"run"`
	Seq        int                `json:"seq"`
	Block      int                `json:"block"`
	Experiment Experiment         `json:"experiment"`
	Cell       cellV1             `json:"cell"`
	At         time.Time          `json:"at"`
	Outcome    Outcome            `json:"outcome"`
	Error      string             `json:"error"`
	Metrics    []Metric           `json:"metrics"`
	Phases     []Metric           `json:"phases"`
	Histograms []Histogram        `json:"histograms"`
	Conditions map[string]string  `json:"conditions"`
	Facts      map[string]string  `json:"facts"`
	Machine    map[string]float64 `json:"machine"`
	Warnings   []string           `json:"warnings"`
}

// metricsV1 are the names of metrics that have another one now.
var metricsV1 = map[string]string{
	"first_response_least": "first_response_minimum",
	"pace":                 "contention_probe",
}

func (r recordV1) record() (Record, error) {
	cell, err := r.Cell.cell(r.Experiment, r.Conditions)
	if err != nil {
		return Record{}, err
	}
	out := Record{
		Schema: r.Schema, Run: r.Run, Seq: r.Seq, Block: r.Block, Cell: cell, Kind: r.Facts["artefact_kind"],
		At: r.At, Outcome: r.Outcome, Error: r.Error, Metrics: r.Metrics, Phases: r.Phases,
		Histograms: r.Histograms, Machine: r.Machine, Stop: stopV1(r.Facts["stopped_by"]),
	}
	for i, m := range out.Metrics {
		if name, ok := metricsV1[m.Name]; ok {
			out.Metrics[i].Name = name
		}
	}
	for _, w := range r.Warnings {
		out.Warnings = append(out.Warnings, Warning{Code: WarnOther, Text: w})
	}
	return out, nil
}

// stopV1 reads the sentences in which schema 1 named a budget, and what systems said. "" is no stop at all.
func stopV1(text string) *Stop {
	if text == "" {
		return nil
	}
	budget, ok := strings.CutPrefix(text, "budget of ")
	if !ok {
		return Stopped(text)
	}
	s := &Stop{Reason: StopBudget, Detail: text}
	resource, limit, _ := strings.Cut(budget, ": ")
	switch resource {
	case "time":
		s.Resource = ResourceTime
		if d, err := time.ParseDuration(limit); err == nil && d > 0 {
			s.Limit = d.Seconds()
		}
	case "memory":
		s.Resource = ResourceMemory
		if n, err := strconv.ParseUint(strings.TrimSuffix(limit, " MiB"), 10, 32); err == nil {
			s.Limit = float64(n << 20)
		}
	case "instances":
		s.Resource = ResourceInstances
		if n, err := strconv.ParseUint(limit, 10, 32); err == nil {
			s.Limit = float64(n)
		}
	}
	return s
}

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

func (p planV1) plan() (Plan, error) {
	out := Plan{
		Schema: p.Schema, Run: p.Run, Profile: p.Profile, Seed: p.Seed, Budget: p.Budget, Target: p.Target, Slowed: p.Slowed,
		Table: Table{
			Artefact:   Artefact{Workload: p.Table.Workload, Build: p.Table.Language},
			Containers: p.Table.Containers, Wasm: p.Table.Wasm, Fallback: p.Table.Fallback, Reference: p.Table.Reference,
		},
		listed: make([]Trial, 0, len(p.Trials)),
	}
	if len(p.Trials) > MaxRecords {
		return out, fmt.Errorf("there are %d trials, at most %d can be recorded", len(p.Trials), MaxRecords)
	}
	at := map[Cell]*Spec{}
	seen := map[int]bool{}
	for _, t := range p.Trials {
		if err := t.check(); err != nil {
			return out, fmt.Errorf("trial %d: %w", t.Seq, err)
		}
		if seen[t.Seq] {
			return out, fmt.Errorf("trial %d is there twice", t.Seq)
		}
		seen[t.Seq] = true
		cell, err := t.Cell.cell(t.Experiment, t.Conditions)
		if err != nil {
			return out, fmt.Errorf("trial %d: %w", t.Seq, err)
		}
		s := at[cell]
		if s == nil {
			s = &Spec{Cell: cell}
			at[cell] = s
			if s.Effort, err = t.effort(); err != nil {
				return out, fmt.Errorf("trial %d: %w", t.Seq, err)
			}
		}
		if t.Spare {
			s.MaxAdaptive++
		} else {
			s.Trials++
		}
		out.Deadline = max(out.Deadline, t.Deadline)
		out.listed = append(out.listed, Trial{Seq: t.Seq, Block: t.Block, Adaptive: t.Spare, Spec: s})
	}
	return out, out.collect(at)
}

// collect fills Specs from the listed trials, in the order of first mention, and
// lets these point into it.
func (p *Plan) collect(at map[Cell]*Spec) error {
	index := map[Cell]int{}
	for _, t := range p.listed {
		if _, ok := index[t.Cell]; !ok {
			index[t.Cell] = len(p.Specs)
			p.Specs = append(p.Specs, *at[t.Cell])
		}
	}
	for i, t := range p.listed {
		p.listed[i].Spec = &p.Specs[index[t.Cell]]
	}
	return nil
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

// environmentV1 is environment.json in schema 1: it called a build a language and
// did not say which systems an engine serves.
type environmentV1 struct {
	Environment
	Artefacts []struct {
		ArtefactState
		Language string `json:"language"`
	} `json:"artefacts"`
}

func (e environmentV1) environment() Environment {
	out := e.Environment
	for _, a := range e.Artefacts {
		a.Build = a.Language
		out.Artefacts = append(out.Artefacts, a.ArtefactState)
	}
	for i, s := range out.Systems {
		out.Systems[i].Engine = s.Runner == "docker" || s.Runner == "oci" && s.Mode != "embedded"
	}
	return out
}

// decodeAny reads a document of any schema: of schema 1 through its old form.
func decodeAny[Old, New any](data []byte, v *New, convert func(Old) (New, error)) error {
	var version struct {
		Schema int `json:"schema"`
	}
	if err := decode(data, &version); err != nil {
		return err
	}
	if version.Schema != 1 {
		return decode(data, v)
	}
	var old Old
	if err := decode(data, &old); err != nil {
		return err
	}
	var err error
	*v, err = convert(old)
	return err
}

func decodePlan(data []byte, p *Plan) error {
	return decodeAny(data, p, planV1.plan)
}

func decodeEnvironment(data []byte, e *Environment) error {
	return decodeAny(data, e, func(old environmentV1) (Environment, error) { return old.environment(), nil })
}
