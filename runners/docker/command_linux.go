package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/docker/docker/api/types"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/pkg/stdcopy"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/interfaces"
)

// command is a container that answers its one request over stdin and stdout.
type command struct {
	running
	stream types.HijackedResponse
	said   interfaces.Words
	right  uint8 // its exit code
	// copied is closed when nothing more comes out of the stream.
	copied chan struct{}
}

// startCommand creates a container, attaches to it and starts it. What is
// written to it meanwhile waits in the engine.
func (l *loaded) startCommand(ctx context.Context, t *runners.Trace) (*command, error) {
	in := &command{right: l.use.ExitCode}
	if err := in.create(ctx, l, ""); err != nil {
		return nil, err
	}
	e := l.system.engine
	within, cancel := e.within(ctx)
	defer cancel()
	var err error
	in.stream, err = e.api.ContainerAttach(within, in.id, container.AttachOptions{Stream: true, Stdin: true, Stdout: true, Stderr: true})
	if err != nil {
		return nil, also(fmt.Errorf("attach to the container: %w", brief(err)), in.Close())
	}
	t.Mark(runners.PhaseCreate)
	in.begin(ctx, in.stream.Close) // which the engine would leave open
	return in, nil
}

// Call gives the command its request and reads its response to the end. It
// returns when the engine has reported exit code 0.
func (in *command) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if in.dead {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	in.dead = true
	defer context.AfterFunc(ctx, in.stream.Close)()
	output := in.output()
	response, err := interfaces.Exchange(dst, request, stdin{in.stream}, output)
	output.Close() // or what follows a response that is too long would wait
	if err == nil {
		err = in.leaves(ctx)
	}
	if err != nil {
		return dst, in.reason(ctx, err)
	}
	return response, nil
}

// stdin is the half of the stream that is written to.
type stdin struct{ stream types.HijackedResponse }

func (s stdin) Write(p []byte) (int, error) { return s.stream.Conn.Write(p) }

func (s stdin) Close() error { return s.stream.CloseWrite() }

// output gives what the command writes to stdout, and keeps what it writes to
// stderr.
func (in *command) output() io.ReadCloser {
	r, w := io.Pipe()
	in.copied = make(chan struct{})
	go func() {
		defer close(in.copied)
		_, err := stdcopy.StdCopy(w, &in.said, in.stream.Reader)
		w.CloseWithError(err)
	}()
	return r
}

// leaves waits for the end of a command that has closed its stdout, which is
// also what shows first of one that could not be started.
func (in *command) leaves(ctx context.Context) error {
	bound := time.NewTimer(in.system.engine.request)
	defer bound.Stop()
	started := in.pending.done
	for {
		select {
		case <-started:
			if err := in.answered("start"); err != nil {
				return err
			}
			started = nil
		case <-in.fate.ended:
			if in.fate.well(in.right) {
				return nil
			}
			if in.right != 0 {
				return fmt.Errorf("the command fails, exit code %d is right: %w", in.right, runners.ErrTrap)
			}
			return fmt.Errorf("the command fails: %w", runners.ErrTrap)
		case <-in.system.deaths.over:
			return in.system.deaths.err
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-bound.C:
			return fmt.Errorf("the command has closed its stdout and does not end: %w", runners.ErrTrap)
		}
	}
}

// reason returns the error that explains why there is no response.
func (in *command) reason(ctx context.Context, err error) error {
	if errors.Is(err, runners.ErrTooLarge) {
		return err
	}
	if ctx.Err() != nil {
		return fmt.Errorf("call: %w", context.Cause(ctx))
	}
	if failed := in.answered("start"); failed != nil {
		return failed
	}
	if said := in.said.Line(); said != "" {
		err = fmt.Errorf("it says %q: %w", said, err)
	}
	return in.system.deaths.trapped(in.fate, err)
}

// Close removes the container, if it has not gone by itself. The stream is
// closed before, since the engine waits for who does not read from it.
func (in *command) Close() error {
	if in.stream.Conn != nil {
		in.stream.Close()
	}
	return in.end(func() error {
		if in.copied != nil {
			<-in.copied
		}
		return nil
	})
}
