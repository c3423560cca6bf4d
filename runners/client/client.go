package client

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"edgebench/runners"
	"edgebench/runners/internal/spawn"
	"edgebench/runners/protocol"
)

// ErrDeadline: the agent did not answer in time and was killed.
var ErrDeadline = errors.New("deadline passed")

// ErrDied: the agent's process ended in the middle of a task.
var ErrDied = errors.New("the agent died")

// Agent is a running agent. It is used by one goroutine at a time.
type Agent struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	pipe   io.Closer // of out
	out    *bufio.Reader
	stderr tail
	dead   error
	// Began is the moment right before the process was started, on the clock
	// of runners.Now.
	Began time.Duration
}

// Start starts an agent's executable in a process group of its own.
func Start(path string) (*Agent, error) { return launch([]string{path}) }

// launch starts a command that is an agent.
func launch(command []string) (*Agent, error) {
	a := &Agent{cmd: exec.Command(command[0], command[1:]...)}
	a.cmd.Stderr = &a.stderr
	a.cmd.Env = append(os.Environ(), "GOTRACEBACK=none")
	a.cmd.WaitDelay = 2 * time.Second // a stray child may hold stderr open
	ownGroup(a.cmd)
	in, err := a.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start agent: %w", err)
	}
	out, err := a.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start agent: %w", err)
	}
	a.in, a.pipe, a.out = in, out, bufio.NewReaderSize(out, 64<<10)
	a.Began = runners.Now()
	if err := spawn.Start(a.cmd); err != nil {
		return nil, fmt.Errorf("start agent: %w", err)
	}
	return a, nil
}

// PID is the agent's process.
func (a *Agent) PID() int { return a.cmd.Process.Pid }

// Ask sends a request and waits for its reply. The reply's own error is
// returned as the error. When ctx ends first, or the agent dies, the agent and
// all processes of its group are killed and every further Ask fails.
func (a *Agent) Ask(ctx context.Context, q protocol.Request) (protocol.Reply, error) {
	var reply protocol.Reply
	err := a.converse(ctx, func() error {
		if err := a.send(q); err != nil {
			return err
		}
		return a.receive(&reply)
	})
	if err == nil && reply.Error != nil {
		err = reply.Error
	}
	return reply, err
}

// AskBoot is Ask for the boot rung: took is the time from before the start of
// the agent's process until the agent reported its first response.
func (a *Agent) AskBoot(ctx context.Context, q protocol.Request) (reply protocol.Reply, took time.Duration, err error) {
	err = a.converse(ctx, func() error {
		if err := a.send(q); err != nil {
			return err
		}
		line, err := a.line()
		took = runners.Now() - a.Began
		if err != nil {
			return err
		}
		if string(line) != protocol.Answered {
			return json.Unmarshal(line, &reply)
		}
		return a.receive(&reply)
	})
	if err == nil && reply.Error != nil {
		err = reply.Error
	}
	return reply, took, err
}

// converse runs f. When ctx ends first it kills the agent, which makes f's reads
// fail.
func (a *Agent) converse(ctx context.Context, f func() error) error {
	if a.dead != nil {
		return a.dead
	}
	stop := context.AfterFunc(ctx, func() {
		killGroup(a.cmd.Process)
		a.pipe.Close() // a stray that left the group may hold the other end
	})
	err := f()
	if stop() && err == nil {
		return nil
	}
	if ctxErr := ctx.Err(); ctxErr != nil {
		a.dead = whyEnded(ctxErr)
		a.bury()
		return a.dead
	}
	a.dead = a.postMortem(err)
	return a.dead
}

func whyEnded(ctxErr error) error {
	if errors.Is(ctxErr, context.DeadlineExceeded) {
		return ErrDeadline
	}
	return ctxErr
}

// lastWords is how long an agent that has closed its output may take to end.
const lastWords = time.Second

// postMortem returns how the agent died, given the error of the failed read or
// write.
func (a *Agent) postMortem(err error) error {
	if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, os.ErrClosed) && !isBrokenPipe(err) {
		killGroup(a.cmd.Process)
		a.bury()
		return fmt.Errorf("communicate with the agent: %w", err)
	}
	// The output has ended, so the agent has ended or is about to.
	late := time.AfterFunc(lastWords, func() { killGroup(a.cmd.Process) })
	defer late.Stop()
	a.bury()
	said := a.stderr.line()
	if said != "" {
		said = ": " + said
	}
	return fmt.Errorf("%w (%s)%s", ErrDied, a.cmd.ProcessState, said)
}

func (a *Agent) send(q protocol.Request) error {
	b, err := json.Marshal(q)
	if err != nil {
		return err
	}
	_, err = a.in.Write(append(b, '\n'))
	return err
}

func (a *Agent) receive(reply *protocol.Reply) error {
	line, err := a.line()
	if err != nil {
		return err
	}
	if err := json.Unmarshal(line, reply); err != nil {
		return fmt.Errorf("read the reply %.80q: %w", line, err)
	}
	return nil
}

// line reads one line of bounded length, without its end.
func (a *Agent) line() ([]byte, error) {
	var line []byte
	for {
		part, err := a.out.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > protocol.MaxLine {
			return nil, fmt.Errorf("a reply of more than %d bytes: %w", protocol.MaxLine, runners.ErrTooLarge)
		}
		if err == nil {
			return []byte(strings.TrimSuffix(string(line), "\n")), nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
	}
}

// Close tells the agent to exit and waits for it; the agent is killed if ctx ends
// first. An error means that the agent did not exit cleanly and may have left
// something behind (see runners.Runner.Sweep).
func (a *Agent) Close(ctx context.Context) error {
	if a.dead != nil {
		return nil
	}
	a.dead = fmt.Errorf("agent: %w", runners.ErrClosed)
	a.in.Close()
	stop := context.AfterFunc(ctx, func() { killGroup(a.cmd.Process) })
	defer stop()
	if err := a.bury(); err != nil {
		return fmt.Errorf("the agent did not exit cleanly (%w): %s", err, a.stderr.line())
	}
	return nil
}

// Kill ends the agent and all processes of its group at once.
func (a *Agent) Kill() {
	a.dead = fmt.Errorf("agent: %w", runners.ErrClosed)
	if a.cmd.ProcessState == nil {
		killGroup(a.cmd.Process)
		a.bury()
	}
}

// bury waits for the agent's end and kills the rest of its process group. The group
// is killed before the agent is reaped, while no other process can have its number.
func (a *Agent) bury() error {
	if awaitEnd(a.cmd.Process) {
		killGroup(a.cmd.Process)
	}
	return a.cmd.Wait()
}
