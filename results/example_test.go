package results_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"edgebench/results"
)

// A run is read as a whole: its plan, its environment, and a record for each trial
// that has ended.
func ExampleOpen() {
	run, err := results.Open(filepath.Join("testdata", "v2"))
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range run.Records {
		if m, ok := r.Metric("first_response"); ok {
			fmt.Println(r.System, r.Rung(), m.Values, m.Unit)
		}
	}
	// Output:
	// wazero/compiler pooled [1.23e-05 1.01e-05] sec
	// wazero/compiler pooled [1.23e-05 1.01e-05] sec
}

// What failed is in the records too, with its reason, and what a reader should know
// is in the warnings.
func ExampleOpen_failures() {
	run, err := results.Open(filepath.Join("testdata", "v2"))
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range run.Records {
		if r.Outcome != results.OK {
			fmt.Printf("%s of %s: %s\n", r.Experiment, r.System, r.Error)
		}
		if r.Stop != nil && r.Stop.Reason == results.StopLimit {
			fmt.Printf("%s of %s ended at %s\n", r.Experiment, r.System, r.Stop.Resource)
		}
	}
	fmt.Println(run.Warnings)
	// Output:
	// density of docker/runc-bridge ended at bridge_ports
	// coldstart of docker/runc-bridge: deadline of 10s has passed
	// [trial 4 was run more than once: line 5 (failed) is superseded by line 6 (failed)]
}

// A run is written record by record, in the order of its plan.
func ExampleCreate() {
	dir, err := os.MkdirTemp("", "run-*")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	cell := results.Cell{
		System:     results.System{Runner: "wazero", Mode: "compiler"},
		Artefact:   results.Artefact{Workload: "noop", Build: "c"},
		Experiment: "coldstart",
		Params:     results.NewParams(map[string]string{results.RungParam: "hot"}),
	}
	plan := results.Plan{
		Schema: results.Schema, Run: "example", Seed: 1, Deadline: time.Minute,
		Specs: []results.Spec{{Cell: cell, Trials: 2}},
	}
	run, err := results.Create(dir, plan, results.Environment{Schema: results.Schema, Run: "example", At: time.Now()})
	if err != nil {
		log.Fatal(err)
	}
	for _, trial := range plan.Trials() {
		err := run.Append(results.Record{
			Schema: results.Schema, Run: plan.Run, Seq: trial.Seq, Block: trial.Block, Cell: trial.Cell,
			At: time.Now(), Outcome: results.OK,
			Metrics: []results.Metric{{Name: "first_response", Unit: results.Seconds, Values: []float64{6.2e-6}}},
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	if err := run.Close(); err != nil {
		log.Fatal(err)
	}

	_, _, records, err := results.Read(dir)
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range records {
		fmt.Println(r.Seq, r.Cell, r.Metrics[0].Values)
	}
	// Output:
	// 0 experiment=coldstart/runner=wazero/mode=compiler/workload=noop/build=c/rung=hot [6.2e-06]
	// 1 experiment=coldstart/runner=wazero/mode=compiler/workload=noop/build=c/rung=hot [6.2e-06]
}

// The files of a closed run are made smaller for publishing, and read as before.
func ExampleCompress() {
	dir, err := os.MkdirTemp("", "run-*")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "v2"))); err != nil {
		log.Fatal(err)
	}
	if err := results.Compress(dir); err != nil {
		log.Fatal(err)
	}
	run, err := results.Open(dir)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(run.Records), "records, resumed:")
	_, _, err = results.Resume(dir)
	fmt.Println(err == nil)
	// Output:
	// 6 records, resumed:
	// false
}

// Params tell the cells of an experiment apart.
func ExampleParams() {
	p := results.NewParams(map[string]string{results.RungParam: "cold", results.ConcurrencyParam: "4"})
	fmt.Println(p.Rung(), p.Int(results.ConcurrencyParam))
	fmt.Println(p.With(results.PageCacheParam, results.PageCacheDropped))
	// Output:
	// cold 4
	// concurrency=4, page_cache=dropped, rung=cold
}
