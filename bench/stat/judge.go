package stat

import (
	"slices"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/registry"
	"edgebench/results"
)

// Trial is a record with the judgement of what went on beside it.
type Trial struct {
	*results.Record
	// Disturbances are what its figures may show; none where nothing happened.
	Disturbances []Disturbance
}

// Disturbed says whether the figures may show something of the machine.
func (t Trial) Disturbed() bool { return len(t.Disturbances) > 0 }

// Disturbance is one thing that went on beside a trial.
type Disturbance struct {
	// Cause is a name of results.Machine….
	Cause string
	// Share is of the trial's time; of steal and others, of all processors' time.
	Share float64
}

// disturbing is what may go on beside a trial before it counts as disturbed. Below
// the limits the effect on a median drowns in that of the scheduler.
var disturbing = []Disturbance{
	{results.MachineSteal, 0.05},
	{results.MachineOthers, 0.10},
	{results.MachineThrottled, 0.001},
	{results.MachineMemoryPressure, 0.01},
	{results.MachineIOPressure, 0.10},
}

// Causes lists all that can disturb a trial, in the order in which it is told.
func Causes() []string {
	var all []string
	for _, d := range disturbing {
		all = append(all, d.Cause)
	}
	return all
}

// Judge decides of each record what disturbed it, from the raw readings of the
// machine, so that old runs are judged by today's rules. Trials are in the order of
// the plan, which need not be that in which records were read.
//
// What a trial brings about itself disturbs nothing: an experiment says which
// readings that are, and engines that serve containers work outside the processes of
// a trial, so that what they do can't be told from the work of others. A trial that
// only counts can't be disturbed.
func Judge(env results.Environment, records []results.Record) []Trial {
	engines := map[results.System]bool{}
	for _, s := range env.Systems {
		engines[s.System] = s.Engine
	}
	trials := make([]Trial, len(records))
	for i := range records {
		r := &records[i]
		trials[i] = Trial{Record: r, Disturbances: judge(r, engines[r.System])}
	}
	slices.SortStableFunc(trials, func(a, b Trial) int { return a.Seq - b.Seq })
	return trials
}

func judge(r *results.Record, engine bool) []Disturbance {
	d, known := registry.Describe(r.Experiment)
	if known && !d.Timed() {
		return nil
	}
	own := ownDoing(d, r.Params)
	if engine {
		own = append(own, results.MachineOthers, results.MachineIOPressure)
	}
	var found []Disturbance
	for _, limit := range disturbing {
		if share := r.Machine[limit.Cause]; share > limit.Share && !slices.Contains(own, limit.Cause) {
			found = append(found, Disturbance{limit.Cause, share})
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

// Beside gives what would have disturbed something that is no trial, from readings of
// the machine; engine says that an engine did the work.
func Beside(machine map[string]float64, engine bool) []Disturbance {
	return judge(&results.Record{Machine: machine}, engine)
}
