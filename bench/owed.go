package bench

import "edgebench/results"

// owed gives the cells that have a trial whatever the budget: for each of the user's
// programs in each system the first one that the plan lists, as long as nothing of
// that program was timed there. A program may take longer to prepare and to start than
// a profile's budget foresees, and a table without it is no answer.
func (x *session) owed(waiting []results.Trial) map[results.Cell]bool {
	p := &x.run.Plan
	if p.Own == nil {
		return nil
	}
	left := map[results.Cell]int{}
	for _, t := range waiting {
		left[t.Cell]++
	}
	type program struct {
		results.System
		results.Artefact
	}
	begun, first := map[program]bool{}, map[program]results.Cell{}
	for _, s := range p.Specs {
		if e := x.trials.Experiments[s.Experiment]; e == nil || !e.Describe().Timed() {
			continue
		}
		at := program{s.System, s.Artefact}
		begun[at] = begun[at] || left[s.Cell] < s.Trials
		if _, ok := first[at]; !ok {
			first[at] = s.Cell
		}
	}
	cells := map[results.Cell]bool{}
	for at, cell := range first {
		if !begun[at] {
			cells[cell] = true
		}
	}
	return cells
}
