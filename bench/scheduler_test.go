package bench

import (
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat/diagnose"
	"edgebench/results"
)

// steadyAndWide is a plan of two cells on a rung with ten trials and two adaptive
// ones each, and what was measured of the former: steady scatters by less than a
// percent, wide by half.
func steadyAndWide(steady results.Rung, disturbed ...int) (results.Plan, []results.Record) {
	p := results.Plan{Target: 0.05, Seed: 1}
	for mode, rung := range map[string]results.Rung{"steady": steady, "wide": results.Cold} {
		p.Specs = append(p.Specs, results.Spec{Trials: 10, MaxAdaptive: 2, Cell: results.Cell{
			System: results.System{Runner: "wazero", Mode: mode}, Artefact: results.Artefact{Workload: "noop", Build: "c"},
			Experiment: coldstart.Name, Params: coldstart.WarmParams(rung),
		}})
	}
	var records []results.Record
	for _, t := range p.Trials() {
		if t.Adaptive {
			continue
		}
		v := 1 + float64(t.Block%3)*map[string]float64{"steady": 0.005, "wide": 0.5}[t.Mode]
		records = append(records, results.Record{
			Seq: t.Seq, Block: t.Block, Cell: t.Cell, Outcome: results.OK,
			Metrics: []results.Metric{{Name: coldstart.FirstResponse, Unit: results.Seconds, Values: []float64{v, v, v}}},
		})
	}
	for _, n := range disturbed {
		nth(records, "steady", n).Machine = map[string]float64{results.MachineSteal: 0.5}
	}
	return p, records
}

// nth is the n-th record of a mode.
func nth(records []results.Record, mode string, n int) *results.Record {
	for i := range records {
		if records[i].Mode == mode {
			if n == 0 {
				return &records[i]
			}
			n--
		}
	}
	return nil
}

func modes(trials []results.Trial) map[string]int {
	m := map[string]int{}
	for _, t := range trials {
		m[t.Mode]++
	}
	return m
}

func TestAdaptiveTrialsGoToTheWidest(t *testing.T) {
	p, records := steadyAndWide(results.Cold)
	s := newScheduler(p, results.Environment{}, records, &diagnose.Failures{})
	if missed, all := s.missed(); missed != 1 || all != 2 {
		t.Errorf("%d of %d cells miss the target", missed, all)
	}
	for range 2 {
		if m := modes(s.next()); m["wide"] != 1 || m["steady"] != 0 {
			t.Errorf("adaptive trials go to %v", m)
		}
	}
	if trials := s.next(); len(trials) != 0 {
		t.Errorf("%d adaptive trials more than there are", len(trials))
	}
}

func TestAdaptiveTrialsTakeThePlaceOfDisturbedOnes(t *testing.T) {
	p, records := steadyAndWide(results.Cold, 0, 1)
	s := newScheduler(p, results.Environment{}, records, &diagnose.Failures{})
	if m := modes(s.next()); m["steady"] != 1 {
		t.Errorf("adaptive trials go to %v", m)
	}
	quiet := *nth(records, "steady", 2)
	for seq := 20; seq < 22; seq++ {
		quiet.Seq = seq
		s.add(quiet)
	}
	if m := modes(s.next()); m["steady"] != 0 {
		t.Errorf("a cell with as many quiet trials as planned gets %v", m)
	}
}

func TestNoAdaptiveTrialsForWhatFails(t *testing.T) {
	p, records := steadyAndWide(results.Cold)
	for i := range records {
		if records[i].Mode == "wide" {
			records[i].Outcome, records[i].Error, records[i].Metrics = results.Failed, "x", nil
		}
	}
	if trials := newScheduler(p, results.Environment{}, records, &diagnose.Failures{}).next(); len(trials) != 0 {
		t.Errorf("a cell that fails gets %d adaptive trials", len(trials))
	}
}

// Cells with contended trials, where short ones wait for an uncontended core, come
// before wider ones.
func TestAdaptiveTrialsGoFirstToContendedCells(t *testing.T) {
	p, records := steadyAndWide(results.Hot)
	for n := range 10 {
		probe := 1.0
		if n < 3 {
			probe = 1.5
		}
		r := nth(records, "steady", n)
		r.Metrics = append(r.Metrics, results.Metric{Name: coldstart.ContentionProbe, Unit: results.Seconds, Values: []float64{probe}})
	}
	s := newScheduler(p, results.Environment{}, records, &diagnose.Failures{})
	list := s.needs()
	if len(list) != 2 || list[0].contended != 3 || list[1].contended != 0 || list[0].width >= list[1].width {
		t.Fatalf("needs are %+v", list)
	}
	quiet := *nth(records, "steady", 5)
	for seq := range 3 {
		quiet.Seq = 20 + seq
		s.add(quiet)
	}
	if list := s.needs(); len(list) != 1 || list[0].contended != 0 {
		t.Errorf("with ten uncontended ones needs are %+v", list)
	}
}
