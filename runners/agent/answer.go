package agent

import (
	"context"
	"errors"
	"fmt"
	"time"

	"edgebench/runners"
	"edgebench/runners/protocol"
)

// AnswerTask asks a new instance for its response to the first request, which is
// not compared with anything (Patience → Answer).
const AnswerTask = "answer"

// LookTask starts the program without a request (Patience → runners.Seen).
const LookTask = "look"

// Patience bounds AnswerTask and LookTask.
type Patience struct {
	Within time.Duration `json:"within_ns"`
}

// Answer is the response of a program.
type Answer struct {
	Response []byte `json:"response"`
}

// errNoAnswer is why a wait for a program ends. The runner adds what the program was
// doing.
var errNoAnswer = errors.New("no answer in time")

func answer(ctx context.Context, s *server, q protocol.Task) (any, error) {
	p, err := read[Patience](q)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, p.Within, fmt.Errorf("%w (%v)", errNoAnswer, p.Within))
	defer cancel()
	var found Answer
	err = s.withLoaded(ctx, q.Subject, func(l runners.Loaded) error {
		in, err := l.Instantiate(ctx, nil)
		if err != nil {
			return err
		}
		found.Response, err = in.Call(ctx, nil, q.Subject.Exchanges[0].Request)
		return firstError(err, in.Close())
	})
	return found, err
}

func look(ctx context.Context, s *server, q protocol.Task) (any, error) {
	p, err := read[Patience](q)
	if err != nil {
		return nil, err
	}
	var seen runners.Seen
	err = s.withLoaded(ctx, q.Subject, func(l runners.Loaded) (err error) {
		looker, ok := l.(runners.Looker)
		if !ok {
			return fmt.Errorf("this runner starts no program without a request: %w", runners.ErrUnavailable)
		}
		seen, err = looker.Look(ctx, p.Within)
		return err
	})
	return seen, err
}

// withLoaded boots, loads, calls f, and closes.
func (s *server) withLoaded(ctx context.Context, q protocol.Subject, f func(runners.Loaded) error) error {
	rt, err := s.runner.Boot(ctx, q.Ready())
	if err != nil {
		return err
	}
	l, err := rt.Load(ctx, q.Prepared, nil)
	if err != nil {
		return firstError(err, rt.Close())
	}
	return firstError(f(l), l.Close(), rt.Close())
}
