// Package isolation is the experiment that asks what a guest reaches beyond what it
// was given. A guest (workloads/isolation) makes attempts, and each has a result in a
// word: the interface is absent, it was denied, allowed, limited, or the system
// crashed or hung.
//
// # The policy
//
// Each guest is given one folder to read, one to write to, one variable of the
// environment, and no network (runners.Policy). The default is what a user gets who
// asks for this and nothing else. Hardened is what the system offers against hostile
// guests: WebAssembly runtimes give no folders, limit the memory and interrupt; for
// containers see the runners.
//
// # The world
//
// Whatever is aimed at is made for the trial and removed after it: files outside the
// folders, a process of the user nobody with a control group and a network namespace of
// its own, sockets, shared memory, another instance with a secret. System calls have arguments that cannot succeed. An attempt on resources is
// bounded by its budget.
//
// # How a result is found
//
// A guest only reports what it saw. An attempt has reached its goal if the world says
// so: the secret is among what was read, a file that the guest may not change has
// changed. See attempts.go for the attempts and judge.go for the results. expected.toml
// says which results are known to come, and why.
//
// # What hardening costs
//
// Starts and the smallest requests are timed under either policy, and the memory of live
// instances is read at steps, as in the experiment on memory.
//
// # Other artefacts
//
// For any other artefact the experiment says what it asks for: the imports of a module,
// with what it would get, and the surface of its sandbox, from the start to the first
// response (surface.go).
//
// Side channels, and systems that run a kernel for each guest (microVMs), are not
// examined.
package isolation

import (
	"context"
	"fmt"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/instances"
	"edgebench/results"
	"edgebench/runners"
)

// Name of the experiment.
const Name results.Experiment = "isolation"

// Guest is the workload that makes attempts. Any other is asked for its surface.
const Guest = "isolation"

// PolicyParam says what the guest is given: Default or Hardened.
const PolicyParam = "policy"

// Values of PolicyParam.
const (
	Default  = "default"
	Hardened = "hardened"
)

// Policies lists the values of PolicyParam.
func Policies() []string { return []string{Default, Hardened} }

// Results of a check.
const (
	Absent  = "absent"  // there is no such interface
	Denied  = "denied"  // the attempt did not reach its goal
	Allowed = "allowed" // it did
	Limited = "limited" // a limit stopped it
	Crashed = "crashed" // the system itself ended
	Hung    = "hung"    // the system answered no more
)

// Results lists the results of a check.
func Results() []string { return []string{Absent, Denied, Allowed, Limited, Crashed, Hung} }

// Names of the metrics.
const (
	GoalsReached  = "goals_reached"
	Unexpected    = "unexpected_results"
	StopTime      = "stop_time"
	StartTime     = "confined_start"
	RequestTime   = "confined_request"
	Memory        = "confined_memory"
	PSS           = "confined_pss"
	NeighbourP99  = "neighbour_p99"
	QuietP99      = "neighbour_p99_quiet"
	Imports       = "imports"
	SystemCalls   = "system_calls"
	Capabilities  = "capabilities"
	Namespaces    = "namespaces"
	Descriptors   = "descriptors"
	ReachableCall = "reachable_calls"
)

var (
	goalsReached = experiment.Metric{Name: GoalsReached, Unit: results.Count, Better: experiment.Lower, Counted: true,
		Meaning: "of four goals those that a guest reached: a host file, another tenant, the host's resources, knowledge of the host"}
	unexpected = experiment.Metric{Name: Unexpected, Unit: results.Count, Better: experiment.Lower, Counted: true,
		Meaning: "attempts with another result than the one that is known to come"}
	requestTime = experiment.Metric{Name: RequestTime, Unit: results.Seconds, Better: experiment.Lower,
		Meaning: "time of the smallest request under the policy"}
	confinedMemory = experiment.Metric{Name: Memory, Unit: results.Bytes, Better: experiment.Lower, Signed: true,
		Meaning: "how far the node's MemAvailable falls for each further live instance under the policy"}
	confinedPSS = experiment.Metric{Name: PSS, Unit: results.Bytes, Better: experiment.Lower, Signed: true,
		Meaning: "growth of the proportional set size of all processes for each further live instance under the policy"}
	stopTime = experiment.Metric{Name: StopTime, Unit: results.Seconds, Better: experiment.Lower,
		Meaning: "time from the beginning of a computation without an end until the system has stopped it"}
	startTime = experiment.Metric{Name: StartTime, Unit: results.Seconds, Better: experiment.Lower,
		Meaning: "time of a start under the policy, from loaded code or from disk, to the first response"}
	neighbourP99 = experiment.Metric{Name: NeighbourP99, Unit: results.Seconds, Better: experiment.Lower,
		Meaning: "99th percentile of the latency of small requests to other instances while one uses all that it gets"}
	quietP99 = experiment.Metric{Name: QuietP99, Unit: results.Seconds, Better: experiment.Lower,
		Meaning: "the same percentile before that"}
	imports = experiment.Metric{Name: Imports, Unit: results.Count, Better: experiment.Lower, Counted: true,
		Meaning: "functions of the host that the module imports"}
	systemCalls = experiment.Metric{Name: SystemCalls, Unit: results.Count, Better: experiment.Lower,
		Meaning: "distinct system calls of the process that holds the guest, from its start to the first response"}
	capabilities = experiment.Metric{Name: Capabilities, Unit: results.Count, Better: experiment.Lower, Counted: true,
		Meaning: "capabilities of the process that holds the guest"}
	namespaces = experiment.Metric{Name: Namespaces, Unit: results.Count, Better: experiment.Higher, Counted: true,
		Meaning: "namespaces of that process which are not the host's"}
	descriptors = experiment.Metric{Name: Descriptors, Unit: results.Count, Better: experiment.Lower,
		Meaning: "file descriptors that are open in that process"}
	reachableCalls = experiment.Metric{Name: ReachableCall, Unit: results.Count, Better: experiment.Lower,
		Meaning: "of some seventy system calls those that the kernel does not refuse outright"}
)

