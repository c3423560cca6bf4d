package stat

import (
	"testing"

	"edgebench/results"
)

// Disturbed trials count unless there are enough others.
func TestCounted(t *testing.T) {
	cell := results.Cell{Runner: "r", Mode: "m", Workload: "w", Language: "c", Rung: results.Cold}
	p := results.Plan{}
	var records []results.Record
	for seq := range 4 {
		p.Trials = append(p.Trials, results.Trial{Seq: seq, Experiment: results.ColdStart, Cell: cell, Spare: seq == 3})
		records = append(records, results.Record{Seq: seq, Experiment: results.ColdStart, Cell: cell, Outcome: results.OK})
	}
	records[1].Disturbed = []string{"steal"}
	if n := len(Counted(p, records[:3])); n != 3 {
		t.Errorf("with two quiet trials of three, %d count", n)
	}
	if n := len(Counted(p, records)); n != 3 {
		t.Errorf("with three quiet trials of four, %d count", n)
	}
	for _, r := range Counted(p, records) {
		if r.Seq == 1 {
			t.Error("the disturbed one counts still")
		}
	}
	if s := States(p, records)[CellKey(results.ColdStart, cell, nil)]; s.Trials != 4 || s.Undisturbed != 3 || s.Failed != 0 {
		t.Errorf("the cell's state is %+v", s)
	}
}
