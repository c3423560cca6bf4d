package wazero

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/interfaces"
)

// command is an instance of a module that answers once: it has not run until it
// is called. It is its own stdin and stdout.
type command struct {
	module   api.Module
	start    api.Function
	request  []byte // what the guest has not read of it
	response []byte
	room     int    // how much longer the response may become, in bytes
	right    uint32 // its exit code
	said     interfaces.Words
	dead     bool
}

// instantiateCommand makes an instance whose _start has yet to be called.
func (l *loaded) instantiateCommand(ctx context.Context, t *runners.Trace) (runners.Instance, error) {
	c := &command{right: l.right}
	config := l.config.WithStdin((*stdin)(c)).WithStdout((*stdout)(c)).WithStderr(&c.said)
	module, err := l.machine.engine.InstantiateModule(ctx, l.compiled, config)
	if err != nil {
		return nil, fmt.Errorf("instantiate: %w: %s", runners.ErrTrap, firstLine(err))
	}
	c.module, c.start = module, module.ExportedFunction(abi.Start)
	if c.start == nil {
		module.Close(ctx)
		return nil, abi.MissingExport(abi.Start)
	}
	t.Mark(runners.PhaseInstantiate)
	return c, nil
}

// Call runs the command to its end.
func (c *command) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if c.dead {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	c.dead = true
	c.request, c.response, c.room = request, dst, abi.MaxMessage
	err := c.start.CallWithStack(ctx, nil)
	response := c.response
	c.request, c.response = nil, nil
	if err := c.ended(err); err != nil {
		return dst, fmt.Errorf("%s: %w", abi.Start, err)
	}
	return response, nil
}

// ended says how a command has ended, unless it did so with the right exit code.
func (c *command) ended(err error) error {
	exit, exited := errors.AsType[*sys.ExitError](err)
	switch {
	case err == nil:
		return abi.CheckExit(0, c.right, c.said.Line())
	case errors.Is(err, errTooLong):
		return errTooLong
	case exited && interrupted(exit.ExitCode()):
		return fmt.Errorf("%w: %s", runners.ErrTrap, firstLine(err))
	case exited:
		return abi.CheckExit(exit.ExitCode(), c.right, c.said.Line())
	}
	return fmt.Errorf("%w: %s", runners.ErrTrap, interfaces.WithOutput(firstLine(err), c.said.Line()))
}

// interrupted says whether an exit code is one that wazero gives a guest whose
// context is done.
func interrupted(code uint32) bool {
	return code == sys.ExitCodeDeadlineExceeded || code == sys.ExitCodeContextCanceled
}

// Close ends the instance; a later Call is refused.
func (c *command) Close() error {
	c.dead = true
	return c.module.Close(context.Background())
}

// stdin gives the request.
type stdin command

// Read gives what is left of it.
func (in *stdin) Read(p []byte) (int, error) {
	if len(in.request) == 0 {
		return 0, io.EOF
	}
	n := copy(p, in.request)
	in.request = in.request[n:]
	return n, nil
}

// stdout takes the response.
type stdout command

var errTooLong = fmt.Errorf("the response is longer than %d bytes: %w", abi.MaxMessage, runners.ErrTooLarge)

// Write appends to the response. One that becomes too long ends the guest in
// the way in which proc_exit does, by a panic that wazero turns into the error
// of the call: a guest that is only told so may go on for ever.
func (out *stdout) Write(p []byte) (int, error) {
	if len(p) > out.room {
		panic(errTooLong)
	}
	out.room -= len(p)
	out.response = append(out.response, p...)
	return len(p), nil
}
