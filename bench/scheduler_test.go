package bench

import (
	"testing"

	"edgebench/results"
)

// course is a plan of two cells with ten trials and two spare ones each, and
// what was measured of the former: steady scatters by less than a percent,
// wide by half.
func course(disturbed ...int) (results.Plan, []results.Record) {
	p := results.Plan{Target: 0.05, Seed: 1}
	var records []results.Record
	for block := range 12 {
		for i, mode := range []string{"steady", "wide"} {
			t := results.Trial{
				Seq: block*2 + i, Block: block, Spare: block >= 10, Experiment: results.ColdStart,
				Cell: results.Cell{Runner: "wazero", Mode: mode, Workload: "noop", Language: "c", Rung: results.Cold},
			}
			p.Trials = append(p.Trials, t)
			if t.Spare {
				continue
			}
			v := 1 + float64(block%3)*[]float64{0.005, 0.5}[i]
			records = append(records, results.Record{
				Seq: t.Seq, Block: block, Experiment: t.Experiment, Cell: t.Cell, Outcome: results.OK,
				Metrics: []results.Metric{{Name: results.FirstResponse, Unit: results.Seconds, Values: []float64{v, v, v}}},
			})
		}
	}
	for _, seq := range disturbed {
		records[seq].Disturbed = []string{"steal"}
	}
	return p, records
}

func modes(trials []results.Trial) map[string]int {
	m := map[string]int{}
	for _, t := range trials {
		m[t.Cell.Mode]++
	}
	return m
}

func TestSpareTrialsGoToTheWidest(t *testing.T) {
	p, records := course()
	s := newSpending(p, records)
	if missed, all := s.missed(); missed != 1 || all != 2 {
		t.Errorf("%d of %d cells miss the target", missed, all)
	}
	for range 2 {
		if m := modes(s.next()); m["wide"] != 1 || m["steady"] != 0 {
			t.Errorf("spare trials go to %v", m)
		}
	}
	if trials := s.next(); len(trials) != 0 {
		t.Errorf("%d spare trials more than there are", len(trials))
	}
}

func TestSpareTrialsTakeThePlaceOfDisturbedOnes(t *testing.T) {
	p, records := course(0, 2) // two of steady
	s := newSpending(p, records)
	if m := modes(s.next()); m["steady"] != 1 {
		t.Errorf("spare trials go to %v", m)
	}
	quiet := records[4]
	for seq := 20; seq < 24; seq += 2 {
		quiet.Seq = seq
		s.took(quiet)
	}
	if m := modes(s.next()); m["steady"] != 0 {
		t.Errorf("a cell with as many quiet trials as planned gets %v", m)
	}
}

func TestNoSpareTrialsForWhatFails(t *testing.T) {
	p, records := course()
	for i := range records {
		if records[i].Cell.Mode == "wide" {
			records[i].Outcome, records[i].Error, records[i].Metrics = results.Failed, "x", nil
		}
	}
	if trials := newSpending(p, records).next(); len(trials) != 0 {
		t.Errorf("a cell that fails gets %d spare trials", len(trials))
	}
}

// Cells that wait for a full pace and lack some come before wider ones.
func TestSpareTrialsGoFirstWhereFullPacesLack(t *testing.T) {
	p, records := course()
	for i := range p.Trials {
		if p.Trials[i].Cell.Mode == "steady" {
			p.Trials[i].Cell.Rung = results.Hot
		}
	}
	for i := range records {
		if records[i].Cell = p.Trials[i].Cell; records[i].Cell.Rung != results.Hot {
			continue
		}
		pace := 1.0
		if i < 6 { // three of them
			pace = 1.5
		}
		records[i].Metrics = append(records[i].Metrics, results.Metric{Name: results.Pace, Unit: results.Seconds, Values: []float64{pace}})
	}
	s := newSpending(p, records)
	list := s.needs()
	if len(list) != 2 || list[0].lacking != 3 || list[1].lacking != 0 || list[0].width >= list[1].width {
		t.Fatalf("needs are %+v", list)
	}
	full := records[8]
	for seq := range 3 {
		full.Seq = 20 + 2*seq
		s.took(full)
	}
	if list := s.needs(); len(list) != 1 || list[0].lacking != 0 {
		t.Errorf("with ten full ones needs are %+v", list)
	}
}
