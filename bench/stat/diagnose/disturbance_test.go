package diagnose

import (
	"slices"
	"testing"

	"edgebench/bench/experiment/size"
	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/stattest"
	"edgebench/results"
)

// What a trial brings about itself, and what stays below the limits, disturbs nothing.
func TestJudgeTrials(t *testing.T) {
	machine := map[string]float64{results.MachineSteal: 0.2, results.MachineOthers: 0.2, results.MachineIOPressure: 0.2}
	engine := results.System{Runner: "served", Mode: "m"}
	env := results.Environment{Systems: []results.SystemState{{System: engine, Engine: true}}}
	cold := *stattest.Trial(1).Record
	dropped, counted, served, quiet := cold, cold, cold, cold
	dropped.Params = cold.Params.With(results.PageCacheParam, results.PageCacheDropped)
	counted.Experiment, counted.Params = size.Name, ""
	served.System = engine
	for name, c := range map[string]struct {
		record  results.Record
		machine map[string]float64
		want    []string
	}{
		"a start":             {cold, machine, []string{results.MachineSteal, results.MachineOthers, results.MachineIOPressure}},
		"it reads the disk":   {dropped, machine, []string{results.MachineSteal, results.MachineOthers}},
		"it only counts":      {counted, machine, nil},
		"an engine serves it": {served, machine, []string{results.MachineSteal}},
		"below the limits":    {quiet, map[string]float64{results.MachineSteal: 0.05, results.MachineLoad: 9}, nil},
		"not watched":         {quiet, nil, nil},
	} {
		c.record.Machine = c.machine
		got := Judge(env, []results.Record{c.record})[0]
		var causes []string
		for _, d := range got.Disturbances {
			causes = append(causes, d.Cause)
			if d.Share != c.machine[d.Cause] {
				t.Errorf("%s: %s has the share %v", name, d.Cause, d.Share)
			}
		}
		if !slices.Equal(causes, c.want) || got.Disturbed() != (len(c.want) > 0) {
			t.Errorf("%s: disturbed by %v, want %v", name, causes, c.want)
		}
	}
	if got := Beside(machine, true); len(got) != 1 || got[0] != (stat.Disturbance{Cause: results.MachineSteal, Share: 0.2}) {
		t.Errorf("beside an engine: %v", got)
	}
}
