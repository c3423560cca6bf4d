package runners

import (
	"context"
	"time"

	"edgebench/results"
)

// BaselineLoop is a Runner that can also do without its adapter what a rung times:
// by a loop against the library alone, as somebody would write it who uses that
// library in the same mode. `benchrun calibrate` holds the adapter's figures
// against it. Such a loop shares no code with the adapter's timed path.
type BaselineLoop interface {
	// Baseline does the loop. A mode or a rung for which there is none is
	// ErrUnavailable.
	Baseline(ctx context.Context, l Loop) (BaselineResult, error)
}

// Loop is what a baseline loop is to do.
type Loop struct {
	Options  Options
	Prepared Prepared
	// Rung is one of Cold (of a process), Pooled and Hot.
	Rung    results.Rung
	Request []byte
	// Iterations is how often it is done; none is begun after Within.
	Iterations int
	Within     time.Duration
}

// BaselineResult is what came of it.
type BaselineResult struct {
	// Times are those from the start of the rung to its response, one for each
	// iteration.
	Times []time.Duration
	// Response is the last one.
	Response []byte
}

// Repeat calls once for each iteration; it gives the time that it took.
func (l Loop) Repeat(ctx context.Context, once func() (time.Duration, error)) ([]time.Duration, error) {
	times := make([]time.Duration, 0, l.Iterations)
	for until := Now() + l.Within; len(times) < l.Iterations; {
		if len(times) > 0 && Now() > until {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		took, err := once()
		if err != nil {
			return nil, err
		}
		times = append(times, took)
	}
	return times, nil
}
