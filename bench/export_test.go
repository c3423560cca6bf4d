package bench

import (
	"context"
	"time"

	"edgebench/bench/trial"
	"edgebench/runners/protocol"
)

// Overhear lets a test see each request to an agent before it is sent.
func (h *Installation) Overhear(hear func(protocol.Request)) {
	launch := h.launch
	h.launch = func(path string) (trial.Agent, error) {
		a, err := launch(path)
		if err != nil {
			return nil, err
		}
		return overheard{a, hear}, nil
	}
}

type overheard struct {
	trial.Agent
	hear func(protocol.Request)
}

func (o overheard) Ask(ctx context.Context, q protocol.Request) (protocol.Reply, error) {
	o.hear(q)
	return o.Agent.Ask(ctx, q)
}

func (o overheard) AskBoot(ctx context.Context, q protocol.Request) (protocol.Reply, time.Duration, error) {
	o.hear(q)
	return o.Agent.AskBoot(ctx, q)
}
