package trial

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// Agent is a started agent, as package client gives it.
type Agent interface {
	experiment.Agent
	Close(context.Context) error
}

// Confinement is a control group that limits the memory of processes.
type Confinement interface {
	// Start calls a function, and what that starts is within the group.
	Start(start func() error) error
	// Path is the group's, from the root of each hierarchy.
	Path() string
	// Remove kills what is still within the group, and removes it.
	Remove() error
}

// Build names an artefact within a run: what a system prepared of a workload.
type Build struct {
	results.System
	results.Artefact
}

// BuildOf names the artefact of a cell.
func BuildOf(c results.Cell) Build { return Build{c.System, c.Artefact} }

// Runner runs trials: it holds what all trials of a run share.
type Runner struct {
	Run string
	// Experiments of the run, by their names.
	Experiments map[results.Experiment]experiment.Experiment
	// Start starts an agent of a runner.
	Start func(runner string) (Agent, error)
	// StartOn starts an agent of a runner that is built for another platform; nil where
	// there are no others.
	StartOn func(ctx context.Context, runner, platform string) (Agent, error)
	// Confine makes a control group that limits memory, in bytes, under a name that
	// no other has; nil where there is none to be had.
	Confine func(name string, memory uint64) (Confinement, error)
	// Exchanges of each workload.
	Exchanges map[string][]runners.Exchange
	// Prepared artefacts, several of a build where it was prepared several times:
	// trials take them in turn, by block. What could not be prepared has its error
	// here.
	Prepared map[Build][]Prepared
	// Slowed runners, each with the share by which its timed operations are
	// made longer on purpose.
	Slowed map[string]float64
	// Deadline is when a trial that has not ended is stopped and has failed.
	Deadline time.Duration
	// Scratch is the run's folder for what lives as long as a trial.
	Scratch string
	// Scope of the trials; what is prepared has another one, since a sweep
	// after a trial must not take it away.
	Scope string
	// Node is the machine.
	Node experiment.Node
	// Watch begins to watch the machine beside a trial, and gives what ends
	// it with what went on; nil where nobody watches.
	Watch func() (since func() map[string]float64)
}

// Prepared is an artefact that is prepared on disk, or the error of preparing it.
type Prepared struct {
	runners.Prepared
	Err error
}

// Do runs one trial. The record's outcome says how it went.
func (l *Runner) Do(ctx context.Context, t results.Trial) results.Record {
	r := results.Record{
		Schema: results.Schema, Run: l.Run, Seq: t.Seq, Block: t.Block,
		Cell: t.Cell, At: time.Now().UTC(), Outcome: results.OK,
		Metrics: []results.Metric{}, Phases: []results.Metric{}, Warnings: []results.Warning{},
	}
	since := func() map[string]float64 { return nil }
	if l.Watch != nil {
		since = l.Watch()
	}
	err := l.attempt(ctx, t, &r)
	r.Machine = since()
	if err != nil {
		fail(&r, err)
	}
	return r
}

// fail removes all figures from a record: figures of a failed trial are
// meaningless.
func fail(r *results.Record, err error) {
	r.Outcome = results.Failed
	if errors.Is(err, runners.ErrUnavailable) || errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission) {
		r.Outcome = results.Unavailable
	}
	r.Error = oneLine(err)
	r.Metrics, r.Phases, r.Histograms = []results.Metric{}, []results.Metric{}, nil
	r.Stop, r.ProcessStop, r.Checks = nil, nil, nil
}

