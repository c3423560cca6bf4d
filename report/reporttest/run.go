// Package reporttest makes runs for the tests of the report and its renderers.
// Its figures are invented, seeded and plausible; they were never measured, and
// nothing but a test imports this package.
package reporttest

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/density"
	"edgebench/bench/experiment/instances"
	"edgebench/bench/experiment/memory"
	"edgebench/bench/experiment/size"
	"edgebench/bench/experiment/throughput"
	"edgebench/results"
	"edgebench/runners"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// Blocks is how many trials each cold-start cell has.
const Blocks = 10

const run = "synthetic"

// Run makes a whole run: every experiment, one failed cell, one system that is
// unavailable, disturbed trials, and adaptive ones that replace some of them.
func Run(seed uint64) (results.Plan, results.Environment, []results.Record) {
	g := &generator{random: rand.New(rand.NewPCG(seed, 1)), specs: map[results.Cell]int{}}
	g.plan = results.Plan{
		Schema: results.Schema, Run: run, Profile: "default", Seed: seed, Budget: 5 * time.Minute, Target: Target,
		Table: table(),
	}
	for _, workload := range []string{"noop", "rewrite"} {
		for range Blocks {
			for _, s := range systems() {
				g.coldStarts(s, results.Artefact{Workload: workload, Build: "c"}, g.trial)
			}
		}
	}
	for _, s := range systems() {
		g.others(s)
	}
	g.builds()
	g.watch(seed)
	g.adaptive(seed)
	return g.plan, environment(), g.numbered()
}

// table has a class for each way of running the table's artefact.
func table() results.Table {
	rewrite := results.Artefact{Workload: "rewrite", Build: "c"}
	class := func(side runners.Side, what, how string, lead bool, systems ...results.System) results.Class {
		return results.Class{Side: string(side), What: what, How: how, Lead: lead, Artefacts: []results.Artefact{rewrite}, Systems: systems}
	}
	return results.Table{
		Artefact: rewrite, Reference: results.System{Runner: "process", Mode: "plain"},
		Classes: []results.Class{
			class(runners.SideContainers, "minimal image", "Docker", true, results.System{Runner: "docker", Mode: "runc-none"}),
			class(runners.SideContainers, "minimal image", "no engine", false, results.System{Runner: "oci", Mode: "embedded"}),
			class(runners.SideContainers, "distribution image", "gVisor", false, results.System{Runner: "docker", Mode: "runsc-none"}),
			class(runners.SideWasm, "small module", "compiled ahead", true, results.System{Runner: "wazero", Mode: "compiler"},
				results.System{Runner: "wasmtime", Mode: "aot"}, results.System{Runner: "wasmer", Mode: "cranelift-aot"}),
			class(runners.SideWasm, "small module", "compiled at start", true, results.System{Runner: "wasmtime", Mode: "jit"}),
		},
	}
}

func environment() results.Environment {
	e := results.Environment{
		Schema: results.Schema, Run: run, At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Host: results.Host{OS: "linux", Arch: "amd64", Kernel: "6.1.0-32", CPU: "Example CPU @ 2.60GHz", Cores: 2,
			Memory: 8 << 30, ClockSource: "tsc", Cgroup: "v1, hybrid", GoVersion: "go1.26.8",
			Settings: map[string]string{"vm.max_map_count": "65530", "GOMAXPROCS": "2"}},
		Command: []string{"benchrun"}, Commit: "v0.1.0",
	}
	for _, s := range systems() {
		state := results.SystemState{System: s.System, Version: s.version, Released: s.released, Unavailable: s.unavailable, Engine: s.Runner == "docker"}
		for i, r := range results.Rungs() {
			if s.rungs[i] > 0 {
				state.Rungs = append(state.Rungs, r)
			}
		}
		e.Systems = append(e.Systems, state)
	}
	e.Artefacts = []results.ArtefactState{
		{Artefact: results.Artefact{Workload: "noop", Build: "c"}, Kind: "wasm", Size: 900, Toolchain: "clang 14", Flags: "-O2"},
		{Artefact: results.Artefact{Workload: "rewrite", Build: "c"}, Kind: "wasm", Size: 3100, Toolchain: "clang 14", Flags: "-O2"},
		{Artefact: results.Artefact{Workload: "rewrite", Build: "c+simd"}, Kind: "wasm", Size: 3700, Toolchain: "clang 14", Flags: "-O2 -msimd128"},
		{Artefact: results.Artefact{Workload: "rewrite", Build: "c"}, Kind: "native", Size: 23000, Toolchain: "clang 14, musl 1.2.3"},
		{Artefact: results.Artefact{Workload: "auth", Build: "go"}, Kind: "wasm", Unavailable: "build it with scripts/build-workloads.sh"},
	}
	return e
}

