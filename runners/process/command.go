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
	said  *interfaces.Words
	right uint8 // its exit code
}

func (l *loaded) spawnCommand() (*command, error) {
	said := &interfaces.Words{}
	c, err := l.spawn(true, said)
	if err != nil {
		return nil, err
	}
	return &command{c, said, l.use.ExitCode}, nil
}

// Call gives the process its request and waits for its end, or for that of the
// context.
func (c *command) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if c.dead {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	c.dead = true
	defer context.AfterFunc(ctx, func() { _ = c.cmd.Process.Kill() })()
	response, err := interfaces.Exchange(dst, request, c.stdin, c.stdout)
	if err != nil {
		c.end()
		return dst, fmt.Errorf("run the command: %w", err)
	}
	c.wait()
	state := c.cmd.ProcessState
	if ctx.Err() != nil {
		return dst, fmt.Errorf("run the command: %w: %s", runners.ErrTrap, interfaces.WithOutput(interfaces.Unanswered(ctx, request, response[len(dst):]), c.said.Line()))
	}
	if state.Exited() {
		err = abi.CheckExit(uint32(state.ExitCode()), uint32(c.right), c.said.Line())
	} else {
		err = fmt.Errorf("%w: %s", runners.ErrTrap, interfaces.WithOutput(state.String(), c.said.Line()))
	}
	if err != nil {
		return dst, fmt.Errorf("run the command: %w", err)
	}
	return response, nil
}
