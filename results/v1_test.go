package results

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// testdata/v1 was written by the first version, and is never written again.
func TestOldRunsStayReadable(t *testing.T) {
	f := mustOpen(t, filepath.Join("testdata", "v1"))
	if f.Plan.Schema != 1 || len(f.Plan.Trials()) != 3 || len(f.Records) != 2 || len(f.Warnings) != 2 {
		t.Fatalf("%d trials, %d records, warnings %q", len(f.Plan.Trials()), len(f.Records), f.Warnings)
	}
	m, ok := f.Records[0].Metric("first_response")
	if !ok || m.Unit != Seconds || m.Values[0] != 0.0000123 {
		t.Errorf("first_response is %v, %v", m, ok)
	}
	if p := f.Records[0].Phases[0]; p.Name != "instantiate" || p.Values[0] != 0.0000101 {
		t.Errorf("the phase is %v", p)
	}
	r := f.Records[1]
	if r.Outcome != Failed || r.Error != "deadline of 1s has passed" {
		t.Errorf("the second record is %s, %q", r.Outcome, r.Error)
	}
	if diff := cmp.Diff(&Stop{Reason: StopFailure, Detail: "deadline"}, r.Stop); diff != "" {
		t.Error(diff)
	}
	if at := f.Records[0].At; !at.Equal(time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)) {
		t.Errorf("at is %v", at)
	}
	if f.Environment.Host.Memory != 25275994112 || f.Plan.Deadline != 10*time.Second || f.Plan.Seed != 1<<64-1 {
		t.Errorf("memory %d, deadline %v, seed %d", f.Environment.Host.Memory, f.Plan.Deadline, f.Plan.Seed)
	}
}

// Rungs are parameters of starts, conditions are parameters, and what a trial does
// is its effort.
func TestOldPlansAreConverted(t *testing.T) {
	f := mustOpen(t, filepath.Join("testdata", "v1"))
	rewrite := Artefact{"rewrite", "c"}
	specs := []Spec{
		{Cell: Cell{System{"wazero", "compiler"}, rewrite, "coldstart", "page_cache=warm/rung=pooled"}, Trials: 1,
			Effort: []byte(`{"duration":"1s","iterations":1}`)},
		{Cell: Cell{System{"docker", "runc-bridge"}, rewrite, "density", ""}, Trials: 1,
			Effort: []byte(`{"memory_budget_mib":1024,"steps":[0,10,20]}`)},
		{Cell: Cell{System{"process", "spawn"}, rewrite, "throughput", "concurrency=2/instance=reused"}, Trials: 1,
			Effort: []byte(`{"duration":"500ms"}`)},
	}
	if diff := cmp.Diff(specs, f.Plan.Specs); diff != "" {
		t.Error(diff)
	}
	trials := []Trial{{17, 2, false, &specs[0]}, {18, 2, false, &specs[1]}, {19, 3, false, &specs[2]}}
	if diff := cmp.Diff(trials, f.Plan.Trials()); diff != "" {
		t.Error(diff)
	}
	class := func(side, what, how string, lead bool, s System) Class {
		return Class{Side: side, What: what, How: how, Lead: lead, Artefacts: []Artefact{rewrite}, Systems: []System{s}}
	}
	table := Table{Artefact: rewrite, Reference: System{"docker", "runc-bridge"}, Classes: []Class{
		class("containers", "container", "", true, System{"docker", "runc-bridge"}),
		class("containers", "container", "where the others are missing", false, System{"oci", "embedded"}),
		class("WASM", "module", "", true, System{"wazero", "compiler"}),
	}}
	if diff := cmp.Diff(table, f.Plan.Table); diff != "" {
		t.Error(diff)
	}
}

