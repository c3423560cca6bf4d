package results

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// This file and its neighbours v1_….go are the one converter of schema 1, whose
// documents they read into today's types. Nothing else knows what schema 1 looked
// like. What is converted keeps Schema 1 and is never written.
//
// Schema 1 gave every cell a rung, kept parameters apart as conditions, listed
// each trial in the plan, stored with each trial whether it was disturbed, and said
// in words why a trial stopped.

// cellV1 is a cell of schema 1.
type cellV1 struct {
	Runner   string `json:"runner"`
	Mode     string `json:"mode"`
	Workload string `json:"workload"`
	Language string `json:"language"`
	Rung     Rung   `json:"rung"`
}

// Names of all experiments of schema 1.
var experimentsV1 = []Experiment{"coldstart", "memory", "density", "throughput", "size"}

// cell converts the identity of a trial. Two cells of a plan stay two: beside the
// reused instance of the hot rung, a system had fresh ones on the pooled or on the
// cold rung, never on both.
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

// recordV1 is a line of records.jsonl in schema 1. Members that a Record has too
// have the same meaning.
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

// record converts a record. Disturbances are dropped, because they are derived anew
// from Machine.
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

// stopV1 reads the words in which schema 1 said why a trial added no more
// instances; "" is no stop at all.
func stopV1(text string) *Stop {
	if text == "" {
		return nil
	}
	if budget, ok := strings.CutPrefix(text, "budget of "); ok {
		resource, words, _ := strings.Cut(budget, ": ")
		if limit, ok := budgetV1(Resource(resource), words); ok {
			return &Stop{Reason: StopBudget, Resource: Resource(resource), Limit: limit}
		}
	}
	if strings.HasPrefix(strings.ToLower(text), "budget") {
		return &Stop{Reason: StopBudget, Detail: text}
	}
	return Stopped(text)
}

// budgetV1 reads the size of a budget: "5s" of time, "1024 MiB" of memory, "2000"
// instances.
func budgetV1(r Resource, words string) (limit float64, ok bool) {
	switch r {
	case ResourceTime:
		d, err := time.ParseDuration(words)
		return d.Seconds(), err == nil && d >= 0
	case ResourceMemory:
		n, err := strconv.ParseUint(strings.TrimSuffix(words, " MiB"), 10, 32)
		return float64(n << 20), err == nil
	case ResourceInstances:
		n, err := strconv.ParseUint(words, 10, 32)
		return float64(n), err == nil
	}
	return 0, false
}
