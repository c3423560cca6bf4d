package bench

import (
	"testing"
	"time"

	"edgebench/results"
)

func TestAnnounce(t *testing.T) {
	cell := func(e results.Experiment, mode string) results.Cell {
		c := fakeCell(mode)
		c.Experiment = e
		return c
	}
	p := results.Plan{Budget: 5 * time.Minute, Specs: []results.Spec{
		{Cell: cell("size", "a"), Trials: 1}, {Cell: cell("coldstart", "a"), Trials: 12, MaxAdaptive: 28},
		{Cell: cell("size", "b"), Trials: 1}, {Cell: cell("density", "a"), Trials: 6},
	}}
	if got, want := announce(p), "20 trials of 4 cells in at most 5m0s: size 2, coldstart 12, density 6"; got != want {
		t.Errorf("announced is %q, want %q", got, want)
	}
	p.Own = &results.Own{}
	if got, want := announce(p), "20 trials of 4 cells in at most 5m0s, or until each program has answered in each system: size 2, coldstart 12, density 6"; got != want {
		t.Errorf("announced is %q, want %q", got, want)
	}
	p.Own, p.Target = nil, 0.05
	if got, want := announce(p), "20 trials of 4 cells in at most 5m0s: size 2, coldstart 12, density 6; in what is left of the time up to 28 more, where intervals are wider than ±5 %"; got != want {
		t.Errorf("announced is %q, want %q", got, want)
	}
}
