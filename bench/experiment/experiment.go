// Package experiment defines the interface of an experiment: one kind of
// measurement of systems and artefacts, with its own parameters.
//
// Each experiment is a package below this one. It defines its keys of a
// configuration, how these expand into cells for one system and one artefact, how
// one trial runs, and which metrics it records. Other packages know no experiment
// by name: bench/plan makes specifications of what Parameters.Expand gives,
// bench/trial gives Run a fresh agent and a deadline and turns a Result into a
// record. bench/experiment/registry has the table of all experiments, and of all
// metrics.
//
// The part of an experiment that runs inside an agent, with its timed code and
// its messages, is one file of runners/agent. How its records are shown is one
// section of report/section.
package experiment

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// Experiment is one question.
type Experiment interface {
	// Describe says what the experiment is called, asks and records.
	Describe() Description
	// Parameters gives the experiment's own keys of a configuration, with their
	// defaults. It is a pointer to a struct with toml tags.
	Parameters() Parameters
	// Run does one trial. An error fails the trial and is its reason; one that
	// wraps runners.ErrUnavailable, errors.ErrUnsupported or fs.ErrPermission
	// says that the cell can't be measured here.
	Run(ctx context.Context, t *Trial) (Result, error)
}

// Preparer is an Experiment with work before the first trial, which runs while
// artefacts are prepared. An error fails its trials.
type Preparer interface {
	Prepare(ctx context.Context, list []Candidate)
}

// Candidate is an artefact that trials of an experiment will run.
type Candidate struct {
	Cell     results.Cell
	Artefact runners.Artefact
}

// Description is what others must know of an experiment.
type Description struct {
	Name results.Experiment
	// Asks is the question, in a line.
	Asks string
	// Metrics are all that it records, in the order in which they are shown.
	Metrics []Metric
	// Headline is the metric that stands for the experiment where one figure
	// does: it has a grade, and adaptive trials narrow its interval.
	Headline string
	// Adaptive says that cells may have adaptive trials.
	Adaptive bool
	// Slowable says that operations are timed that `--slow` can make longer.
	Slowable bool
	// OwnDoing lists readings of the machine, by the names of results.Machine…,
	// that a trial with these parameters brings about itself, so that they
	// disturb nothing. It may be nil.
	OwnDoing func(results.Params) []string
}

// Timed says whether the experiment measures anything that a busy machine could
// change. One that only counts does not.
func (d Description) Timed() bool {
	for _, m := range d.Metrics {
		if !m.Counted {
			return true
		}
	}
	return false
}

// Direction says which values of a metric are better.
type Direction string

// The directions.
const (
	Lower   Direction = "lower"
	Higher  Direction = "higher"
	Neither Direction = ""
)

// Metric describes one quantity of a record.
type Metric struct {
	Name string
	// Unit is one of the units of package results.
	Unit   string
	Better Direction
	// Counted values have no noise: the same artefact gives the same value.
	Counted bool
	// Signed values may be negative.
	Signed bool
	// Histogram says that a record has it among its histograms.
	Histogram bool
	// Meaning is one line for people.
	Meaning string
}

// Of gives the metric of a record.
func (m Metric) Of(values ...float64) results.Metric {
	return results.Metric{Name: m.Name, Unit: m.Unit, Values: values}
}

// OfDurations gives the metric of a record, in seconds.
func (m Metric) OfDurations(values ...time.Duration) results.Metric {
	return Durations(m.Name, values...)
}

// Durations gives a metric in seconds, such as a phase.
func Durations(name string, values ...time.Duration) results.Metric {
	seconds := make([]float64, len(values))
	for i, v := range values {
		seconds[i] = v.Seconds()
	}
	return results.Metric{Name: name, Unit: results.Seconds, Values: seconds}
}

// Parameters are an experiment's own keys of an entry of a configuration.
type Parameters interface {
	// Check rejects implausible values. Errors are one line that names the key.
	// No part of a trial may last as long as the deadline.
	Check(deadline time.Duration) error
	// Expand gives the cells that the parameters ask for of one system with one
	// artefact; none where that has no such thing.
	Expand(t Target) []Case
}

// Target is one system with one artefact, as far as an experiment must know.
type Target struct {
	Mode  runners.Mode
	Takes []runners.Kind
	// SingleShot instances answer one request and end.
	SingleShot bool
	// Exclusive instances can't live beside each other: all of them listen on
	// the same port of the same network.
	Exclusive bool
	// Cores is the number of workers that stands for all cores.
	Cores int
}

// Case is one cell of a target, without the target's names.
type Case struct {
	Params results.Params
	// Effort is how much one trial does. It becomes JSON in the plan, which Run
	// reads back by Trial.ReadEffort. nil for none.
	Effort any
}