// attempt does a trial's experiment and fills its record.
func (l *Runner) attempt(ctx context.Context, t results.Trial, r *results.Record) (err error) {
	e, ok := l.Experiments[t.Experiment]
	if !ok {
		return fmt.Errorf("experiment %q is unknown", t.Experiment)
	}
	subject, err := l.subject(t)
	if err != nil {
		return err
	}
	r.Kind = string(subject.Prepared.Artefact.Kind)
	visit := &visit{runner: l, name: t.Runner, scratch: subject.Options.Scratch}
	within, cancel := context.WithTimeout(ctx, l.Deadline)
	defer cancel()
	found, err := e.Run(within, &experiment.Trial{
		Cell: t.Cell, Effort: t.Effort, Subject: subject, Slow: l.Slowed[t.Runner], Node: l.Node,
		Start: func() (experiment.Agent, error) {
			if err := subject.Prepared.Verify(); err != nil {
				return nil, err
			}
			return visit.start()
		},
		StartOn: func(platform string) (experiment.Agent, error) {
			if l.StartOn == nil {
				return nil, fmt.Errorf("run an agent on %s: %w", platform, errors.ErrUnsupported)
			}
			return visit.begin(func() (Agent, error) { return l.StartOn(within, t.Runner, platform) })
		},
		StartOther: func(runner string) (experiment.Agent, error) {
			return visit.begin(func() (Agent, error) { return l.Start(runner) })
		},
		Confine: visit.confine,
	})
	for _, w := range visit.end(ctx, err) {
		r.Warnings = append(r.Warnings, results.Warning{Code: results.WarnCleanUp, Text: w})
	}
	if err != nil {
		return err
	}
	r.Metrics = append(r.Metrics, found.Metrics...)
	r.Phases = append(r.Phases, found.Phases...)
	r.Histograms, r.Stop, r.ProcessStop = found.Histograms, found.Stop, found.ProcessStop
	r.Checks = found.Checks
	return nil
}

// Visit starts a runner's agent with a scratch folder, lets f talk to it until
// the deadline, and cleans up: it removes the folder and sweeps what a failed
// agent has left outside it. Warnings report what could not be removed.
func (l *Runner) Visit(ctx context.Context, runner, scratch string, deadline time.Duration, f func(context.Context, Agent) error) (warnings []string, err error) {
	v := &visit{runner: l, name: runner, scratch: scratch}
	a, err := v.start()
	if err == nil {
		within, cancel := context.WithTimeout(ctx, deadline)
		defer cancel()
		err = f(within, a)
	}
	return v.end(ctx, err), err
}

// visit is the life of a trial's agents with their scratch folder and control group.
type visit struct {
	runner  *Runner
	name    string
	scratch string
	made    bool
	agents  []*noted
	group   Confinement // nil for none
}

// start starts an agent. The first time it makes the folder before.
func (v *visit) start() (Agent, error) {
	return v.begin(func() (Agent, error) { return v.runner.Start(v.name) })
}

// begin makes the folder and notes the agent that a function starts.
func (v *visit) begin(with func() (Agent, error)) (Agent, error) {
	if !v.made {
		if err := os.Mkdir(v.scratch, 0o700); err != nil {
			return nil, fmt.Errorf("make the trial's folder: %w", err)
		}
		v.made = true
	}
	var a Agent
	start := func() (err error) {
		a, err = with()
		return err
	}
	var err error
	if v.group != nil {
		err = v.group.Start(start)
	} else {
		err = start()
	}
	if err != nil {
		return nil, err
	}
	noted := &noted{Agent: a}
	v.agents = append(v.agents, noted)
	return noted, nil
}

// noted is an agent of which it is known whether it ever failed. An experiment may
// take the end of an agent for a result.
type noted struct {
	Agent
	failed bool
}

// Ask implements experiment.Agent.
func (n *noted) Ask(ctx context.Context, q protocol.Request) (protocol.Reply, error) {
	reply, err := n.Agent.Ask(ctx, q)
	n.failed = n.failed || err != nil
	return reply, err
}

