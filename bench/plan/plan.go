package plan

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"edgebench/results"
	"edgebench/runners"
)

// Values of the condition results.PageCache.
const (
	Warm    = "warm"
	Dropped = "dropped"
)

// Default is the mode that stands for a runner's default mode.
const Default = "default"

// Inventory is what this machine offers.
type Inventory struct {
	// Systems that are available.
	Systems []System
	// Workloads with their languages.
	Workloads []Workload
	// Build says whether there is an artefact of a kind that a system takes,
	// and what its instances are good for.
	Build func(workload, language string, s System) (u Use, ok bool)
	// Cores is the number of workers that stands for all cores.
	Cores int
}

// Use says what the instances of an artefact are not good for.
type Use struct {
	// Once: an instance answers one request and ends.
	Once bool
	// Alone: no two instances can live at a time, since both would listen on
	// the same port.
	Alone bool
}

// allows says whether an experiment can be done on a rung, by a number of
// workers.
func (u Use) allows(e results.Experiment, r results.Rung, workers int, m runners.Mode) bool {
	if u.Once && (r == results.Hot || r == results.Pooled && m.Parks) {
		return false // what has answered has ended, and what waits for no more can't be held
	}
	return !u.Alone || e != results.Memory && e != results.Density && workers <= 1
}

// System is an available runner in a mode.
type System struct {
	results.System
	Takes []runners.Kind
	Mode  runners.Mode
}

// Workload is a workload with its languages.
type Workload struct {
	Name      string
	Languages []string
}

// Filter narrows a configuration down; an empty list keeps all.
type Filter struct {
	Runners, Workloads, Languages []string
	Rungs                         []results.Rung
}

// Make gives the plan. It is an error when nothing is left to measure.
func Make(c Config, inv Inventory, f Filter, run string, seed uint64) (results.Plan, error) {
	p := results.Plan{
		Schema: results.Schema, Run: run, Profile: c.Profile, Seed: seed,
		Budget: time.Duration(c.Budget), Target: c.Target, Table: inv.resolve(c.Table),
	}
	var cells []planned
	for _, e := range c.Matrix {
		cells = append(cells, inv.expand(narrow(e, f), time.Duration(c.Deadline))...)
	}
	cells = unique(cells)
	if len(cells) == 0 {
		return p, ErrNothing
	}
	total := 0
	for _, c := range cells {
		total += max(c.blocks, c.most)
	}
	if total > results.MaxRecords {
		return p, fmt.Errorf("the configuration asks for %d trials, at most %d are run", total, results.MaxRecords)
	}
	p.Trials = interleave(cells, seed)
	return p, nil
}

// planned is a trial without its place, how many blocks it is part of, and up
// to how many as a spare one.
type planned struct {
	results.Trial
	blocks, most int
}

// key tells two planned trials apart.
func (p planned) key() string {
	return fmt.Sprint(p.Experiment, p.Cell, p.Conditions)
}

// unique keeps the first of those trials that several entries ask for.
func unique(all []planned) []planned {
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(p planned) bool {
		known := seen[p.key()]
		seen[p.key()] = true
		return known
	})
}

// interleave puts the trials of each block into a random order of its own.
// Blocks of spare trials come after all others.
func interleave(cells []planned, seed uint64) []results.Trial {
	blocks, most := 0, 0
	for _, c := range cells {
		blocks = max(blocks, c.blocks)
		most = max(most, c.most-c.blocks)
	}
	var trials []results.Trial
	for block := range blocks + most {
		from := len(trials)
		for _, c := range cells {
			c.Block, c.Spare = block, block >= blocks
			if block < c.blocks || c.Spare && c.blocks+block-blocks < c.most {
				trials = append(trials, c.Trial)
			}
		}
		order := rand.New(rand.NewPCG(seed, uint64(block)))
		part := trials[from:]
		order.Shuffle(len(part), func(i, j int) { part[i], part[j] = part[j], part[i] })
	}
	for i := range trials {
		trials[i].Seq = i
	}
	return trials
}

// narrow intersects an entry with a filter.
func narrow(e Entry, f Filter) Entry {
	e.Runners = intersect(e.Runners, f.Runners)
	e.Workloads = intersect(e.Workloads, f.Workloads)
	e.Languages = intersect(e.Languages, f.Languages)
	e.Rungs = intersect(e.Rungs, f.Rungs)
	return e
}

// intersect treats an empty list as all; an intersection with nothing in it is
// a list with one impossible name.
func intersect[T ~string](a, b []T) []T {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	both := slices.DeleteFunc(slices.Clone(a), func(x T) bool { return !slices.Contains(b, x) })
	if len(both) == 0 {
		return []T{""}
	}
	return both
}

