package trial

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"edgebench/bench/host"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// Agent is a started agent, as package client gives it.
type Agent interface {
	Ask(context.Context, protocol.Request) (protocol.Reply, error)
	AskBoot(context.Context, protocol.Request) (protocol.Reply, time.Duration, error)
	PID() int
	Close(context.Context) error
}

// Build names an artefact within a run: what a system prepared of a workload.
type Build struct{ Runner, Mode, Workload, Language string }

// BuildOf names the artefact of a cell.
func BuildOf(c results.Cell) Build { return Build{c.Runner, c.Mode, c.Workload, c.Language} }

// Lab is all that the trials of a run share.
type Lab struct {
	Run string
	// Start starts a runner's agent.
	Start func(runner string) (Agent, error)
	// Exchanges of each workload.
	Exchanges map[string][]runners.Exchange
	// Prepared artefacts; what could not be prepared has its error here.
	Prepared map[Build]Prepared
	// Slowed runners, each with the share by which its timed operations are
	// made longer on purpose.
	Slowed map[string]float64
	// Sizes of the artefacts of which the plan asks for them.
	Sizes map[Build]Sized
	// Scratch is the run's folder for what lives as long as a trial.
	Scratch string
	// Scope of the trials; what is prepared has another one, since a sweep
	// after a trial must not take it away.
	Scope string
	// Probe looks at the node.
	Probe Probe
	// Watch begins to watch the machine beside a trial, and gives what ends
	// it with what went on; nil where nobody watches.
	Watch func() (since func() map[string]float64)

	paces paces
}

// Prepared is an artefact that is ready on disk, or why it is not.
type Prepared struct {
	runners.Prepared
	Err error
}

// Sized is how large an artefact is, whoever runs it, or why that is unknown.
type Sized struct {
	Metrics []results.Metric
	Err     error
}

// Do runs one trial. The record's outcome says how it went.
func (l *Lab) Do(ctx context.Context, t results.Trial) results.Record {
	r := results.Record{
		Schema: results.Schema, Run: l.Run, Seq: t.Seq, Block: t.Block,
		Experiment: t.Experiment, Cell: t.Cell, At: time.Now().UTC(), Outcome: results.OK,
		Metrics: []results.Metric{}, Phases: []results.Metric{},
		Conditions: t.Conditions, Warnings: []string{},
	}
	since := func() map[string]float64 { return nil }
	if l.Watch != nil && t.Experiment != results.Size {
		since = l.Watch()
	}
	err := l.attempt(ctx, t, &r)
	r.Machine = since()
	r.Disturbed = host.Disturbed(r.Machine, ServedByEngine(t.Cell.Runner, t.Cell.Mode), itsOwn(t)...)
	if err != nil {
		fail(&r, err)
	}
	return r
}

// ServedByEngine says whether much of a system's work is done by processes that
// are no children of its agent.
func ServedByEngine(runner, mode string) bool {
	return runner == "docker" || runner == "oci" && mode != "embedded"
}

// itsOwn names what of the machine's figures a trial brings about itself: one
// that begins with an empty page cache or a new artefact waits for the disk, and
// one that fills the memory waits for memory.
func itsOwn(t results.Trial) []string {
	switch {
	case t.Experiment == results.Density, t.Experiment == results.Memory:
		return []string{results.MachineMemoryPressure, results.MachineIOPressure}
	case t.Cell.Rung == results.Deploy, t.Conditions[results.PageCache] == dropped:
		return []string{results.MachineIOPressure}
	}
	return nil
}

// fail empties a record of figures: those of a trial that failed are worth
// nothing.
func fail(r *results.Record, err error) {
	r.Outcome = results.Failed
	if errors.Is(err, runners.ErrUnavailable) || errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission) {
		r.Outcome = results.Unavailable
	}
	r.Error = oneLine(err)
	r.Metrics, r.Phases, r.Histograms, r.Facts = []results.Metric{}, []results.Metric{}, nil, nil
}