// generator makes records in an order that differs from the plan's.
type generator struct {
	plan    results.Plan
	records []results.Record
	random  *rand.Rand
	// specs has the index of each cell's specification in the plan.
	specs map[results.Cell]int
}

// trial plans a trial and records it as OK; the caller adds what it found.
func (g *generator) trial(c results.Cell) *results.Record {
	s := g.spec(c)
	s.Trials++
	return g.record(c, s.Trials-1)
}

func (g *generator) spec(c results.Cell) *results.Spec {
	i, known := g.specs[c]
	if !known {
		i = len(g.plan.Specs)
		g.specs[c] = i
		g.plan.Specs = append(g.plan.Specs, results.Spec{Cell: c})
	}
	return &g.plan.Specs[i]
}

func (g *generator) record(c results.Cell, block int) *results.Record {
	g.records = append(g.records, results.Record{
		Schema: results.Schema, Run: run, Block: block, Cell: c,
		Outcome: results.OK, Metrics: []results.Metric{}, Phases: []results.Metric{}, Warnings: []results.Warning{},
	})
	return &g.records[len(g.records)-1]
}

// numbered gives the records their places in the order of the plan.
func (g *generator) numbered() []results.Record {
	type place struct {
		results.Cell
		block int
	}
	seqs := map[place]int{}
	for _, t := range g.plan.Trials() {
		seqs[place{t.Cell, t.Block}] = t.Seq
	}
	for i := range g.records {
		r := &g.records[i]
		r.Seq = seqs[place{r.Cell, r.Block}]
		r.At = time.Date(2026, 1, 2, 3, 4, 5, r.Seq*1e6, time.UTC)
	}
	slices.SortFunc(g.records, func(a, b results.Record) int { return a.Seq - b.Seq })
	return g.records
}

// cell is that of a system with a workload in C.
func cell(e results.Experiment, s system, workload string, p results.Params) results.Cell {
	return results.Cell{System: s.System, Artefact: results.Artefact{Workload: workload, Build: "c"}, Experiment: e, Params: p}
}

// noise multiplies by a log-normal factor.
func (g *generator) noise(v, sigma float64) float64 {
	return v * math.Exp(g.random.NormFloat64()*sigma)
}

// coldStarts makes a trial of each rung that a system has.
func (g *generator) coldStarts(s system, artefact results.Artefact, trial func(results.Cell) *results.Record) {
	for i, rung := range results.Rungs() {
		base := s.rungs[i]
		if base == 0 {
			continue
		}
		if artefact.Workload == "noop" {
			base *= 0.8
		}
		iterations := 10
		if rung == results.Boot || s.Runner == "docker" {
			iterations = 1
		}
		c := cell(coldstart.Name, s, artefact.Workload, coldstart.WarmParams(rung))
		c.Build = artefact.Build
		r := trial(c)
		if s.Mode == "cranelift-aot" && rung == results.Pooled {
			r.Outcome, r.Error = results.Failed, "instantiate: out of bounds memory access"
			continue
		}
		centre := g.noise(base, 0.05)
		values := make([]float64, iterations)
		for j := range values {
			values[j] = g.noise(centre, 0.08)
			if g.random.Float64() < 0.03 {
				values[j] *= 2.5
			}
		}
		r.Metrics = append(r.Metrics,
			results.Metric{Name: coldstart.FirstResponse, Unit: results.Seconds, Values: values},
			results.Metric{Name: coldstart.EmptyMeasurement, Unit: results.Seconds, Values: []float64{g.noise(4e-8, 0.1)}})
		r.Phases = phases(s, rung, values)
	}
}

// phases splits the values in a fixed proportion.
func phases(s system, rung results.Rung, values []float64) []results.Metric {
	type share struct {
		name string
		part float64
	}
	var shares []share
	switch {
	case rung == results.Hot:
		return nil
	case s.Runner == "docker":
		shares = []share{{"create", 0.22}, {"start", 0.66}, {"connect", 0.02}, {"first_response", 0.08}}
	case s.Runner == "oci" || s.Runner == "process":
		shares = []share{{"spawn", 0.7}, {"entry", 0.2}, {"first_response", 0.08}}
	case rung == results.Deploy:
		shares = []share{{"read", 0.02}, {"compile", 0.8}, {"store", 0.06}, {"load", 0.04}, {"instantiate", 0.05}, {"first_call", 0.02}}
	default:
		shares = []share{{"load", 0.5}, {"instantiate", 0.3}, {"initialise", 0.05}, {"first_call", 0.1}}
	}
	var list []results.Metric
	for _, sh := range shares {
		m := results.Metric{Name: sh.name, Unit: results.Seconds}
		for _, v := range values {
			m.Values = append(m.Values, v*sh.part)
		}
		list = append(list, m)
	}
	return list
}

