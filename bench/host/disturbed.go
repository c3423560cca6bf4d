package host

import (
	"fmt"
	"slices"

	"edgebench/results"
)

// What may go on beside a trial before it counts as disturbed, as a part of
// the trial's time. Steal and others are parts of all processors' time; below
// the limits their effect on a median drowns in that of the scheduler.
var disturbing = []struct {
	name  string
	limit float64
	words string
}{
	{results.MachineSteal, 0.05, "the hypervisor took %.0f %% of the processors"},
	{results.MachineOthers, 0.10, "others had %.0f %% of the processors"},
	{results.MachineThrottled, 0.001, "a quota of processor time held it up for %.1f %% of the time"},
	{results.MachineMemoryPressure, 0.01, "tasks waited for memory for %.0f %% of the time"},
	{results.MachineIOPressure, 0.10, "tasks waited for disks for %.0f %% of the time"},
}

// Disturbed says in words what went on beside a trial that its figures may
// show; nil where nothing did. Engines that serve containers work outside the
// processes of a trial, so that what they do can't be told apart from others'
// work. What else a trial brings about itself, by the names of
// results.Machine…, is its own and disturbs nothing.
func Disturbed(machine map[string]float64, engine bool, own ...string) []string {
	if engine {
		own = append(slices.Clone(own), results.MachineOthers, results.MachineIOPressure)
	}
	var words []string
	for _, d := range disturbing {
		if share := machine[d.name]; share > d.limit && !slices.Contains(own, d.name) {
			words = append(words, fmt.Sprintf(d.words, share*100))
		}
	}
	return words
}
