// Package experimenttest has the fakes with which experiments are tested: an agent
// that answers from a function, and a node that counts.
package experimenttest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// AgentPID is the process of every fake agent.
const AgentPID = 4711

// Agent answers tasks from a function, whose result becomes that of the task.
type Agent struct {
	Answer func(protocol.Task) (any, error)
	// Took is what AskBoot says.
	Took time.Duration
}

// Ask implements experiment.Agent.
func (a *Agent) Ask(_ context.Context, q protocol.Request) (protocol.Reply, error) {
	if q.Task == nil {
		return protocol.Reply{}, errors.New("an experiment asks for tasks alone")
	}
	found, err := a.Answer(*q.Task)
	if err != nil {
		return protocol.Reply{}, err
	}
	b, err := json.Marshal(found)
	return protocol.Reply{Result: b}, err
}

// AskBoot implements experiment.Agent.
func (a *Agent) AskBoot(ctx context.Context, q protocol.Request) (protocol.Reply, time.Duration, error) {
	r, err := a.Ask(ctx, q)
	return r, a.Took, err
}

// PID implements experiment.Agent.
func (a *Agent) PID() int { return AgentPID }

// Node counts what is dropped, and gives readings that grow with the number of the
// owners' processes. Memories are what Memory gives, one after the other and then the
// last again.
type Node struct {
	Dropped  int
	Memories []experiment.NodeMemory
	asked    int // for processor time
}

// Memory implements experiment.Node.
func (n *Node) Memory() (experiment.NodeMemory, error) {
	if len(n.Memories) == 0 {
		return experiment.NodeMemory{Available: 1 << 30, Total: 2 << 30}, nil
	}
	m := n.Memories[0]
	if len(n.Memories) > 1 {
		n.Memories = n.Memories[1:]
	}
	return m, nil
}

// CPU implements experiment.Node: a second more for each of the processes at each call.
func (n *Node) CPU(pids []int) (time.Duration, error) {
	n.asked++
	return time.Duration(n.asked*len(pids)) * time.Second, nil
}

// Charge implements experiment.Node: a megabyte for the group, and two for each of the
// owners' processes.
func (n *Node) Charge(_ string, o runners.MemoryOwners) (experiment.Charge, error) {
	return experiment.Charge{Group: 1 << 20, Beside: 2 << 20 * uint64(len(o.PIDs)), Daemons: 50 << 20}, nil
}

// DropPageCache implements experiment.Node.
func (n *Node) DropPageCache() error { n.Dropped++; return nil }

// Read implements experiment.Node.
func (n *Node) Read(_ context.Context, agent int, o runners.MemoryOwners) (experiment.Reading, error) {
	if agent != AgentPID {
		return experiment.Reading{}, fmt.Errorf("the agent is not %d", agent)
	}
	count := uint64(len(o.PIDs))
	return experiment.Reading{
		PSS: 1000 + 10*count, PageTables: 100 + count, Daemons: 5000 + 2*count,
		Cgroups: 7 * count, HasCgroups: count > 0, Available: 1<<30 - 20<<20*count, Kernel: 4000 + 5*count,
	}, nil
}

// Trial is one of a system, with the agent and the node given.
func Trial(t *testing.T, e results.Experiment, p results.Params, effort any, a *Agent, n *Node) *experiment.Trial {
	t.Helper()
	b, err := json.Marshal(effort)
	if err != nil {
		t.Fatal(err)
	}
	return &experiment.Trial{
		Cell: results.Cell{
			System: results.System{Runner: "wazero", Mode: "compiler"}, Artefact: results.Artefact{Workload: "noop", Build: "c"},
			Experiment: e, Params: p,
		},
		Effort: b, Node: n, Start: func() (experiment.Agent, error) { return a, nil },
		Subject: protocol.Subject{Exchanges: []runners.Exchange{{Name: "one"}, {Name: "two"}}},
	}
}

// Decode reads a task's parameters.
func Decode[T any](t *testing.T, q protocol.Task) (p T) {
	t.Helper()
	if err := json.Unmarshal(q.Parameters, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// Values gives those of a metric of a result, nil where it has none.
func Values(r experiment.Result, metric string) []float64 {
	for _, m := range r.Metrics {
		if m.Name == metric {
			return m.Values
		}
	}
	return nil
}