type isolation struct {
	// set makes a trial's world.
	set func() (*world, error)
	// patience is how long one attempt may take until the system is taken to hang.
	patience time.Duration
}

// New gives the experiment.
func New() experiment.Experiment { return isolation{set: newWorld, patience: 20 * time.Second} }

// Describe implements experiment.Experiment.
func (isolation) Describe() experiment.Description {
	return experiment.Description{
		Name: Name, Asks: "What does a guest reach that it was not given?",
		Metrics: []experiment.Metric{
			goalsReached, unexpected, startTime, requestTime, confinedMemory, confinedPSS, stopTime, neighbourP99, quietP99, imports, systemCalls, capabilities, namespaces, descriptors, reachableCalls,
		},
		Headline: GoalsReached,
		OwnDoing: ownDoing,
	}
}

// ownDoing: attempts on resources make tasks wait for all of them, and what an engine
// does for a container counts as the work of others.
func ownDoing(results.Params) []string {
	return []string{results.MachineOthers, results.MachineCPUPressure, results.MachineMemoryPressure, results.MachineIOPressure}
}

// Parameters are the experiment's keys of a configuration.
type Parameters struct {
	// Policies are Default, Hardened or both (the default).
	Policies []string `toml:"policies"`
	Effort
}

// Effort is how much one trial does.
type Effort struct {
	// Neighbours is the number of instances whose latency is measured while another
	// uses all that it gets; 0 measures none.
	Neighbours int `toml:"neighbours" json:"neighbours,omitempty"`
	// Effort has the steps of live instances at which memory is read, as in the experiment
	// on memory; none reads none. Only the guest that makes attempts has them.
	instances.Effort
}

// maxNeighbours bounds the neighbours.
const maxNeighbours = 100

// Parameters implements experiment.Experiment.
func (isolation) Parameters() experiment.Parameters { return &Parameters{} }

// Check implements experiment.Parameters.
func (p *Parameters) Check(deadline time.Duration) error {
	for _, name := range p.Policies {
		if name != Default && name != Hardened {
			return fmt.Errorf("policies has %q, want %q or %q", name, Default, Hardened)
		}
	}
	if p.Neighbours < 0 || p.Neighbours > maxNeighbours {
		return fmt.Errorf("neighbours is %d, want 0 to %d", p.Neighbours, maxNeighbours)
	}
	return p.checkSteps(deadline)
}

// Expand implements experiment.Parameters.
func (p *Parameters) Expand(t experiment.Target) []experiment.Case {
	if !t.Mode.Confines {
		return nil
	}
	list := p.Policies
	if len(list) == 0 {
		list = Policies()
	}
	var all []experiment.Case
	for _, name := range list {
		all = append(all, experiment.Case{Params: Params(name), Effort: effortOf(p.Effort, t.Mode)})
	}
	return all
}

// Params are the parameters of a cell.
func Params(policy string) results.Params {
	return results.NewParams(map[string]string{PolicyParam: policy})
}

// effort is what a plan holds: the effort with what Run must know of the mode.
type effort struct {
	Effort
	// HostPaths is runners.Mode's.
	HostPaths bool `json:"host_paths,omitempty"`
}

func effortOf(e Effort, m runners.Mode) effort {
	e.Effort = e.Fill()
	return effort{Effort: e, HostPaths: m.HostPaths}
}

// Run implements experiment.Experiment.
func (i isolation) Run(ctx context.Context, t *experiment.Trial) (r experiment.Result, err error) {
	var e effort
	if err := t.ReadEffort(&e); err != nil {
		return r, fmt.Errorf("read the plan's effort: %w", err)
	}
	if _, err := expectations(); err != nil {
		return r, err
	}
	w, err := i.set()
	if err != nil {
		return r, fmt.Errorf("set up what attempts aim at: %w", err)
	}
	hardened := t.Cell.Params.Get(PolicyParam) == Hardened
	w.confine(&t.Subject.Options, t.Subject.Prepared.Artefact.Kind, hardened)
	if t.Cell.Workload == Guest {
		r, err = (&trial{Trial: t, world: w, effort: e, patience: i.patience}).attempts(ctx)
	} else {
		r, err = surface(ctx, t, w)
	}
	if left := w.remove(); err == nil && left != nil {
		err = fmt.Errorf("remove what attempts aimed at: %w", left)
	}
	return r, err
}