// confine makes the control group. Its name has the form of those that a sweep of
// the scope removes.
func (v *visit) confine(memory uint64) (string, error) {
	if v.runner.Confine == nil {
		return "", fmt.Errorf("limit the memory of all processes of a trial: %w", errors.ErrUnsupported)
	}
	group, err := v.runner.Confine(GroupName(v.runner.Scope), memory)
	if err != nil {
		return "", fmt.Errorf("limit the memory of all processes of a trial: %w", err)
	}
	v.group = group
	return group.Path(), nil
}

// GroupName is that of the control group of a scope's trials, of which one runs at a
// time.
func GroupName(scope string) string { return "edgebench-" + scope + "-0" }

// end closes the agents, sweeps where one of them or the trial did not end well, and
// removes the group and the folder. It gives what could not be done.
func (v *visit) end(ctx context.Context, err error) (warnings []string) {
	warn := func(err error) {
		if err != nil {
			warnings = append(warnings, oneLine(err))
		}
	}
	badly := err != nil
	for _, a := range v.agents {
		closing := v.runner.close(ctx, a)
		warn(closing)
		badly = badly || closing != nil || a.failed
	}
	if len(v.agents) > 0 && badly {
		warn(v.runner.sweep(v.name)) // whatever it was, it may not have cleaned up
	}
	if v.group != nil {
		warn(v.group.Remove())
	}
	if v.made {
		if err := os.RemoveAll(v.scratch); err != nil {
			warn(fmt.Errorf("remove the trial's folder: %w", err))
		}
	}
	return warnings
}

// closeWithin bounds the time in which an agent closes its live instances: a slow machine
// takes four minutes for a thousand containers. An interrupt ends it immediately.
const closeWithin = 5 * time.Minute

func (l *Runner) close(ctx context.Context, a Agent) error {
	ctx, cancel := context.WithTimeout(ctx, closeWithin)
	defer cancel()
	return a.Close(ctx)
}

func (l *Runner) subject(t results.Trial) (protocol.Subject, error) {
	c := t.Cell
	all := l.Prepared[BuildOf(c)]
	if len(all) == 0 {
		return protocol.Subject{}, fmt.Errorf("nothing was prepared for %s", c)
	}
	p := all[t.Block%len(all)]
	if p.Err != nil {
		return protocol.Subject{}, fmt.Errorf("prepare: %w", p.Err)
	}
	return protocol.Subject{
		Options: runners.Options{
			Mode: c.Mode, Scope: l.Scope, Memory: p.Artefact.Use.Memory,
			Scratch: filepath.Join(l.Scratch, "t"+strconv.Itoa(t.Seq)),
		},
		Prepared:  p.Prepared,
		Exchanges: l.Exchanges[c.Workload],
		Patience:  l.Deadline - min(l.Deadline/10, time.Second),
	}, nil
}

// sweepWithin bounds the cleaning up after an agent that died, which may leave as many. An
// engine that does not answer is given up earlier.
const sweepWithin = closeWithin

// sweep removes what a dead agent left. It has a time of its own: the trial's
// is over, or the run was interrupted.
func (l *Runner) sweep(runner string) error {
	ctx, cancel := context.WithTimeout(context.Background(), sweepWithin)
	defer cancel()
	return Sweep(ctx, l.Start, runner, l.Scope)
}

// Sweep lets a new agent remove what a dead one left under a scope.
func Sweep(ctx context.Context, start func(string) (Agent, error), runner, scope string) (err error) {
	a, err := start(runner)
	if err != nil {
		return fmt.Errorf("sweep after %s: %w", runner, err)
	}
	defer a.Close(ctx)
	if _, err := a.Ask(ctx, protocol.Request{Sweep: &protocol.Sweep{Scope: scope}}); err != nil {
		return fmt.Errorf("sweep after %s: %w", runner, err)
	}
	return nil
}

// maxError bounds a reason in a record, in bytes.
const maxError = 1000

func oneLine(err error) string {
	s := strings.Join(strings.Fields(err.Error()), " ")
	if len(s) > maxError {
		s = strings.ToValidUTF8(s[:maxError], "") + "…"
	}
	return s
}
