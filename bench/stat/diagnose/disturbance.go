package diagnose

import (
	"slices"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/registry"
	"edgebench/bench/stat"
	"edgebench/results"
)

// disturbing holds the limits of other activity from which a trial counts as
// disturbed. Below them the effect on a median is smaller than that of the
// scheduler.
var disturbing = []stat.Disturbance{
	{Cause: results.MachineSteal, Share: 0.05},
	{Cause: results.MachineOthers, Share: 0.10},
	{Cause: results.MachineThrottled, Share: 0.001},
	{Cause: results.MachineMemoryPressure, Share: 0.01},
	{Cause: results.MachineIOPressure, Share: 0.10},
}

// Causes lists all causes of disturbance, in the order in which they are shown.
func Causes() []string {
	var all []string
	for _, d := range disturbing {
		all = append(all, d.Cause)
	}
	return all
}

// Judge determines what disturbed each record, from the raw readings of the
// machine, so that today's rules also apply to old runs. Trials are in the order
// of the plan, which may differ from the order of the records.
//
// Activity that a trial causes itself is no disturbance: an experiment declares
// these readings. Container engines work outside the processes of a trial, so
// their work can't be distinguished from that of other processes and does not
// count either. A trial that only counts can't be disturbed.
func Judge(env results.Environment, records []results.Record) []stat.Trial {
	engines := map[results.System]bool{}
	for _, s := range env.Systems {
		engines[s.System] = s.Engine
	}
	trials := make([]stat.Trial, len(records))
	for i := range records {
		r := &records[i]
		trials[i] = stat.Trial{Record: r, Disturbances: judge(r, engines[r.System])}
	}
	slices.SortStableFunc(trials, func(a, b stat.Trial) int { return a.Seq - b.Seq })
	return trials
}

func judge(r *results.Record, engine bool) []stat.Disturbance {
	d, known := registry.Describe(r.Experiment)
	if known && !d.Timed() {
		return nil
	}
	own := ownDoing(d, r.Params)
	if engine {
		own = append(own, results.MachineOthers, results.MachineIOPressure)
	}
	var found []stat.Disturbance
	for _, limit := range disturbing {
		if share := r.Machine[limit.Cause]; share > limit.Share && !slices.Contains(own, limit.Cause) {
			found = append(found, stat.Disturbance{Cause: limit.Cause, Share: share})
		}
	}
	return found
}

func ownDoing(d experiment.Description, p results.Params) []string {
	if d.OwnDoing == nil {
		return nil
	}
	return slices.Clone(d.OwnDoing(p))
}

// Beside gives the disturbances of a measurement that is no trial, from readings
// of the machine; engine says that an engine did the work.
func Beside(machine map[string]float64, engine bool) []stat.Disturbance {
	return judge(&results.Record{Machine: machine}, engine)
}
