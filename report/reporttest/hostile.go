package reporttest

import (
	"math"
	"strings"
	"time"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/density"
	"edgebench/bench/experiment/instances"
	"edgebench/bench/experiment/registry"
	"edgebench/bench/experiment/size"
	"edgebench/bench/experiment/throughput"
	"edgebench/results"
	"edgebench/runners"
)

// Hostile makes a run as an attacker would write it: markup, escape sequences,
// right-to-left text, formulas, absurd numbers, unknown words, duplicate records,
// and inconsistent documents.
func Hostile() (results.Plan, results.Environment, []results.Record) {
	const markup = `<script>alert("x")</script>`
	const escape = "\x1b[31mred\x07\r\n\u202etfel"
	names := []string{markup, escape, "=1+1", strings.Repeat("long", 100), "a/b c", "\xff\xfe", "漢字"}
	plan := results.Plan{
		Run: escape, Profile: markup, Budget: -time.Second, Target: math.SmallestNonzeroFloat64,
		Table: results.Table{
			Artefact: results.Artefact{Workload: markup, Build: escape},
			Classes: []results.Class{
				{Side: "containers", What: markup, How: escape, Lead: true,
					Artefacts: []results.Artefact{{Workload: markup, Build: escape}, {}},
					Systems:   []results.System{{Runner: "docker", Mode: markup}, {Runner: "nobody", Mode: "none"}}},
				{Side: string(runners.SideWasm), What: escape,
					Artefacts: []results.Artefact{{Workload: markup, Build: escape}},
					Systems:   []results.System{{Runner: "wazero", Mode: escape}}},
				{Side: escape},
			},
			Reference: results.System{Runner: "docker", Mode: markup},
		},
	}
	env := results.Environment{
		Run: markup, Command: []string{markup, escape}, Commit: escape,
		Host: results.Host{OS: markup, CPU: escape, Cores: -1, Memory: math.MaxUint64, Settings: map[string]string{markup: escape}},
		Systems: []results.SystemState{
			{System: results.System{Runner: "docker", Mode: "gone"}, Unavailable: escape + markup},
			{},
		},
		Artefacts: []results.ArtefactState{{Artefact: results.Artefact{Workload: markup, Build: escape}, Unavailable: markup}},
	}
	var records []results.Record
	for i, name := range names {
		for j, e := range append(registry.Names(), results.Experiment(markup)) {
			records = append(records, hostileRecord(i*10+j, e, name, names))
		}
	}
	for _, rung := range append(results.Rungs(), "no such rung") {
		r := hostileRecord(1, coldstart.Name, markup, names)
		r.System, r.Artefact = results.System{Runner: "docker", Mode: markup}, results.Artefact{Workload: markup, Build: escape}
		r.Params = coldstart.WarmParams(rung)
		records = append(records, r, r)
	}
	records = append(records,
		results.Record{},
		results.Record{Outcome: results.Failed, Error: escape + strings.Repeat("x", 10000)},
		results.Record{Outcome: "no such outcome", Cell: results.Cell{Experiment: density.Name}},
		results.Record{Outcome: results.Unavailable, Cell: results.Cell{System: results.System{Runner: "wazero", Mode: escape}}, Error: markup},
	)
	plan.Specs = []results.Spec{{MaxAdaptive: 3}, {Trials: 1, Cell: results.Cell{Params: markup + "/=/" + escape}}}
	for i, r := range records {
		plan.Specs = append(plan.Specs, results.Spec{Cell: r.Cell, Trials: (i + 1) % 2, MaxAdaptive: i % 2})
	}
	return plan, env, records
}

func hostileRecord(seq int, e results.Experiment, name string, names []string) results.Record {
	r := results.Record{
		Run: name, Seq: seq, Block: -1, Outcome: results.OK, Kind: name,
		Cell: results.Cell{
			System: results.System{Runner: name, Mode: name}, Artefact: results.Artefact{Workload: name, Build: name}, Experiment: e,
			Params: results.NewParams(map[string]string{name: name, results.ConcurrencyParam: name, results.RungParam: string(results.Rungs()[seq%5])}),
		},
		Stop:     &results.Stop{Reason: results.StopReason(name), Resource: results.Resource(name), Limit: math.Inf(1), Detail: name},
		Warnings: []results.Warning{{Code: name, Text: name}},
		Machine:  map[string]float64{name: math.NaN(), results.MachineSteal: math.Inf(1), results.MachineOthers: -1, results.MachineThrottled: math.MaxFloat64},
	}
	values := [][]float64{{0}, {1e18, 1e-18}, {math.NaN()}, {math.Inf(1)}, {-1}, nil, {math.MaxFloat64, 5e-324}, {1, 2, 3}}
	for i, metric := range []string{
		coldstart.FirstResponse, instances.Live, instances.PSS, instances.AvailableDrop,
		throughput.RequestRate, size.Artefact, instances.StepTime, name,
	} {
		r.Metrics = append(r.Metrics, results.Metric{Name: metric, Unit: names[(seq+i)%len(names)], Values: values[(seq+i)%len(values)]})
	}
	r.Phases = append(r.Metrics, results.Metric{Name: name, Unit: results.Seconds, Values: []float64{1e18}})
	r.Histograms = []results.Histogram{{Name: throughput.Latency, Unit: name, Scale: math.NaN(), Encoded: name}}
	return r
}
