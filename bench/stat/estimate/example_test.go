package estimate_test

import (
	"fmt"
	"log"
	"os"
	"time"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat"
	"edgebench/bench/stat/diagnose"
	"edgebench/bench/stat/estimate"
	"edgebench/results"
)

// Read a run, leave out what was disturbed, and print the median of each first
// response with its interval.
func Example() {
	dir := record(0.0101, 0.0099, 0.0103, 0.0100, 0.0098, 0.0102, 0.0100)
	defer os.RemoveAll(dir)

	run, err := results.Open(dir)
	if err != nil {
		log.Fatal(err)
	}
	samples, _ := stat.Group(diagnose.Retained(run.Plan, diagnose.Judge(run.Environment, run.Records)))
	for _, s := range samples.All() {
		m := estimate.Median(s)
		fmt.Printf("%s, %s, %s: %.4f %s [%.4f, %.4f] n=%d\n",
			s.System, s.Artefact, s.Rung(), m.Value, m.Unit, m.Interval.Low, m.Interval.High, m.Trials)
	}
	// Output:
	// wazero/compiler, noop in c, cold: 0.0100 sec [0.0099, 0.0102] n=7
}

// record makes the folder of a run with one cell and one trial for each time.
func record(times ...float64) string {
	cell := results.Cell{
		System:     results.System{Runner: "wazero", Mode: "compiler"},
		Artefact:   results.Artefact{Workload: "noop", Build: "c"},
		Experiment: coldstart.Name, Params: coldstart.WarmParams(results.Cold),
	}
	dir, err := os.MkdirTemp("", "run")
	if err != nil {
		log.Fatal(err)
	}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	plan := results.Plan{Schema: results.Schema, Run: "example", Specs: []results.Spec{{Cell: cell, Trials: len(times)}}}
	run, err := results.Create(dir, plan, results.Environment{Schema: results.Schema, Run: "example", At: at})
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range plan.Trials() {
		err := run.Append(results.Record{
			Schema: results.Schema, Run: "example", Seq: t.Seq, Block: t.Block, Cell: cell, At: at, Outcome: results.OK,
			Metrics: []results.Metric{{Name: coldstart.FirstResponse, Unit: results.Seconds, Values: []float64{times[t.Seq]}}},
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	if err := run.Close(); err != nil {
		log.Fatal(err)
	}
	return dir
}

// With fewer trials there is a warning in place of an interval.
func ExampleMedian() {
	s := &stat.Sample{Unit: results.Seconds, Trials: []stat.Values{{Seq: 0, Values: []float64{0.2, 0.1, 0.3}}, {Seq: 1, Values: []float64{0.4}}}}
	m := estimate.Median(s)
	fmt.Printf("%.2g %s; %s\n", m.Value, m.Unit, m.Warnings)
	// Output: 0.3 sec; need ≥ 6 trials, have 2: no interval; run more blocks
}