func allows[T ~string](list []T, x T) bool { return len(list) == 0 || slices.Contains(list, x) }

// resolve replaces the mode "default" of the table's systems.
func (inv Inventory) resolve(t results.Table) results.Table {
	t.Containers = inv.resolveAll(t.Containers)
	t.Wasm = inv.resolveAll(t.Wasm)
	t.Fallback = inv.resolveAll(t.Fallback)
	t.Reference = inv.resolveAll([]results.System{t.Reference})[0]
	return t
}

func (inv Inventory) resolveAll(systems []results.System) []results.System {
	systems = slices.Clone(systems)
	for i, want := range systems {
		for _, s := range inv.Systems {
			if s.Runner == want.Runner && want.Mode == Default && s.Mode.Default {
				systems[i].Mode = s.Mode.Name
			}
		}
	}
	return systems
}

// expand gives all trials of an entry.
func (inv Inventory) expand(e Entry, deadline time.Duration) []planned {
	var all []planned
	for _, s := range inv.Systems {
		if !allows(e.Runners, s.Runner) || !e.allowsMode(s.Mode) {
			continue
		}
		for _, w := range inv.Workloads {
			for _, language := range w.Languages {
				if !allows(e.Workloads, w.Name) || !allows(e.Languages, language) {
					continue
				}
				if use, ok := inv.Build(w.Name, language, s); ok {
					cell := results.Cell{Runner: s.Runner, Mode: s.Mode.Name, Workload: w.Name, Language: language}
					all = append(all, inv.trials(e, s, cell, use, deadline)...)
				}
			}
		}
	}
	return all
}

func (e Entry) allowsMode(m runners.Mode) bool {
	return allows(e.Modes, m.Name) || m.Default && slices.Contains(e.Modes, Default)
}

// trials gives those of one system and one build.
func (inv Inventory) trials(e Entry, s System, cell results.Cell, use Use, deadline time.Duration) []planned {
	base := planned{blocks: e.Blocks, most: e.MaxBlocks, Trial: results.Trial{
		Experiment: e.Experiment, Deadline: deadline, Duration: time.Duration(e.Duration),
		Iterations: e.Iterations, Spread: time.Duration(e.Spread), Steps: e.Steps, MemoryBudget: e.MemoryBudget << 20,
	}}
	var all []planned
	for _, rung := range rungs(e, s) {
		cell.Rung = rung
		for _, conditions := range inv.conditions(e) {
			if conditions[results.PageCache] == Dropped && (rung == results.Pooled || rung == results.Hot) {
				continue // begins in memory: there is nothing to read
			}
			workers, _ := strconv.Atoi(conditions[results.Concurrency])
			if !use.allows(e.Experiment, rung, workers, s.Mode) {
				continue
			}
			p := base
			p.Cell, p.Conditions = cell, conditions
			if rung == results.Boot || conditions[results.PageCache] == Dropped {
				p.Iterations = min(p.Iterations, 1) // once in a process
			}
			all = append(all, p)
		}
	}
	return all
}

// rungs gives the rungs on which an experiment is done: for memory and density
// the live instance; for throughput the reused one and the fresh one, which is
// pooled where instances come from something loaded and cold where they come
// from disk.
func rungs(e Entry, s System) []results.Rung {
	var candidates []results.Rung
	switch e.Experiment {
	case results.ColdStart:
		candidates = s.Mode.Rungs
	case results.Memory, results.Density:
		candidates = []results.Rung{results.Hot}
	case results.Throughput:
		fresh := results.Pooled
		if !slices.Contains(s.Takes, runners.Wasm) {
			fresh = results.Cold
		}
		candidates = []results.Rung{results.Hot, fresh}
	case results.Size:
		candidates = []results.Rung{results.Deploy}
	}
	return slices.DeleteFunc(slices.Clone(candidates), func(r results.Rung) bool { return !allows(e.Rungs, r) })
}

// conditions gives the combinations under which a cell is measured.
func (inv Inventory) conditions(e Entry) []map[string]string {
	var all []map[string]string
	switch e.Experiment {
	case results.ColdStart:
		for _, p := range orElse(e.PageCache, Warm) {
			all = append(all, map[string]string{results.PageCache: p})
		}
	case results.Throughput:
		for _, n := range orElse(e.Concurrency, 1) {
			if n == 0 {
				n = inv.Cores
			}
			all = append(all, map[string]string{results.PageCache: Warm, results.Concurrency: strconv.Itoa(n)})
		}
	default:
		all = append(all, map[string]string{results.PageCache: Warm})
	}
	return all
}

func orElse[T any](list []T, otherwise T) []T {
	if len(list) > 0 {
		return list
	}
	return []T{otherwise}
}
