package reporttest

import (
	"math/rand/v2"

	"edgebench/bench/experiment/coldstart"
	"edgebench/results"
)

// Target is that of the run.
const Target = 0.05

// Adaptive is how many adaptive trials are planned for each cell that has any, and
// AdaptiveMade how many of them were made for each system of wazero's and
// wasmtime's; the others have none.
const Adaptive, AdaptiveMade = 4, 2

// watch adds the activity beside the trials. Most trials have little. A hypervisor
// took processors from two blocks of cold starts of noop and from three blocks of
// process's hot starts, which made the latter slow. Disks were busy beside all
// trials of runc. One trial of the interpreter is slow without such a cause.
func (g *generator) watch(seed uint64) {
	random := rand.New(rand.NewPCG(seed, 2)) // apart, so that figures stay what they are
	for i := range g.records {
		r := &g.records[i]
		r.Machine = map[string]float64{
			results.MachineSteal:  0.01 * random.Float64(),
			results.MachineOthers: 0.02 * random.Float64(),
			results.MachineLoad:   1 + random.Float64(),
		}
		if r.Outcome != results.OK || r.Experiment != coldstart.Name || r.Workload != "noop" || r.Build != "c" {
			continue
		}
		switch system, at := r.System.String(), [2]any{r.Rung(), r.Block}; {
		case system == "process/plain" && r.Rung() == results.Hot && (r.Block == 1 || r.Block == 4 || r.Block == 8):
			steal(r, 0.3+0.02*float64(r.Block))
			slow(r, 6)
		case system == "wazero/interpreter" && at == [2]any{results.Pooled, 3}:
			r.Machine[results.MachineSteal] = 0
			slow(r, 9)
		case system == "oci/runc" && r.Rung() == results.Hot:
			r.Machine[results.MachineIOPressure] = 0.35
		case r.Rung() == results.Cold && (r.Block == 2 || r.Block == 5):
			steal(r, 0.06*float64(r.Block))
		}
	}
}

func steal(r *results.Record, share float64) {
	r.Machine[results.MachineSteal] = share
}

func slow(r *results.Record, times float64) {
	for i := range r.Metrics[0].Values {
		r.Metrics[0].Values[i] *= times
	}
}

// adaptive plans adaptive trials of noop's cold starts and makes some of them.
func (g *generator) adaptive(seed uint64) {
	g.random = rand.New(rand.NewPCG(seed, 3))
	for block := range Adaptive {
		for _, s := range systems() {
			if s.unavailable != "" || s.rungs[2] == 0 {
				continue
			}
			s.rungs = [5]float64{2: s.rungs[2]}
			g.coldStarts(s, results.Artefact{Workload: "noop", Build: "c"}, func(c results.Cell) *results.Record {
				g.spec(c).MaxAdaptive++
				return g.record(c, Blocks+block)
			})
			if block >= AdaptiveMade || s.Runner != "wazero" && s.Runner != "wasmtime" {
				g.records = g.records[:len(g.records)-1]
				continue
			}
			g.records[len(g.records)-1].Machine = map[string]float64{results.MachineSteal: 0.001}
		}
	}
}