// attempt does a trial's experiment and fills its record.
func (l *Lab) attempt(ctx context.Context, t results.Trial, r *results.Record) (err error) {
	subject, err := l.subject(t)
	if err != nil {
		return err
	}
	if t.Experiment == results.Size {
		return recordSize(r, subject.Prepared, l.Sizes[BuildOf(t.Cell)])
	}
	if err := subject.Prepared.Verify(); err != nil {
		return err
	}
	if err := l.dropCache(t); err != nil {
		return err
	}
	warnings, err := l.Visit(ctx, t.Cell.Runner, subject.Options.Scratch, t.Deadline, func(ctx context.Context, a Agent) error {
		return l.experiment(ctx, a, t, subject, r)
	})
	r.Warnings = append(r.Warnings, warnings...)
	return err
}

// Visit starts a runner's agent with a scratch folder, lets f talk to it until
// the deadline, and leaves nothing: the folder goes, and what an agent that did
// not end well has left outside it is swept. Warnings say what could not go.
func (l *Lab) Visit(ctx context.Context, runner, scratch string, deadline time.Duration, f func(context.Context, Agent) error) (warnings []string, err error) {
	warn := func(err error) {
		if err != nil {
			warnings = append(warnings, oneLine(err))
		}
	}
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return nil, fmt.Errorf("make the trial's folder: %w", err)
	}
	defer func() {
		if err := os.RemoveAll(scratch); err != nil {
			warn(fmt.Errorf("remove the trial's folder: %w", err))
		}
	}()
	a, err := l.Start(runner)
	if err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	err = f(within, a)
	closeErr := l.close(ctx, a)
	warn(closeErr)
	if err != nil || closeErr != nil {
		warn(l.sweep(runner)) // whatever it was, it may not have cleaned up
	}
	return warnings, err
}

// closeWithin is how long an agent may take to close its live instances, which
// for hundreds of containers is long. An interrupt ends it at once.
const closeWithin = 3 * time.Minute

func (l *Lab) close(ctx context.Context, a Agent) error {
	ctx, cancel := context.WithTimeout(ctx, closeWithin)
	defer cancel()
	return a.Close(ctx)
}

func (l *Lab) subject(t results.Trial) (protocol.Subject, error) {
	c := t.Cell
	p, ok := l.Prepared[BuildOf(c)]
	switch {
	case !ok:
		return protocol.Subject{}, fmt.Errorf("nothing was prepared for %s", c)
	case p.Err != nil:
		return protocol.Subject{}, fmt.Errorf("prepare: %w", p.Err)
	}
	return protocol.Subject{
		Options: runners.Options{
			Mode: c.Mode, Scope: l.Scope,
			Scratch: filepath.Join(l.Scratch, "t"+strconv.Itoa(t.Seq)),
		},
		Prepared:  p.Prepared,
		Exchanges: l.Exchanges[c.Workload],
	}, nil
}

// sweepWithin bounds the cleaning up after an agent that died.
const sweepWithin = time.Minute

// sweep removes what a dead agent left. It has a time of its own: the trial's
// is over, or the run was interrupted.
func (l *Lab) sweep(runner string) error {
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

func (l *Lab) dropCache(t results.Trial) error {
	if t.Conditions[results.PageCache] != dropped {
		return nil
	}
	return l.Probe.DropPageCache()
}

const dropped = "dropped"

func (l *Lab) experiment(ctx context.Context, a Agent, t results.Trial, s protocol.Subject, r *results.Record) error {
	switch t.Experiment {
	case results.ColdStart:
		return l.coldStart(ctx, a, t, s, r)
	case results.Throughput:
		return l.throughput(ctx, a, t, s, r)
	case results.Memory, results.Density:
		return l.population(ctx, a, t, s, r)
	}
	return fmt.Errorf("experiment %q is unknown", t.Experiment)
}
