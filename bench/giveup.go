package bench

import (
	"fmt"

	"edgebench/results"
)

// giveUp takes note of a trial and gives its cell up where it has failed in the
// same way again: the cell's trials among the rest are not begun.
func (x *session) giveUp(r *results.Record, rest []results.Trial, sum *Summary, e *estimate) {
	if _, already := x.failures.GivenUp(r.Cell); already {
		return
	}
	x.failures.Add(r)
	why, up := x.failures.GivenUp(r.Cell)
	if !up {
		return
	}
	n := 0
	for _, t := range rest {
		if t.Cell == r.Cell {
			e.drop(t)
			n++
		}
	}
	sum.GivenUp += n
	x.observer.Note(fmt.Sprintf("%s: %s; %d of its trials are not begun", r.Cell, why, n))
}
