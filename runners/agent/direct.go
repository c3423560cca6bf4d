package agent

import (
	"context"
	"fmt"

	"edgebench/runners"
	"edgebench/runners/protocol"
)

// direct lets a runner do a rung by its loop against the library alone.
func direct(ctx context.Context, r runners.Runner, q protocol.Measure) (*protocol.Measured, error) {
	d, ok := r.(runners.Director)
	if !ok {
		return nil, fmt.Errorf("this runner has no loop against its library alone: %w", runners.ErrUnavailable)
	}
	if len(q.Exchanges) == 0 {
		return nil, errNoExchange
	}
	looped, err := d.Direct(ctx, runners.Loop{
		Options: q.Options, Prepared: q.Prepared, Rung: q.Rung,
		Request: q.Exchanges[0].Request, Iterations: q.Iterations, Within: q.Within,
	})
	if err != nil {
		return nil, err
	}
	if err := verify(looped.Response, q.Exchanges[0]); err != nil {
		return nil, err
	}
	return &protocol.Measured{FirstResponse: looped.Times, Empty: empty()}, nil
}
