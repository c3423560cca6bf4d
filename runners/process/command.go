package process

import (
	"context"
	"fmt"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/interfaces"
)

// command is a process that waits for its one request.
type command struct {
	*child
	said *interfaces.Words
}

func (l *loaded) spawnCommand() (*command, error) {
	said := &interfaces.Words{}
	c, err := l.spawn(true, said)
	if err != nil {
		return nil, err
	}
	return &command{c, said}, nil
}

// Call gives the process its request and waits for its end.
func (c *command) Call(_ context.Context, dst, request []byte) ([]byte, error) {
	if c.dead {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	c.dead = true
	response, err := interfaces.Exchange(dst, request, c.stdin, c.stdout)
	if err != nil {
		c.end()
		return dst, fmt.Errorf("run the command: %w", err)
	}
	c.wait()
	state := c.cmd.ProcessState
	switch {
	case state.Success():
		return response, nil
	case state.Exited():
		err = abi.Exited(uint32(state.ExitCode()), c.said.Line())
	default:
		err = fmt.Errorf("%w: %s", runners.ErrTrap, interfaces.WithOutput(state.String(), c.said.Line()))
	}
	return dst, fmt.Errorf("run the command: %w", err)
}
