package diagnose

import (
	"testing"

	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/stattest"
	"edgebench/results"
)

// Disturbed trials are retained unless there are enough others.
func TestRetained(t *testing.T) {
	cell := stattest.Cell("r")
	p := results.Plan{Specs: []results.Spec{{Cell: cell, Trials: 3, MaxAdaptive: 1}}}
	var trials []stat.Trial
	for seq := range 4 {
		trials = append(trials, stattest.Trial(seq))
		trials[seq].Cell = cell
	}
	trials[1].Disturbances = []stat.Disturbance{{Cause: results.MachineSteal, Share: 0.1}}
	if n := len(Retained(p, trials[:3])); n != 3 {
		t.Errorf("with two quiet trials of three, %d are retained", n)
	}
	if n := len(Retained(p, trials)); n != 3 {
		t.Errorf("with three quiet trials of four, %d are retained", n)
	}
	for _, r := range Retained(p, trials) {
		if r.Seq == 1 {
			t.Error("the disturbed one is retained")
		}
	}
	if s := States(p, trials)[cell]; s.Trials != 4 || s.Undisturbed != 3 || s.Failed != 0 {
		t.Errorf("the cell's state is %+v", s)
	}
}
