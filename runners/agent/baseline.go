package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// BaselineTask asks for a rung in a baseline loop against the runner's library
// alone (ColdStart → ColdStartTimes, without Turns, Spread, Uncontended and Slow).
// `benchrun calibrate` compares ColdStartTask with it.
const BaselineTask = "baseline"

var errNoLoop = fmt.Errorf("this runner has no baseline loop: %w", runners.ErrUnavailable)

func baseline(ctx context.Context, s *server, q protocol.Task) (any, error) {
	p, err := read[ColdStart](q)
	if err != nil {
		return nil, err
	}
	d, ok := s.runner.(runners.BaselineLoop)
	if !ok {
		return nil, errNoLoop
	}
	x := q.Subject.Exchanges[0]
	l := runners.Loop{
		Options: q.Subject.Options, Prepared: q.Subject.Prepared, Rung: p.Rung,
		Request: x.Request, Iterations: p.Iterations, Within: p.Within,
	}
	run := d.Baseline
	if p.Rung == results.Boot {
		run = func(ctx context.Context, l runners.Loop) (runners.BaselineResult, error) {
			return boots(ctx, l, len(x.Response))
		}
	}
	found, err := run(ctx, l)
	if err != nil {
		return nil, err
	}
	if err := verify(found.Response, x); err != nil {
		return nil, err
	}
	return &ColdStartTimes{FirstResponse: found.Times, Empty: empty()}, nil
}

// bootArgument makes the agent's program a process that runs the loop of the rung
// boot once, writes its response and ends. The loop, as JSON, is the next argument.
const bootArgument = "baseline-boot"

// boots starts this program again for each iteration. The time is from before the
// start of the process until its response of so many bytes has been read.
func boots(ctx context.Context, l runners.Loop, length int) (out runners.BaselineResult, err error) {
	self, err := os.Executable()
	if err != nil {
		return out, err
	}
	argument, err := json.Marshal(l)
	if err != nil {
		return out, err
	}
	out.Times, err = l.Repeat(ctx, func() (took time.Duration, err error) {
		cmd := exec.CommandContext(ctx, self, bootArgument, string(argument))
		cmd.Stderr = os.Stderr
		response, err := cmd.StdoutPipe()
		if err != nil {
			return 0, err
		}
		out.Response = make([]byte, length)
		from := runners.Now()
		if err := cmd.Start(); err != nil {
			return 0, err
		}
		_, err = io.ReadFull(response, out.Response)
		took = runners.Now() - from
		rest, readErr := io.ReadAll(response)
		out.Response = append(out.Response, rest...)
		if ended := cmd.Wait(); ended != nil {
			return 0, bootFailure(ended)
		}
		return took, errors.Join(err, readErr)
	})
	return out, err
}

// exitNoLoop is the exit code of a process that has no loop for the rung boot.
const exitNoLoop = 3

func bootFailure(ended error) error {
	var exit *exec.ExitError
	if errors.As(ended, &exit) && exit.ExitCode() == exitNoLoop {
		return errNoLoop
	}
	return fmt.Errorf("boot in a process of its own: %w", ended)
}

// boot is the process that boots starts. It returns its exit code.
func boot(r runners.Runner, argument string, stdout, stderr io.Writer) int {
	d, ok := r.(runners.BaselineLoop)
	if !ok {
		return exitNoLoop
	}
	var l runners.Loop
	err := json.Unmarshal([]byte(argument), &l)
	if err == nil {
		var failed error // to write the response
		l.Iterations = 1
		l.Answered = func(response []byte) { _, failed = stdout.Write(response) }
		_, err = d.Baseline(context.Background(), l)
		err = errors.Join(err, failed)
	}
	switch {
	case errors.Is(err, runners.ErrUnavailable):
		return exitNoLoop
	case err != nil:
		fmt.Fprintf(stderr, "boot: %v\n", err)
		return 1
	}
	return 0
}
