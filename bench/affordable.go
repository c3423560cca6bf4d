package bench

import (
	"time"

	"edgebench/results"
)

// affordable gives the cells that have a trial which the rest of the budget has time
// for. In the plan's order of specifications, each is given as many of its waiting
// trials as fit in what the ones before it leave.
//
// A plan lists the most important cells first. On a slow machine these get all of their
// trials, instead of too few trials of every cell.
func affordable(p *results.Plan, waiting []results.Trial, left time.Duration, e *estimate) map[results.Cell]bool {
	count, one := map[results.Cell]int{}, map[results.Cell]time.Duration{}
	for _, t := range waiting {
		if count[t.Cell] == 0 {
			one[t.Cell] = e.one(t)
		}
		count[t.Cell]++
	}
	fits := map[results.Cell]bool{}
	for _, s := range p.Specs {
		n, takes := count[s.Cell], one[s.Cell]
		for ; n > 0 && takes <= left; n-- {
			left -= takes
			fits[s.Cell] = true
		}
	}
	if len(fits) == 0 && left > p.Budget/10 {
		return guessed(p.Specs, waiting, e)
	}
	return fits
}

// guessed gives the first cell of which it is only a guess that it takes too long: what
// it is guessed from may be much longer.
func guessed(specs []results.Spec, waiting []results.Trial, e *estimate) map[results.Cell]bool {
	unknown := map[results.Cell]bool{}
	for _, t := range waiting {
		unknown[t.Cell] = !e.knows(t)
	}
	for _, s := range specs {
		if unknown[s.Cell] {
			return map[results.Cell]bool{s.Cell: true}
		}
	}
	return nil
}
