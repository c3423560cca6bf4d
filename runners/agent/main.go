// Package agent is the agent's side of the protocol: it carries out one task
// after another against one runner, and holds the timed code.
//
// Each trial has an agent process of its own. It links one runtime, so that no
// other runtime's size, symbols, caches or crashes affect the measurements.
package agent

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"edgebench/runners"
	"edgebench/runners/protocol"
	"edgebench/runners/source"
)

// Main serves requests from stdin until stdin ends. It returns the exit code: 0 for
// success, 1 if the live instances could not be closed, 2 if it was not called by
// the harness.
func Main(r runners.Runner, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 2 && args[0] == bootArgument {
		return boot(r, args[1], stdout, stderr)
	}
	if len(args) > 0 || isTerminal(stdin) {
		fmt.Fprintln(stderr, "this is an agent of edgebench, started by benchrun; run benchrun instead")
		return 2
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s := newServer(r, stdout)
	in := bufio.NewScanner(stdin)
	in.Buffer(make([]byte, 64<<10), protocol.MaxLine)
	lines := make(chan []byte)
	var late *time.Timer
	s.listen = sync.OnceFunc(func() {
		go readLines(in, lines, func() {
			cancel()
			late = time.AfterFunc(leaveWithin, func() { os.Exit(1) })
		})
	})
	if in.Scan() {
		s.write(s.serve(ctx, bytes.Clone(in.Bytes())))
	}
	s.listen()
	for line := range lines {
		// A harness that does not read any more has closed the input too.
		s.write(s.serve(ctx, line))
	}
	defer late.Stop() // set before lines was closed
	if err := s.close(); err != nil {
		fmt.Fprintf(stderr, "close the live instances: %v\n", err)
		return 1
	}
	return 0
}

// leaveWithin bounds the time in which an agent closes its live instances after its
// input has ended. A thousand containers take long. An agent that takes longer
// exits without closing the rest.
const leaveWithin = 5 * time.Minute

// readLines passes on lines until the input ends. The end of input tells the agent
// to exit, also if the harness has died.
func readLines(in *bufio.Scanner, lines chan<- []byte, ended func()) {
	for in.Scan() {
		lines <- bytes.Clone(in.Bytes())
	}
	ended()
	close(lines)
}

func isTerminal(r io.Reader) bool {
	f, ok := r.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// server serves one runner.
type server struct {
	runner runners.Runner
	out    *bufio.Writer
	// listen begins to read further input, whose end cancels what is being done. The
	// rung boot does so when it has answered, since another thread takes time.
	listen func()
	// live are the instances that Grow keeps between two requests.
	live *instances
	// confined are the guests of attempts, between two tasks.
	confined *confined
}

// newServer makes one that has no further input to listen to.
func newServer(r runners.Runner, out io.Writer) *server {
	return &server{runner: r, out: bufio.NewWriter(out), listen: func() {}}
}

// handler carries out one part of an experiment, whose parameters are JSON, and
// returns its result.
type handler func(ctx context.Context, s *server, q protocol.Task) (any, error)

// tasks is the table of an agent's tasks, one file each.
var tasks = map[string]handler{
	AnswerTask:     answer,
	LookTask:       look,
	ColdStartTask:  coldStart,
	BaselineTask:   baseline,
	GrowTask:       grow,
	ThroughputTask: throughput,
	ParallelTask:   parallel,
	IsolationTask:  isolation,
	SurfaceTask:    surface,
	EvaluateTask:   evaluate,
	LoadKeptTask:   loadKept,
}

func (s *server) write(reply protocol.Reply) {
	b, err := json.Marshal(reply)
	if err != nil {
		b, _ = json.Marshal(protocol.Reply{Error: protocol.NewError(fmt.Errorf("compose the reply: %w", err))})
	}
	s.out.Write(b)
	s.out.WriteByte('\n')
	s.out.Flush()
}

// answered tells the harness to stop its clock.
func (s *server) answered() {
	s.out.WriteString(protocol.Answered + "\n")
	s.out.Flush()
	s.listen()
}

func (s *server) serve(ctx context.Context, line []byte) protocol.Reply {
	var q protocol.Request
	if err := json.Unmarshal(line, &q); err != nil {
		return failed(fmt.Errorf("read the request: %w", err))
	}
	if q.Task == nil || q.Task.Name != ColdStartTask {
		s.listen()
	}
	switch {
	case q.Check != nil:
		info, err := s.runner.Check(ctx)
		if info.Library = source.OwnLibrary(); info.Library != "" {
			info.Released = "" // of the runner's own library
		}
		return protocol.Reply{Info: &info, Error: protocol.NewError(err)}
	case q.Prepare != nil:
		p, err := s.prepare(ctx, *q.Prepare)
		return protocol.Reply{Prepared: &p, Error: protocol.NewError(err)}
	case q.Task != nil:
		return s.task(ctx, *q.Task)
	case q.Sweep != nil:
		return protocol.Reply{Done: true, Error: protocol.NewError(s.runner.Sweep(ctx, q.Sweep.Scope))}
	}
	return failed(fmt.Errorf("the request has no field that this agent supports"))
}

func failed(err error) protocol.Reply { return protocol.Reply{Error: protocol.NewError(err)} }

func (s *server) prepare(ctx context.Context, q protocol.Prepare) (p runners.Prepared, err error) {
	rt, err := s.runner.Boot(ctx, q.Options)
	if err != nil {
		return p, err
	}
	defer func() { err = firstError(err, rt.Close()) }()
	if p, err = rt.Prepare(ctx, q.Artefact, q.Dir, nil); err != nil {
		return p, err
	}
	return p, p.AddChecksum()
}

func (s *server) task(ctx context.Context, q protocol.Task) protocol.Reply {
	do, ok := tasks[q.Name]
	switch {
	case !ok:
		return failed(fmt.Errorf("the agent has no task %q", q.Name))
	case len(q.Subject.Exchanges) == 0 && s.live == nil && q.Name != EvaluateTask:
		return failed(errNoExchange)
	}
	found, err := do(ctx, s, q)
	if err != nil {
		return failed(err)
	}
	b, err := json.Marshal(found)
	if err != nil {
		return failed(fmt.Errorf("compose the result of %s: %w", q.Name, err))
	}
	return protocol.Reply{Result: b}
}

// read gets the parameters of a task.
func read[T any](q protocol.Task) (p T, err error) {
	if err := json.Unmarshal(q.Parameters, &p); err != nil {
		return p, fmt.Errorf("read the parameters of %s: %w", q.Name, err)
	}
	return p, nil
}

func (s *server) close() error {
	var errs []error
	if s.live != nil {
		errs = append(errs, s.live.close())
	}
	if s.confined != nil {
		errs = append(errs, s.confined.close())
	}
	if c, ok := s.runner.(io.Closer); ok {
		errs = append(errs, c.Close())
	}
	return firstError(errs...)
}

// remove deletes a prepared artefact from a store outside its folder, if the
// runtime has one.
func remove(ctx context.Context, rt runners.Runtime, p runners.Prepared) error {
	if r, ok := rt.(runners.Remover); ok {
		return r.Remove(ctx, p)
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