// others are memory, density, throughput and size of the table's workload.
func (g *generator) others(s system) {
	if s.unavailable != "" {
		r := g.trial(cell(size.Name, s, "rewrite", ""))
		r.Outcome, r.Error = results.Unavailable, s.unavailable
		return
	}
	sizes(g.trial(cell(size.Name, s, "rewrite", "")), s.size)
	for range 6 {
		g.live(memory.Name, s, []int{8, 16, 32, 64, 128})
		for _, workers := range []int{1, 2} {
			g.throughput(cell(throughput.Name, s, "rewrite", throughput.Params(throughput.Reused, workers)), s.rungs[4])
			if fresh := s.rungs[3]; fresh > 0 {
				g.throughput(cell(throughput.Name, s, "rewrite", throughput.Params(throughput.Fresh, workers)), fresh)
			}
		}
	}
	for range 2 {
		g.live(density.Name, s, []int{1, 10, 100, 500, 1000, 2000})
	}
}

// live adds instances in steps up to what the system carries.
func (g *generator) live(e results.Experiment, s system, steps []int) {
	r := g.trial(cell(e, s, "rewrite", ""))
	var live, pss, tables, kernel, cgroup, drop, times []float64
	each := 2 * s.rungs[2]
	last := 0
	for _, n := range append([]int{0}, steps...) {
		n = min(n, s.most)
		live = append(live, float64(n))
		pss = append(pss, g.noise(12e6+0.8*s.memory*float64(n), 0.002))
		tables = append(tables, g.noise(2e5+0.03*s.memory*float64(n), 0.002))
		kernel = append(kernel, 0.15*s.memory*float64(n))
		cgroup = append(cgroup, 0.4*s.memory*float64(n))
		drop = append(drop, s.memory*float64(n)+g.random.NormFloat64()*3e5)
		times = append(times, g.noise(each*float64(n-last)+1e-5, 0.05))
		if last = n; n == s.most {
			break
		}
	}
	r.Metrics = []results.Metric{
		{Name: instances.Live, Unit: results.Count, Values: live},
		{Name: instances.PSS, Unit: results.Bytes, Values: pss},
		{Name: instances.PageTables, Unit: results.Bytes, Values: tables},
		{Name: instances.AvailableDrop, Unit: results.Bytes, Values: drop},
		{Name: instances.StepTime, Unit: results.Seconds, Values: times},
	}
	if s.Runner == "docker" || s.Runner == "oci" {
		r.Metrics = append(r.Metrics, results.Metric{Name: instances.CgroupCharge, Unit: results.Bytes, Values: cgroup})
	}
	if e == memory.Name {
		r.Metrics = append(r.Metrics, results.Metric{Name: instances.KernelMemory, Unit: results.Bytes, Values: kernel})
	}
	if e == density.Name {
		g.probed(r, s, len(live))
	}
	stop := s.stop
	if e == memory.Name {
		stop = results.Stop{Reason: results.StopBudget, Resource: results.ResourceInstances, Limit: 128}
	}
	r.Stop = &stop
}

// probed adds what a density trial records of its probe and of the node's memory. A
// runtime that reserves address space ends its first process.
func (g *generator) probed(r *results.Record, s system, steps int) {
	var p99, requests []float64
	for range steps - 1 {
		p99 = append(p99, 3*s.rungs[4])
		requests = append(requests, 100)
	}
	r.Metrics = append(r.Metrics,
		results.Metric{Name: density.ProbeP99, Unit: results.Seconds, Values: p99},
		results.Metric{Name: density.ProbeRequests, Unit: results.Count, Values: requests},
		results.Metric{Name: density.ProbeRight, Unit: results.Count, Values: requests},
		results.Metric{Name: density.UsableMemory, Unit: results.Bytes, Values: []float64{20 << 30}})
	if s.Runner == "wasmtime" {
		r.Metrics = append(r.Metrics, results.Metric{Name: density.PerProcess, Unit: results.Count, Values: []float64{1200}})
		r.ProcessStop = &results.Stop{Reason: results.StopLimit, Resource: results.ResourceMaps, Setting: "vm.max_map_count", Limit: 65_530, Used: 65_529}
	}
}

func (g *generator) throughput(c results.Cell, each float64) {
	r := g.trial(c)
	workers := c.Params.Int(results.ConcurrencyParam)
	h := hdr.New(1, 60e9, 3)
	for range 5000 {
		if err := h.RecordValue(int64(g.noise(each, 0.3) * 1e9)); err != nil {
			panic(err) // an invented figure is out of the histogram's range
		}
	}
	encoded, err := h.Encode(hdr.V2CompressedEncodingCookieBase)
	if err != nil {
		panic(err)
	}
	rate := g.noise(float64(workers)*0.95/each, 0.04)
	r.Metrics = []results.Metric{{Name: throughput.RequestRate, Unit: results.RequestsPerSecond, Values: []float64{rate}}}
	r.Histograms = []results.Histogram{{Name: throughput.Latency, Unit: results.Seconds, Scale: 1e-9, Encoded: string(encoded)}}
}
