package bench

import (
	"fmt"
	"slices"

	"edgebench/results"
)

// giveUp takes note of a trial and gives its cell up where it has failed in the
// same way again: the cell's trials are taken from the rest, which are to be begun.
func (x *session) giveUp(r *results.Record, rest []results.Trial, sum *Summary, e *estimate) []results.Trial {
	if _, already := x.failures.GivenUp(r.Cell); already {
		return rest
	}
	x.failures.Add(r)
	why, up := x.failures.GivenUp(r.Cell)
	if !up {
		return rest
	}
	n := len(rest)
	rest = slices.DeleteFunc(rest, func(t results.Trial) bool {
		if t.Cell == r.Cell {
			e.drop(t)
		}
		return t.Cell == r.Cell
	})
	n -= len(rest)
	sum.GivenUp += n
	x.observer.Note(fmt.Sprintf("%s: %s; %d of its trials are not begun", r.Cell, why, n))
	return rest
}