// Trial is the input of one trial. Run is called exactly once with each.
type Trial struct {
	Cell results.Cell
	// Effort is the plan's.
	Effort json.RawMessage
	// Subject is what an agent needs to know of mode, artefact and requests.
	Subject protocol.Subject
	// Slow is the share by which timed operations are to be made longer.
	Slow float64
	// Start starts a fresh agent, which is ended after Run. Each call starts a
	// further one.
	Start func() (Agent, error)
	// StartOn is Start on another platform (see client.Platform), for which the agent is
	// built first. An error that wraps runners.ErrUnavailable says what is missing.
	StartOn func(platform string) (Agent, error)
	// StartOther is Start of another runner of the run. An error that wraps
	// runners.ErrUnavailable says that it is none.
	StartOther func(runner string) (Agent, error)
	// Confine gives all agents that are started from then on, with what they start
	// in turn, a common limit of memory, in bytes: a control group. It is called
	// once at most, and gives the name of the group for runners.Options.
	Confine func(memory uint64) (group string, err error)
	// Node is the machine that the trial is run on.
	Node Node
}

// ReadEffort reads what Case.Effort became.
func (t *Trial) ReadEffort(v any) error {
	if len(t.Effort) == 0 {
		return nil
	}
	return json.Unmarshal(t.Effort, v)
}

// SubjectFor is the subject of an agent that was started after n others. Each but the
// first has a scratch folder of its own, which is made: the others' instances live in
// theirs, or have died and left their files there.
func (t *Trial) SubjectFor(n int) (protocol.Subject, error) {
	s := t.Subject
	if n == 0 {
		return s, nil
	}
	s.Options.Scratch = filepath.Join(s.Options.Scratch, "p"+strconv.Itoa(n))
	if err := os.Mkdir(s.Options.Scratch, 0o700); err != nil {
		return s, fmt.Errorf("make a process's folder: %w", err)
	}
	return s, nil
}

// Ask starts the trial's agent, has it do one task, and reads what that found into
// result.
func (t *Trial) Ask(ctx context.Context, task string, parameters, result any) error {
	a, err := t.Start()
	if err != nil {
		return err
	}
	q, err := protocol.NewTask(task, t.Subject, parameters)
	if err != nil {
		return err
	}
	reply, err := a.Ask(ctx, q)
	if err != nil {
		return err
	}
	return reply.Decode(result)
}

// Agent is a started agent, as package runners/client gives it.
type Agent interface {
	Ask(context.Context, protocol.Request) (protocol.Reply, error)
	// AskBoot also gives the time from before the agent's process was started to
	// the line with which it says that the first response is there.
	AskBoot(context.Context, protocol.Request) (protocol.Reply, time.Duration, error)
	PID() int
}

// Node is what experiments may do to the machine, and read of it.
type Node interface {
	// DropPageCache makes the next read of every file come from the disk.
	DropPageCache() error
	// Read waits until memory has settled and reads what the owners hold. agent
	// is the agent's process.
	Read(ctx context.Context, agent int, o runners.MemoryOwners) (Reading, error)
	// Memory reads the memory of the whole node, at once.
	Memory() (NodeMemory, error)
	// CPU is the processor time that processes have used. One that has ended counts
	// as none.
	CPU(pids []int) (time.Duration, error)
	// Charge reads what counts against a limit of memory: that of the control group
	// of Trial.Confine, and that of owners outside of it, such as an engine's shims.
	Charge(group string, o runners.MemoryOwners) (Charge, error)
}

// Charge is memory that counts against a limit, in bytes.
type Charge struct {
	// Group is what the control group is charged without pages of files, which the
	// kernel takes back before it exceeds the limit.
	Group uint64
	// Beside is the PSS of owners' processes outside of the group, Daemons that of
	// their daemons outside of it.
	Beside, Daemons uint64
}

// NodeMemory is the node's memory at one moment.
type NodeMemory struct {
	// Available is MemAvailable and Total is MemTotal, in bytes.
	Available, Total uint64
	// Kernel is what the kernel holds for itself: slabs, stacks, page tables and data
	// of each CPU, in bytes.
	Kernel uint64
	// Stalled is for how long some task has waited for memory since the machine
	// was started; negative where the kernel does not tell.
	Stalled time.Duration
	// Killed is how many processes the kernel has killed for want of memory, of the
	// node or of a control group, since the machine was started.
	Killed uint64
}

// Reading is the memory of live instances at one moment, in bytes.
type Reading struct {
	// PSS and PageTables are sums over the agent and the owners' processes.
	PSS, PageTables uint64
	// Daemons is the PSS of the owners' daemons.
	Daemons uint64
	// Cgroups is the charge of the owners' control groups; HasCgroups says
	// whether there are any.
	Cgroups    uint64
	HasCgroups bool
	// Available is the node's MemAvailable, Kernel its kernel memory (see
	// NodeMemory).
	Available, Kernel uint64
	// Gone is how many of the owners' processes have ended.
	Gone int
}

// Result is what a trial found. Its metrics enter the record as they are.
type Result struct {
	Metrics    []results.Metric
	Phases     []results.Metric
	Histograms []results.Histogram
	// Stop and ProcessStop are the record's.
	Stop, ProcessStop *results.Stop
	// Checks enter the record as they are.
	Checks []results.Check
}
