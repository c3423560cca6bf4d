package bench

import (
	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/registry"
	"edgebench/results"
)

// owed gives the cells that have a trial whatever the budget: for each of the user's
// programs in each system its first response, or what the plan lists first where it does
// not ask for that. It is empty when a trial of each has ended. A program may take longer
// to prepare and to start than a profile's budget foresees, and a table without it is no
// answer.
func owed(p *results.Plan, waiting []results.Trial) map[results.Cell]bool {
	if p.Own == nil {
		return nil
	}
	left := map[results.Cell]int{}
	for _, t := range waiting {
		if !t.Adaptive {
			left[t.Cell]++
		}
	}
	type program struct {
		results.System
		results.Artefact
	}
	first := map[program]results.Spec{}
	for _, s := range p.Specs {
		if d, _ := registry.Describe(s.Experiment); !d.Timed() || s.Trials == 0 {
			continue
		}
		at := program{s.System, s.Artefact}
		if known, ok := first[at]; !ok || answers(s) && !answers(known) {
			first[at] = s
		}
	}
	cells := map[results.Cell]bool{}
	for _, s := range first {
		if left[s.Cell] == s.Trials {
			cells[s.Cell] = true
		}
	}
	return cells
}

// answers says whether trials of a cell time the first response of a program.
func answers(s results.Spec) bool {
	return s.Experiment == coldstart.Name && s.Rung() == results.Cold
}
