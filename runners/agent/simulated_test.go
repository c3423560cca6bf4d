package agent

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"edgebench/runners"
	"edgebench/runners/protocol"
)

// Tests of what an agent does over time run on the simulated time of package
// synctest: what a step takes is exact there, and nothing else takes any time.

// step is how far the clock moves on each time that hold reads it.
const step = time.Microsecond

// steps are what the phases of a timed runner take.
var steps = map[string]time.Duration{
	runners.PhaseBoot: 10 * time.Microsecond, runners.PhaseCompile: 700 * time.Microsecond, runners.PhaseLoad: 20 * time.Microsecond,
	runners.PhaseInstantiate: 30 * time.Microsecond, runners.PhaseFirstCall: 300 * time.Microsecond,
}

// reading is what the contention probe gives, and how long it takes.
const reading = 2 * time.Microsecond

// steady is a contention probe on a core that nobody shares.
type steady struct{}

func (steady) Read() time.Duration {
	time.Sleep(reading)
	return reading
}

// timed is a runner, and all that it makes, whose steps take their time.
type timed struct {
	mu sync.Mutex
	// calls are the moments at which a call began, since the agent's start.
	calls []time.Duration
	start time.Time
	// loading is how much longer Load takes.
	loading time.Duration
}

func takes(phase string, t *runners.Trace) {
	time.Sleep(steps[phase])
	t.Mark(phase)
}

func (*timed) Check(context.Context) (runners.Info, error) { return runners.Info{}, nil }
func (*timed) Sweep(context.Context, string) error         { return nil }
func (*timed) Close() error                                { return nil }

func (r *timed) Boot(context.Context, runners.Options) (runners.Runtime, error) {
	takes(runners.PhaseBoot, nil) // which the agent marks
	return r, nil
}

func (*timed) Prepare(_ context.Context, a runners.Artefact, _ string, t *runners.Trace) (runners.Prepared, error) {
	takes(runners.PhaseCompile, t)
	return runners.Prepared{Artefact: a}, nil
}

func (r *timed) Load(_ context.Context, _ runners.Prepared, t *runners.Trace) (runners.Loaded, error) {
	time.Sleep(r.loading)
	takes(runners.PhaseLoad, t)
	return r, nil
}

func (r *timed) Instantiate(_ context.Context, t *runners.Trace) (runners.Instance, error) {
	takes(runners.PhaseInstantiate, t)
	return r, nil
}

func (r *timed) Call(_ context.Context, dst, _ []byte) ([]byte, error) {
	r.mu.Lock()
	r.calls = append(r.calls, time.Since(r.start))
	r.mu.Unlock()
	time.Sleep(steps[runners.PhaseFirstCall])
	return append(dst, "pong"...), nil
}

// simulate puts one request to an agent of a timed runner in simulated time.
func simulate[T any](t *testing.T, runner *timed, q protocol.Request) *T {
	t.Helper()
	var answer protocol.Reply
	text, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	defer func(was func() time.Duration) { clock = was }(clock)
	clock = func() time.Duration {
		time.Sleep(step)
		return runners.Now()
	}
	defer func(was func() probe) { newProbe = was }(newProbe)
	newProbe = func() probe { return steady{} }
	synctest.Test(t, func(t *testing.T) {
		runner.start = time.Now()
		theirIn, in := io.Pipe()
		out, theirOut := io.Pipe()
		go func() {
			Main(runner, nil, theirIn, theirOut, io.Discard)
			theirOut.Close()
		}()
		fmt.Fprintf(in, "%s\n", text)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if lines.Text() != protocol.Answered {
				answer = reply(t, lines.Text())
				in.Close()
			}
		}
	})
	found := new(T)
	if err := answer.Decode(found); err != nil {
		t.Fatal(err, answer.Error)
	}
	return found
}

func timedSubject(t *testing.T) protocol.Subject {
	return protocol.Subject{
		Options:   runners.Options{Scratch: t.TempDir()},
		Exchanges: []runners.Exchange{{Name: "one", Request: []byte("ping"), Response: []byte("pong")}},
	}
}
