package report_test

import (
	"math"
	"strings"
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/instances"
	"edgebench/bench/experiment/registry"
	"edgebench/bench/experiment/size"
	"edgebench/bench/experiment/throughput"
	"edgebench/report"
	"edgebench/results"
)

// FuzzBuild makes plans and records of bytes: every byte is a choice.
func FuzzBuild(f *testing.F) {
	f.Add([]byte("\x08\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"), "budget", 1.5)
	f.Add([]byte(strings.Repeat("\x00\x01\x00\x02\x00\x03", 60)), "<b>\x1b[0m", -1e300)
	f.Add([]byte(strings.Repeat("\x02\x00\x00\x01", 90)), "", math.NaN())
	f.Fuzz(func(t *testing.T, choices []byte, text string, value float64) {
		c := chooser{choices: choices, text: text, value: value}
		checkTexts(t, report.Build(c.run()))
	})
}

// chooser turns bytes into a run. Without bytes left it chooses the first.
type chooser struct {
	choices []byte
	text    string
	value   float64
}

func (c *chooser) of(n int) int {
	if len(c.choices) == 0 {
		return 0
	}
	b := c.choices[0]
	c.choices = c.choices[1:]
	return int(b) % n
}

func choose[T any](c *chooser, list ...T) T { return list[c.of(len(list))] }

func (c *chooser) system() results.System {
	return results.System{Runner: choose(c, "docker", "wazero", "process", "oci", c.text), Mode: choose(c, "a", "b", c.text)}
}

func (c *chooser) values() []float64 {
	list := make([]float64, c.of(6))
	for i := range list {
		list[i] = choose(c, 1, 2, 0, 1e-9, 1e18, c.value)
	}
	return list
}

func (c *chooser) run() (results.Plan, results.Environment, []results.Record) {
	plan := results.Plan{Run: c.text, Target: choose(c, 0, 0.05, c.value), Table: results.Table{
		Artefact: results.Artefact{Workload: "w", Build: "c"}, Reference: c.system(),
		Classes: []results.Class{c.class("containers"), c.class("WASM"), c.class(c.text)},
	}}
	env := results.Environment{Systems: []results.SystemState{{System: c.system(), Unavailable: choose(c, "", c.text), Rungs: results.Rungs()[:c.of(6)]}}}
	var records []results.Record
	for len(c.choices) > 0 && len(records) < 100 {
		r := c.record()
		plan.Specs = append(plan.Specs, results.Spec{Cell: r.Cell, Trials: c.of(3), MaxAdaptive: c.of(2)})
		records = append(records, r)
	}
	return plan, env, records
}

func (c *chooser) class(side string) results.Class {
	return results.Class{Side: side, What: c.text, Lead: c.of(2) > 0, Artefacts: []results.Artefact{{Workload: "w", Build: "c"}},
		Systems: []results.System{c.system(), c.system()}}
}

func (c *chooser) record() results.Record {
	r := results.Record{
		Seq: c.of(200), Error: choose(c, "", c.text),
		Outcome: choose(c, results.OK, results.OK, results.OK, results.Failed, results.Unavailable, results.Outcome(c.text)),
		Cell: results.Cell{
			System:     c.system(),
			Artefact:   results.Artefact{Workload: choose(c, "w", c.text), Build: choose(c, "c", "c", "c+x", "+")},
			Experiment: choose(c, append(registry.Names(), results.Experiment(c.text))...),
			Params: results.NewParams(map[string]string{
				results.RungParam: choose(c, "cold", "hot", "deploy", "", c.text),
				choose(c, results.PageCacheParam, results.ConcurrencyParam, throughput.InstanceParam, c.text): choose(c, "warm", "1", "fresh", c.text),
			}),
		},
		Kind: choose(c, "", "wasm", "image", c.text),
		Stop: choose(c, nil, results.Stopped(c.text), &results.Stop{Reason: results.StopBudget, Resource: results.ResourceTime, Limit: c.value}),
	}
	for range c.of(4) {
		r.Metrics = append(r.Metrics, results.Metric{
			Name: choose(c, coldstart.FirstResponse, instances.Live, instances.PSS, instances.AvailableDrop,
				throughput.RequestRate, size.Artefact, size.Uncompressed, size.Compressed, instances.StepTime, c.text),
			Unit: choose(c, results.Seconds, results.Bytes, c.text), Values: c.values(),
		})
	}
	if c.of(2) == 1 {
		r.Machine = map[string]float64{results.MachineSteal: c.value}
	}
	if c.of(2) == 1 {
		r.Phases = r.Metrics
		r.Histograms = []results.Histogram{{Name: throughput.Latency, Scale: c.value, Encoded: c.text}}
	}
	return r
}