// A language is a build now, and it is said which systems an engine serves.
func TestOldEnvironmentsAreConverted(t *testing.T) {
	f := mustOpen(t, filepath.Join("testdata", "v1"))
	want := Environment{
		Schema: 1, Run: "2026-01-02T030405Z-a1b2", At: time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC),
		Host: Host{OS: "linux", Arch: "amd64", Kernel: "6.1.0", CPU: "Some Processor", Cores: 2, Memory: 25275994112,
			ClockSource: "tsc", Cgroup: "hybrid", GoVersion: "go1.26.8", Settings: map[string]string{"vm.max_map_count": "65530"}},
		Systems: []SystemState{
			{System: System{"wazero", "compiler"}, Version: "v1.12.0", Rungs: Rungs()},
			{System: System{"docker", "runc-bridge"}, Unavailable: "no daemon answers at /var/run/docker.sock: start dockerd", Engine: true},
		},
		Artefacts: []ArtefactState{{Artefact: Artefact{"rewrite", "c"}, Kind: "wasm", Size: 2048, Toolchain: "clang 14",
			SHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}},
		Command: []string{"benchrun", "run"},
	}
	if diff := cmp.Diff(want, f.Environment); diff != "" {
		t.Error(diff)
	}
}

func TestOldStopsAreConverted(t *testing.T) {
	limit := func(r Resource, text string) *Stop { return &Stop{Reason: StopLimit, Resource: r, Detail: text} }
	for text, want := range map[string]*Stop{
		"":                           nil,
		"budget of time: 5s":         {Reason: StopBudget, Resource: ResourceTime, Limit: 5},
		"budget of time: 1m30.5s":    {Reason: StopBudget, Resource: ResourceTime, Limit: 90.5},
		"budget of memory: 8192 MiB": {Reason: StopBudget, Resource: ResourceMemory, Limit: 8 << 30},
		"budget of memory: 0 MiB":    {Reason: StopBudget, Resource: ResourceMemory},
		"budget of instances: 2000":  {Reason: StopBudget, Resource: ResourceInstances, Limit: 2000},
		"budget of instances: 1e9":   {Reason: StopBudget, Detail: "budget of instances: 1e9"},
		"budget of time: -1s":        {Reason: StopBudget, Detail: "budget of time: -1s"},
		"budget of patience: 3":      {Reason: StopBudget, Detail: "budget of patience: 3"},
		"Budget spent":               {Reason: StopBudget, Detail: "Budget spent"},
		"deadline":                   {Reason: StopFailure, Detail: "deadline"},
		"instance 21845: mmap: Cannot allocate memory":             limit(ResourceMemory, "instance 21845: mmap: Cannot allocate memory"),
		"instance 1024: adding interface to bridge: exchange full": limit(ResourceBridgePorts, "instance 1024: adding interface to bridge: exchange full"),
		"instance 9: wrong response":                               {Reason: StopFailure, Detail: "instance 9: wrong response"},
	} {
		got := stopV1(text)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
		r := testRecord(0)
		r.Stop = got
		if err := r.Validate(); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// metricsOfToday are the names of metrics of the experiments that schema 1 had.
var metricsOfToday = []string{
	"artefact_size", "available_drop", "cgroup_charge", "compressed_size", "contention_probe", "empty_measurement",
	"first_response", "first_response_minimum", "instances", "iterations", "layers", "page_tables", "prepared_size",
	"pss", "request_rate", "step_time", "uncompressed_size",
}

// testdata/published-v1 is a part of a run of the default profile that was
// published in schema 1: some cells of each experiment with their trials, and the
// environment. None of that run's trials failed.
func TestPublishedRunOfSchema1(t *testing.T) {
	f := mustOpen(t, filepath.Join("testdata", "published-v1"))
	if len(f.Records) != 87 || len(f.Plan.Trials()) != 92 || f.Warnings != nil {
		t.Fatalf("%d records, %d trials, warnings %q", len(f.Records), len(f.Plan.Trials()), f.Warnings)
	}
	checkPublished(t, f)
	perExperiment, metrics := map[Experiment]int{}, map[string]bool{}
	for _, r := range f.Records {
		perExperiment[r.Experiment]++
		for _, m := range r.Metrics {
			metrics[m.Name] = true
		}
	}
	want := map[Experiment]int{"coldstart": 56, "memory": 9, "density": 6, "throughput": 11, "size": 5}
	if diff := cmp.Diff(want, perExperiment); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(metricsOfToday, slices.Sorted(maps.Keys(metrics))); diff != "" {
		t.Error(diff)
	}
	checkKnownRecords(t, f)
}

// checkKnownRecords checks some records of the published run by their numbers.
func checkKnownRecords(t *testing.T, f *Folder) {
	t.Helper()
	bySeq := map[int]Record{}
	for _, r := range f.Records {
		bySeq[r.Seq] = r
	}
	hot := bySeq[243]
	if want := (Cell{System{"wazero", "compiler"}, Artefact{"rewrite", "c"}, "coldstart", "page_cache=warm/rung=hot"}); hot.Cell != want {
		t.Errorf("trial 243 is of %s", hot.Cell)
	}
	for name, want := range map[string]float64{
		"first_response": 7.5832e-05, "first_response_minimum": 9.681e-06, "iterations": 5782, "contention_probe": 1.594e-06,
	} {
		if m, _ := hot.Metric(name); len(m.Values) == 0 || m.Values[0] != want {
			t.Errorf("%s of trial 243 is %v, want %v first", name, m.Values, want)
		}
	}
	if hot.Machine[MachineLoad] != 2.72 || hot.Machine[MachineCPUPressure] != 0.07691640500497156 {
		t.Errorf("beside trial 243: %v", hot.Machine)
	}
	for seq, want := range map[int]*Stop{
		29:  {Reason: StopBudget, Resource: ResourceInstances, Limit: 2000},
		274: {Reason: StopBudget, Resource: ResourceTime, Limit: 5},
		243: nil,
	} {
		if diff := cmp.Diff(want, bySeq[seq].Stop); diff != "" {
			t.Errorf("trial %d: %s", seq, diff)
		}
	}
	kinds := map[string]int{}
	for _, r := range f.Records {
		kinds[r.Kind]++
	}
	if diff := cmp.Diff(map[string]int{"": 82, "wasm": 2, "native": 3}, kinds); diff != "" {
		t.Error(diff)
	}
}

// checkPublished checks what is true of each record of a published run.
func checkPublished(t *testing.T, f *Folder) {
	t.Helper()
	trials := f.Plan.bySeq()
	for _, r := range f.Records {
		switch trial := trials[r.Seq]; {
		case r.Outcome != OK:
			t.Errorf("trial %d: %s: %s", r.Seq, r.Outcome, r.Error)
		case trial.Spec == nil || trial.Cell != r.Cell || trial.Block != r.Block:
			t.Errorf("trial %d is not that of the plan", r.Seq)
		case (r.Rung() != "") != (r.Experiment == "coldstart"):
			t.Errorf("trial %d of %s has the rung %q", r.Seq, r.Experiment, r.Rung())
		case (r.Stop != nil) != (r.Experiment == "memory" || r.Experiment == "density"):
			t.Errorf("trial %d of %s has the stop %v", r.Seq, r.Experiment, r.Stop)
		case r.Stop != nil && (r.Stop.Resource == "" || r.Stop.Limit <= 0):
			t.Errorf("trial %d has the stop %v", r.Seq, r.Stop)
		}
		for _, m := range r.Metrics {
			if !slices.Contains(metricsOfToday, m.Name) {
				t.Errorf("trial %d has the metric %q", r.Seq, m.Name)
			}
		}
	}
	for _, a := range f.Environment.Artefacts {
		if a.Workload == "" || a.Build == "" {
			t.Errorf("an artefact is %q in %q", a.Workload, a.Build)
		}
	}
}

// All runs that are published read without a warning, and have a report's worth of
// records.
func TestPublishedRuns(t *testing.T) {
	plans, _ := filepath.Glob(filepath.Join("reference", "*", PlanFile))
	if len(plans) == 0 {
		t.Error("no run is published")
	}
	for _, plan := range plans {
		f := mustOpen(t, filepath.Dir(plan))
		if len(f.Records) < 500 || f.Warnings != nil {
			t.Errorf("%s: %d records, warnings %q", f.Dir, len(f.Records), f.Warnings)
		}
		if f.Plan.Schema == 1 {
			checkPublished(t, f)
		}
		cells := map[Cell]int{}
		for _, r := range f.Records {
			cells[r.Cell]++
		}
		for cell := range cells {
			if _, ok := f.Plan.Planned()[cell]; !ok {
				t.Errorf("%s: cell %s is recorded but not planned", f.Dir, cell)
			}
		}
	}
}
