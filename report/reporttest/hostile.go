package reporttest

import (
	"math"
	"strings"
	"time"

	"edgebench/results"
)

// Hostile makes a run as an enemy would write it: markup, escape sequences,
// text that runs backwards, formulas, absurd numbers, unknown words, records
// that are there twice, and nothing that fits together.
func Hostile() (results.Plan, results.Environment, []results.Record) {
	const markup = `<script>alert("x")</script>`
	const escape = "\x1b[31mred\x07\r\n\u202etfel"
	names := []string{markup, escape, "=1+1", strings.Repeat("long", 100), "a/b c", "\xff\xfe", "漢字"}
	plan := results.Plan{
		Run: escape, Profile: markup, Budget: -time.Second, Target: math.SmallestNonzeroFloat64,
		Table: results.Table{
			Workload: markup, Language: escape,
			Containers: []results.System{{Runner: "docker", Mode: markup}, {Runner: "nobody", Mode: "none"}},
			Wasm:       []results.System{{Runner: "wazero", Mode: escape}},
			Reference:  results.System{Runner: "docker", Mode: markup},
		},
	}
	env := results.Environment{
		Run: markup, Command: []string{markup, escape}, Commit: escape,
		Host: results.Host{OS: markup, CPU: escape, Cores: -1, Memory: math.MaxUint64, Settings: map[string]string{markup: escape}},
		Systems: []results.SystemState{
			{System: results.System{Runner: "docker", Mode: "gone"}, Unavailable: escape + markup},
			{},
		},
		Artefacts: []results.ArtefactState{{Workload: markup, Language: escape, Unavailable: markup}},
	}
	var records []results.Record
	for i, name := range names {
		for j, e := range append(results.Experiments(), results.Experiment(markup)) {
			records = append(records, hostileRecord(i*10+j, e, name, names))
		}
	}
	for _, rung := range append(results.Rungs(), "no such rung") {
		r := hostileRecord(1, results.ColdStart, markup, names)
		r.Cell = results.Cell{Runner: "docker", Mode: markup, Workload: markup, Language: escape, Rung: rung}
		records = append(records, r, r)
	}
	records = append(records,
		results.Record{},
		results.Record{Outcome: results.Failed, Error: escape + strings.Repeat("x", 10000)},
		results.Record{Outcome: "no such outcome", Experiment: results.Density},
		results.Record{Outcome: results.Unavailable, Cell: results.Cell{Runner: "wazero", Mode: escape}, Error: markup},
	)
	plan.Trials = []results.Trial{{Seq: -5, Steps: []int{math.MinInt, 0}}, {Seq: 1, Steps: []int{math.MaxInt}, Conditions: map[string]string{markup: escape}}}
	for i, r := range records {
		plan.Trials = append(plan.Trials, results.Trial{Seq: i, Spare: i%2 == 0, Experiment: r.Experiment, Cell: r.Cell, Conditions: r.Conditions})
	}
	return plan, env, records
}

func hostileRecord(seq int, e results.Experiment, name string, names []string) results.Record {
	r := results.Record{
		Run: name, Seq: seq, Block: -1, Experiment: e, Outcome: results.OK,
		Cell:       results.Cell{Runner: name, Mode: name, Workload: name, Language: name, Rung: results.Rungs()[seq%5]},
		Conditions: map[string]string{name: name, results.Concurrency: name},
		Facts:      map[string]string{"stopped_by": name},
		Warnings:   []string{name},
		Machine:    map[string]float64{name: math.NaN(), results.MachineSteal: math.Inf(1), results.MachineOthers: -1},
		Disturbed:  []string{name, "99999999999999999999 of " + name, ""},
	}
	values := [][]float64{{0}, {1e18, 1e-18}, {math.NaN()}, {math.Inf(1)}, {-1}, nil, {math.MaxFloat64, 5e-324}, {1, 2, 3}}
	for i, metric := range []string{
		results.FirstResponse, results.Instances, results.ProportionalSetSize, results.AvailableDrop,
		results.RequestRate, results.ArtefactSize, results.StepTime, name,
	} {
		r.Metrics = append(r.Metrics, results.Metric{Name: metric, Unit: names[(seq+i)%len(names)], Values: values[(seq+i)%len(values)]})
	}
	r.Phases = append(r.Metrics, results.Metric{Name: name, Unit: results.Seconds, Values: []float64{1e18}})
	r.Histograms = []results.Histogram{{Name: results.Latency, Unit: name, Scale: math.NaN(), Encoded: name}}
	return r
}
