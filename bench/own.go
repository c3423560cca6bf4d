package bench

import (
	"cmp"
	"fmt"
	"slices"

	"edgebench/bench/experiment/registry"
	"edgebench/results"
	"edgebench/runners"
)

// outcomes say which builds were timed at least once, by build and kind, and why
// others were not, by build.
type outcomes struct {
	timed   map[string]bool
	reasons map[string]string
}

// add takes note of a trial.
func (o *outcomes) add(r *results.Record) {
	if o.timed == nil {
		o.timed, o.reasons = map[string]bool{}, map[string]string{}
	}
	d, _ := registry.Describe(r.Experiment)
	switch {
	case r.Outcome == results.OK:
		key := r.Build + " " + r.Kind
		o.timed[key] = o.timed[key] || d.Timed()
	default:
		o.reasons[r.Build] = cmp.Or(o.reasons[r.Build], r.Error)
	}
}

// asksFor says whether any runner of the run takes programs of a kind.
func (x *session) asksFor(kind runners.Kind) bool {
	return slices.ContainsFunc(x.survey.Systems, func(s results.SystemState) bool {
		e, _ := runners.Find(s.Runner)
		return slices.Contains(e.Takes, kind)
	})
}

// unmeasured names the user's programs of which nothing was timed, with the reason:
// what a size tells is not what was asked for.
func (x *session) unmeasured() (list []string) {
	if x.run.Plan.Own == nil {
		return nil
	}
	for _, p := range x.run.Plan.Own.Programs {
		if !x.outcomes.timed[p.Build+" "+p.Kind] && (p.Refused != "" || x.asksFor(runners.Kind(p.Kind))) {
			why := cmp.Or(p.Refused, x.outcomes.reasons[p.Build], "no available system takes it")
			list = append(list, fmt.Sprintf("%s: %s", p.Name, why))
		}
	}
	return list
}
