package bench

import (
	"time"

	"edgebench/results"
)

// fairShare is the part of the budget that a cell may take before the ones after it
// have had theirs: trials that take long would otherwise leave nothing to other systems.
const fairShare = 1.0 / 10

// affordable gives the cells that have a trial which the rest of the budget has time
// for. In the plan's order of specifications, each is given as many of its waiting
// trials as fit in what the ones before it leave: first up to its fair share of the
// budget, and one trial in any case, then the others.
//
// A plan lists the most important cells first. On a slow machine these get all of their
// trials, instead of too few trials of every cell.
func affordable(p *results.Plan, waiting []results.Trial, left time.Duration, e *estimate) map[results.Cell]bool {
	claims := map[results.Cell]*claim{}
	for _, t := range waiting {
		c := claims[t.Cell]
		if c == nil {
			c = &claim{one: e.one(t), spent: e.spent(t), tried: e.knows(t)}
			claims[t.Cell] = c
		}
		c.waiting++
	}
	fits := map[results.Cell]bool{}
	share := time.Duration(fairShare * float64(p.Budget))
	for _, capped := range []bool{true, false} {
		for _, s := range p.Specs {
			c := claims[s.Cell]
			for c != nil && c.waiting > 0 && c.one <= left && (!capped || !c.tried || c.spent+c.one <= share) {
				left -= c.one
				c.spent += c.one
				c.tried = true
				c.waiting--
				fits[s.Cell] = true
			}
		}
	}
	if len(fits) == 0 && left > share {
		return guessed(p.Specs, claims)
	}
	return fits
}

// claim is what a cell asks of the budget.
type claim struct {
	waiting int           // trials
	one     time.Duration // of a trial, as far as is known
	spent   time.Duration // on its trials
	tried   bool          // it has had a trial
}

// guessed gives the first cell of which it is only a guess that it takes too long: what
// it is guessed from may be much longer.
func guessed(specs []results.Spec, claims map[results.Cell]*claim) map[results.Cell]bool {
	for _, s := range specs {
		if c := claims[s.Cell]; c != nil && !c.tried {
			return map[results.Cell]bool{s.Cell: true}
		}
	}
	return nil
}
