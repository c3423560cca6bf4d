package reporttest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"edgebench/results"
)

// Many makes a run of at least so many cells, cold starts of as many workloads as that
// takes, each with so many trials.
func Many(cells, trials int) (results.Plan, results.Environment, []results.Record) {
	g := &generator{random: rand.New(rand.NewPCG(7, 1)), specs: map[results.Cell]int{}}
	g.plan = results.Plan{Schema: results.Schema, Run: run, Profile: "default", Seed: 7, Budget: time.Hour, Target: Target, Table: table()}
	for i := 0; len(g.specs) < cells; i++ {
		workload := results.Artefact{Workload: fmt.Sprintf("workload%d", i), Build: "c"}
		if i == 0 {
			workload = g.plan.Table.Artefact
		}
		for range trials {
			for _, s := range systems() {
				g.coldStarts(s, workload, g.trial)
			}
		}
	}
	return g.plan, environment(), g.numbered()
}
