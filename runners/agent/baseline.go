package agent

import (
	"context"
	"fmt"

	"edgebench/runners"
	"edgebench/runners/protocol"
)

// BaselineTask asks for a rung in a baseline loop against the runner's library
// alone (ColdStart → ColdStartTimes, without Turns, Spread, Uncontended and Slow).
// `benchrun calibrate` compares ColdStartTask with it.
const BaselineTask = "baseline"

func baseline(ctx context.Context, s *server, q protocol.Task) (any, error) {
	p, err := read[ColdStart](q)
	if err != nil {
		return nil, err
	}
	d, ok := s.runner.(runners.BaselineLoop)
	if !ok {
		return nil, fmt.Errorf("this runner has no baseline loop: %w", runners.ErrUnavailable)
	}
	found, err := d.Baseline(ctx, runners.Loop{
		Options: q.Subject.Options, Prepared: q.Subject.Prepared, Rung: p.Rung,
		Request: q.Subject.Exchanges[0].Request, Iterations: p.Iterations, Within: p.Within,
	})
	if err != nil {
		return nil, err
	}
	if err := verify(found.Response, q.Subject.Exchanges[0]); err != nil {
		return nil, err
	}
	return &ColdStartTimes{FirstResponse: found.Times, Empty: empty()}, nil
}
