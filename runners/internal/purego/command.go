package purego

import (
	"context"
	"errors"
	"fmt"
	"io"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/interfaces"
)

// Command is an instance of a module that answers once: it has not run until it
// is called. It is its own stdin and stdout.
type Command struct {
	// Right is the exit code of one that does well.
	Right    uint32
	module   Module
	start    Function
	request  []byte // what the guest has not read of it
	response []byte
	room     int // how much longer the response may become, in bytes
	said     interfaces.Words
	dead     bool
}

// Stdin gives the request.
func (c *Command) Stdin() io.Reader { return (*stdin)(c) }

// Stdout takes the response.
func (c *Command) Stdout() io.Writer { return (*stdout)(c) }

// Stderr keeps the beginning of what the guest says.
func (c *Command) Stderr() io.Writer { return &c.said }

// Hold takes the module that was instantiated with the command's streams, and its
// _start. One that is nil is an error, which closes the module.
func (c *Command) Hold(module Module, start Function) error {
	c.module, c.start = module, start
	if start == nil {
		c.Close()
		return abi.MissingExport(abi.Start)
	}
	return nil
}

// Call runs the command to its end.
func (c *Command) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
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

// exit is the error of a guest that has ended by itself, or that wazero has ended.
type exit interface {
	error
	ExitCode() uint32
}

// Exit codes that wazero gives a guest whose context is done (package sys in wazero).
const (
	exitCancelled = 0xffffffff
	exitDeadline  = 0xefffffff
)

// ended says how a command has ended, unless it did so with the right exit code.
func (c *Command) ended(err error) error {
	exit, exited := errors.AsType[exit](err)
	switch {
	case err == nil:
		return abi.CheckExit(0, c.Right, c.said.Line())
	case errors.Is(err, errTooLong):
		return errTooLong
	case exited && (exit.ExitCode() == exitCancelled || exit.ExitCode() == exitDeadline):
		return fmt.Errorf("%w: %s", runners.ErrTrap, FirstLine(err))
	case exited:
		return abi.CheckExit(exit.ExitCode(), c.Right, c.said.Line())
	}
	return fmt.Errorf("%w: %s", runners.ErrTrap, interfaces.WithOutput(FirstLine(err), c.said.Line()))
}

// Close ends the instance; a later Call is refused.
func (c *Command) Close() error {
	c.dead = true
	return c.module.Close(context.Background())
}

// stdin gives the request.
type stdin Command

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
type stdout Command

var errTooLong = fmt.Errorf("the response is longer than %d bytes: %w", abi.MaxMessage, runners.ErrTooLarge)

// Write appends to the response. One that becomes too long ends the guest in
// the way in which proc_exit does, by a panic that the library turns into the error
// of the call: a guest that is only told so may go on for ever.
func (out *stdout) Write(p []byte) (int, error) {
	if len(p) > out.room {
		panic(errTooLong)
	}
	out.room -= len(p)
	out.response = append(out.response, p...)
	return len(p), nil
}
