package stat

import (
	"testing"

	"edgebench/results"
)

// Disturbed trials count unless there are enough others.
func TestCounted(t *testing.T) {
	cell := cell("r")
	p := results.Plan{Specs: []results.Spec{{Cell: cell, Trials: 3, MaxAdaptive: 1}}}
	var trials []Trial
	for seq := range 4 {
		trials = append(trials, trial(seq))
		trials[seq].Cell = cell
	}
	trials[1].Disturbances = []Disturbance{{results.MachineSteal, 0.1}}
	if n := len(Counted(p, trials[:3])); n != 3 {
		t.Errorf("with two quiet trials of three, %d count", n)
	}
	if n := len(Counted(p, trials)); n != 3 {
		t.Errorf("with three quiet trials of four, %d count", n)
	}
	for _, r := range Counted(p, trials) {
		if r.Seq == 1 {
			t.Error("the disturbed one counts still")
		}
	}
	if s := States(p, trials)[cell]; s.Trials != 4 || s.Undisturbed != 3 || s.Failed != 0 {
		t.Errorf("the cell's state is %+v", s)
	}
}
