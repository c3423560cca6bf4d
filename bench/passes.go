package bench

import (
	"slices"
	"time"

	"edgebench/results"
)

// pass takes the trials that come next from those that wait, in their order: one of each
// cell that the rest of the budget has time for, none if it has time for none. later
// are the others.
//
// A plan lists its specifications by importance. The first of them get all of their
// trials where the budget has no time for those of all: a slow machine then has figures
// with intervals for the most important cells, instead of too few trials of every cell.
func pass(specs []results.Spec, waiting []results.Trial, left time.Duration, e *estimate) (now, later []results.Trial) {
	fits := affordable(specs, waiting, left, e)
	for _, t := range waiting {
		if fits[t.Cell] {
			now, fits[t.Cell] = append(now, t), false
		} else {
			later = append(later, t)
		}
	}
	return now, later
}

// affordable gives the cells all of whose waiting trials fit in the time that is left,
// added up in the order of the specifications. If there are none, it gives those of
// which one further trial fits.
func affordable(specs []results.Spec, waiting []results.Trial, left time.Duration, e *estimate) map[results.Cell]bool {
	all, one := map[results.Cell]time.Duration{}, map[results.Cell]time.Duration{}
	for _, t := range waiting {
		one[t.Cell] = e.one(t)
		all[t.Cell] += one[t.Cell]
	}
	if fits := fill(specs, all, left); len(fits) > 0 {
		return fits
	}
	return fill(specs, one, left)
}

// fill adds up costs, in the order of the specifications, and passes over what would
// exceed the time.
func fill(specs []results.Spec, costs map[results.Cell]time.Duration, left time.Duration) map[results.Cell]bool {
	fits := map[results.Cell]bool{}
	for _, s := range specs {
		if cost, waits := costs[s.Cell]; waits && cost <= left {
			left -= cost
			fits[s.Cell] = true
		}
	}
	return fits
}

// firstBlock takes the trials of the lowest block, which begins whatever the budget.
func firstBlock(waiting []results.Trial) (now, later []results.Trial) {
	if len(waiting) == 0 {
		return nil, nil
	}
	end := slices.IndexFunc(waiting, func(t results.Trial) bool { return t.Block != waiting[0].Block })
	if end < 0 {
		end = len(waiting)
	}
	return waiting[:end], waiting[end:]
}

// specsOf are the specifications of trials, which a plan must hold.
func specsOf(trials []results.Trial) []results.Spec {
	specs := make([]results.Spec, len(trials))
	for i, t := range trials {
		specs[i] = *t.Spec
	}
	return specs
}
