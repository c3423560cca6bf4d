package bench

import (
	"context"
	"fmt"
	"time"

	"edgebench/bench/plan"
	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/workloads/build"
)

// Single runs trials of cells one by one, by the same path as a run does, but
// without a plan's order, budget and folder. What a cell needs is built and prepared
// when it is asked for. It is used by one goroutine.
type Single struct {
	session *session
	seq     int
}

// OpenSingle surveys the machine as a run does. Close must follow.
func (h *Installation) OpenSingle(ctx context.Context, obs Observer) (*Single, error) {
	x := &session{suite: h, observer: obs, builds: builds{}}
	if err := x.look(ctx, nil); err != nil {
		return nil, err
	}
	token, err := newToken()
	if err != nil {
		return nil, err
	}
	run := "single-" + time.Now().UTC().Format("20060102-150405") + "-" + token
	if err := x.open(run, token, runnersIn(x.survey.Available)); err != nil {
		return nil, err
	}
	return &Single{session: x}, nil
}

// Systems are all runners and modes, the unavailable ones with the reason.
func (s *Single) Systems() []results.SystemState { return s.session.survey.Systems }

// Specs gives the cells of a configuration whose artefacts are there or could be
// built.
func (s *Single) Specs(ctx context.Context, c plan.Config, f plan.Filter) ([]results.Spec, error) {
	h := s.session.suite
	p, err := plan.Make(c, s.session.inventory(func(key buildKey) bool {
		w, err := h.Set.Find(key.Workload)
		if err != nil {
			return false
		}
		state, _ := h.Builder.State(ctx, w, key.Build, key.kind)
		return state != build.Unavailable
	}), f, s.session.trials.Run, 1)
	s.session.trials.Deadline = max(s.session.trials.Deadline, time.Duration(c.Deadline))
	return p.Specs, err
}

// Do runs one trial of a cell. The record holds a failure of the trial.
func (s *Single) Do(ctx context.Context, spec results.Spec) (results.Record, error) {
	x := s.session
	key := x.suite.keyFor(spec.Cell)
	if _, ok := x.builds[key]; !ok {
		x.suite.buildOne(ctx, x.builds, key, x.observer)
	}
	if err := x.builds[key].err; err != nil {
		return results.Record{}, fmt.Errorf("build %s: %w", spec.Artefact, err)
	}
	if len(x.trials.Prepared[trial.BuildOf(spec.Cell)]) == 0 {
		if err := x.prepareBlock(ctx, []results.Spec{spec}); err != nil {
			return results.Record{}, err
		}
	}
	s.seq++
	record := x.trials.Do(ctx, results.Trial{Seq: s.seq, Spec: &spec})
	if ctx.Err() != nil {
		return record, ErrInterrupted
	}
	return record, nil
}

// Close leaves nothing behind, like the end of a run.
func (s *Single) Close() { s.session.cleanUp() }
