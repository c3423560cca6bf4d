package bench

import (
	"context"

	"edgebench/bench/plan"
	"edgebench/runners"
	"edgebench/workloads/build"
)

// Availability describes whether one artefact is available on this machine.
type Availability struct {
	Workload string       `json:"workload"`
	Language string       `json:"language"`
	Kind     runners.Kind `json:"kind"`
	State    build.State  `json:"state"`
	// Unavailable is the unavailable reason with its remedy, in one line; "" if
	// the artefact is available or can be built.
	Unavailable string `json:"unavailable,omitempty"`
}

// Artefacts lists all artefacts of all workloads that any runner takes, by
// workload and in the manifests' order of languages. It builds nothing.
func (h *Installation) Artefacts(ctx context.Context) []Availability {
	var list []Availability
	for _, w := range h.Set.List() {
		for _, language := range w.Languages {
			for _, kind := range runners.Kinds() {
				if !w.Comes(language, kind) || ctx.Err() != nil {
					continue
				}
				a := Availability{Workload: w.Name, Language: language, Kind: kind}
				var err error
				if a.State, err = h.Builder.State(ctx, w, language, kind); err != nil {
					a.Unavailable = reason("", err)
				}
				list = append(list, a)
			}
		}
	}
	return list
}

// Cells counts the cells that can be measured: each system with each artefact
// that it takes, on each of its rungs.
func (h *Installation) Cells(systems []plan.System, artefacts []Availability) int {
	n := 0
	for _, s := range systems {
		for _, a := range artefacts {
			w, err := h.Set.Find(a.Workload)
			if err != nil || a.State == build.Unavailable {
				continue
			}
			if kind, ok := w.KindFor(a.Language, s.Takes); ok && kind == a.Kind {
				n += len(s.Mode.Rungs)
			}
		}
	}
	return n
}
