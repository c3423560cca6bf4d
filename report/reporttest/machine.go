package reporttest

import (
	"fmt"
	"math/rand/v2"

	"edgebench/results"
)

// Target is that of the run.
const Target = 0.05

// Spares is how many spare trials are planned for each cell that has any, and
// SparesMade how many of them were made for each system of wazero's and
// wasmtime's; the others have none.
const Spares, SparesMade = 4, 2

// watch adds what went on beside the trials: nothing much beside most; a
// hypervisor that took processors from two blocks of cold starts of noop, from
// three of process's hot ones, which that made slow, and disks that were busy
// beside all of runc's. One trial of the interpreter's is slow for no such
// reason.
func (g *generator) watch(seed uint64) {
	random := rand.New(rand.NewPCG(seed, 2)) // apart, so that figures stay what they are
	for i := range g.records {
		r := &g.records[i]
		r.Machine = map[string]float64{
			results.MachineSteal:  0.01 * random.Float64(),
			results.MachineOthers: 0.02 * random.Float64(),
			results.MachineLoad:   1 + random.Float64(),
		}
		if r.Outcome != results.OK || r.Experiment != results.ColdStart || r.Cell.Workload != "noop" || r.Cell.Language != "c" {
			continue
		}
		switch system, at := r.Cell.System(), [2]any{r.Cell.Rung, r.Block}; {
		case system == "process/plain" && r.Cell.Rung == results.Hot && (r.Block == 1 || r.Block == 4 || r.Block == 8):
			steal(r, 0.3+0.02*float64(r.Block))
			slow(r, 6)
		case system == "wazero/interpreter" && at == [2]any{results.Pooled, 3}:
			r.Machine[results.MachineSteal] = 0
			slow(r, 9)
		case system == "oci/runc" && r.Cell.Rung == results.Hot:
			r.Machine[results.MachineIOPressure] = 0.35
			r.Disturbed = []string{"tasks waited for disks for 35 % of the time"}
		case r.Cell.Rung == results.Cold && (r.Block == 2 || r.Block == 5):
			steal(r, 0.06*float64(r.Block))
		}
	}
}

func steal(r *results.Record, share float64) {
	r.Machine[results.MachineSteal] = share
	r.Disturbed = []string{fmt.Sprintf("the hypervisor took %.0f %% of the processors", share*100)}
}

func slow(r *results.Record, times float64) {
	for i := range r.Metrics[0].Values {
		r.Metrics[0].Values[i] *= times
	}
}

// spares plans spare trials of noop's cold starts and makes some of them.
func (g *generator) spares(seed uint64) {
	g.random = rand.New(rand.NewPCG(seed, 3))
	for block := range Spares {
		for _, s := range systems() {
			if s.unavailable != "" || s.rungs[2] == 0 {
				continue
			}
			from := len(g.plan.Trials)
			s.rungs = [5]float64{2: s.rungs[2]}
			g.coldStarts(s, "noop", Blocks+block)
			g.plan.Trials[from].Spare = true
			if block >= SparesMade || s.Runner != "wazero" && s.Runner != "wasmtime" {
				g.records = g.records[:len(g.records)-1]
				continue
			}
			g.records[len(g.records)-1].Machine = map[string]float64{results.MachineSteal: 0.001}
		}
	}
}
