package runners

import (
	"context"
	"time"

	"edgebench/results"
)

// BaselineLoop is a Runner that can also run a rung without its adapter, in a
// loop that uses the library alone, in the same mode, as a user of that library
// would write it. `benchrun calibrate` compares the adapter's figures with it.
// A baseline loop shares no code with the adapter's timed path.
type BaselineLoop interface {
	// Baseline runs the loop. It returns ErrUnavailable if the mode or the rung
	// has no baseline loop.
	Baseline(ctx context.Context, l Loop) (BaselineResult, error)
}

// Loop holds the parameters of a baseline loop.
type Loop struct {
	Options  Options
	Prepared Prepared
	// Rung to run; a runner has loops for some. Boot is run once in a process, which
	// times nothing: its parent takes the time.
	Rung    results.Rung
	Request []byte
	// Iterations is the number of iterations; none begins after Within.
	Iterations int
	Within     time.Duration
	// Answered, if set, is called with the first response on the rung boot, as soon
	// as it is there: what the process does afterwards is not timed.
	Answered func(response []byte) `json:"-"`
}

// Answer calls Answered on the rung boot.
func (l Loop) Answer(response []byte) {
	if l.Rung == results.Boot && l.Answered != nil {
		l.Answered(response)
	}
}

// BaselineResult is the result of a baseline loop.
type BaselineResult struct {
	// Times are the durations from the start of the rung to its response, one
	// for each iteration.
	Times []time.Duration
	// Response is the last one.
	Response []byte
}

// Repeat calls once for each iteration and collects the durations that it
// returns. It stops at the first error.
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
