package coldstart

import (
	"slices"
	"strings"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
	"edgebench/runners"
)

// divided reports whether first and later starts are told apart on a rung: those
// that a process may repeat. boot happens once in a process. On hot, all requests
// are answered before the clock starts.
func divided(r results.Rung) bool {
	return slices.Contains([]results.Rung{results.Deploy, results.Cold, results.Pooled}, r)
}

// starts divides first responses into those of first and of later starts.
func starts(_ []stat.Trial, samples *stat.Samples) (all []*stat.Sample, _ []stat.Rejection) {
	for _, s := range samples.All() {
		if s.Experiment != coldstart.Name || s.Metric != coldstart.FirstResponse || !divided(s.Rung()) {
			continue
		}
		first, later := estimate.Starts(s, hasDaemon(s.Cell))
		for _, part := range []*stat.Sample{first, later, ofDaemon(first, samples)} {
			if part != nil {
				all = append(all, part)
			}
		}
	}
	return all, nil
}

// ofDaemon gives the first start through an engine that the run has started to the mode
// that does the same through the daemon of this machine, if that was measured too. It is
// nil where there is none.
func ofDaemon(first *stat.Sample, samples *stat.Samples) *stat.Sample {
	if first == nil {
		return nil
	}
	mode, own := strings.CutPrefix(first.Mode, runners.OwnEngine)
	if !own {
		return nil
	}
	given := *first
	given.Mode = mode
	whole := given.Key
	whole.Metric = coldstart.FirstResponse
	if samples.Get(whole) == nil {
		return nil
	}
	return &given
}

func hasDaemon(c results.Cell) bool {
	entry, _ := runners.Find(c.Runner)
	return entry.DaemonIn(c.Mode)
}

// slots are the ladder's columns of a rung. First and later starts have a column
// each on the rungs cold and pooled, where any system has later ones.
func slots(v *view.View, x section.Variant, r results.Rung) []section.Slot {
	whole := section.Slot{
		Column: model.Column{Label: string(r), Unit: results.Seconds, Explanation: explanation + format.Rung(r)},
		Params: on(x, r), Metric: coldstart.FirstResponse,
	}
	if r == results.Deploy || !divided(r) || !repeats(v, x, r) {
		return []section.Slot{whole}
	}
	first, later := whole, whole
	first.Label, first.Metric, first.Undrawn = string(r)+", first", estimate.FirstStart, true
	first.Explanation += "; the first start of a process, or of an engine that the run has started"
	first.Without = withoutFirst
	later.Label, later.Metric = string(r)+", later", estimate.LaterStarts
	later.Explanation += "; the further starts of a process"
	later.Without = withoutLater
	return []section.Slot{first, later}
}

// repeats reports whether any system has later starts on a rung.
func repeats(v *view.View, x section.Variant, r results.Rung) bool {
	return slices.ContainsFunc(v.Systems, func(s model.System) bool {
		k := key(x, s, r)
		k.Metric = estimate.LaterStarts
		return v.Sample(k) != nil
	})
}

func withoutFirst(c results.Cell) (model.State, string) {
	if hasDaemon(c) {
		return model.LaterOnly, "the daemon has run before the trial: its first start needs one that the run itself starts"
	}
	return model.Absent, "no first start was recorded"
}

func withoutLater(results.Cell) (model.State, string) {
	return model.Absent, "its trials have one start each"
}
