package bench

import (
	"errors"
	"fmt"

	"edgebench/results"
	"edgebench/runners"
)

// ErrDiffers: a run can't be resumed, since the machine or the programs have
// changed.
var ErrDiffers = errors.New("not what the run was begun with: begin a new run")

// knows rejects a plan with an unknown workload or library.
func (h *Installation) knows(p results.Plan) error {
	for _, s := range p.Specs {
		if _, err := h.Set.Find(s.Workload); err != nil {
			return fmt.Errorf("%w, or name the program again with which it was begun: %w", ErrDiffers, err)
		}
	}
	return h.hasLibraries(p)
}

// sameSystems rejects a run whose systems have other versions now.
func (x *session) sameSystems() error {
	now := map[results.System]results.SystemState{}
	for _, s := range x.survey.Systems {
		now[s.System] = s
	}
	for _, was := range x.run.Environment.Systems {
		is, ok := now[was.System]
		if ok && was.Version != "" && is.Version != "" && is.Version != was.Version {
			return fmt.Errorf("%w: %s was %s and is %s now", ErrDiffers, was.System, was.Version, is.Version)
		}
		if ok && is.Library != was.Library {
			return fmt.Errorf("%w: the library of %s is another file now", ErrDiffers, was.System)
		}
	}
	if was, is := x.run.Environment.Commit, x.suite.commit(); was != is {
		return fmt.Errorf("%w: edgebench was at commit %s and is at %s now", ErrDiffers, was, is)
	}
	return nil
}

// sameBuilds rejects a run whose builds have changed.
func (x *session) sameBuilds(b builds) error {
	for _, was := range x.run.Environment.Artefacts {
		is, ok := b[buildKey{was.Artefact, runners.Kind(was.Kind)}]
		if ok && is.err == nil && was.SHA256 != "" && is.SHA256 != was.SHA256 {
			return fmt.Errorf("%w: %s (%s) is another build now", ErrDiffers, was.Artefact, was.Kind)
		}
	}
	return nil
}
