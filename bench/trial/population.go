package trial

import (
	"context"
	"fmt"
	"time"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// Probe looks at what the node pays.
type Probe interface {
	// DropPageCache makes the next read of every file come from the disk.
	DropPageCache() error
	// Read waits until memory has settled and reads what the payers hold.
	// agent is the agent's process.
	Read(ctx context.Context, agent int, p runners.Payers) (Reading, error)
}

// Reading is the memory of a population at one moment, in bytes.
type Reading struct {
	// PSS and PageTables are sums over the agent and the payers' processes.
	PSS, PageTables uint64
	// Daemons is the PSS of the payers' daemons.
	Daemons uint64
	// Cgroups is the charge of the payers' control groups; HasCgroups says
	// whether there are any.
	Cgroups    uint64
	HasCgroups bool
	// Available is the node's MemAvailable.
	Available uint64
	// Gone is how many of the payers' processes have ended.
	Gone int
}

// population lets live instances grow in steps and reads the memory at each.
// A step that is not reached ends it: for density that is the answer, for
// memory the steps so far must do.
func (l *Lab) population(ctx context.Context, a Agent, t results.Trial, s protocol.Subject, r *results.Record) error {
	if len(t.Steps) == 0 {
		return fmt.Errorf("the plan gives no steps")
	}
	if _, err := a.Ask(ctx, protocol.Request{Open: &protocol.Open{Subject: s}}); err != nil {
		return err
	}
	p := &series{trial: t, probe: l.Probe, agent: a, until: runners.Now() + t.Duration}
	if err := p.step(ctx, 0); err != nil {
		return err
	}
	for _, n := range t.Steps {
		if p.stopped != "" {
			break
		}
		if err := p.step(ctx, n); err != nil {
			return err
		}
	}
	return p.record(r)
}

// series is a population's way through its steps.
type series struct {
	trial results.Trial
	probe Probe
	agent Agent
	until time.Duration

	live                              []float64
	pss, tables, cgroups, drop, times []float64
	hasCgroups                        bool
	first                             Reading
	stopped                           string
}

// step grows to n instances and reads. A step that adds nothing to the one
// before is left out of the series.
func (p *series) step(ctx context.Context, n int) error {
	reply, err := p.agent.Ask(ctx, protocol.Request{Grow: &protocol.Grow{To: n, Within: max(0, p.until-runners.Now())}})
	if err != nil {
		return err
	}
	g := reply.Grown
	if g == nil {
		return fmt.Errorf("the agent did not say how many instances live")
	}
	var payers runners.Payers
	if g.Payers != nil {
		payers = *g.Payers
	}
	reading, err := p.probe.Read(ctx, p.agent.PID(), payers)
	if err != nil {
		return fmt.Errorf("read the memory at %d instances: %w", g.Live, err)
	}
	if n == 0 {
		p.first = reading
	}
	if n == 0 || float64(g.Live) > p.live[len(p.live)-1] && reading.Gone == 0 {
		p.add(g, reading)
	}
	p.stopped = p.why(n, g, reading)
	return nil
}

func (p *series) add(g *protocol.Grown, now Reading) {
	grown := max(0, float64(now.Daemons)-float64(p.first.Daemons))
	p.live = append(p.live, float64(g.Live))
	p.pss = append(p.pss, float64(now.PSS)+grown)
	p.tables = append(p.tables, float64(now.PageTables))
	p.cgroups = append(p.cgroups, float64(now.Cgroups))
	p.drop = append(p.drop, float64(p.first.Available)-float64(now.Available))
	p.times = append(p.times, g.Elapsed.Seconds())
	p.hasCgroups = p.hasCgroups || now.HasCgroups
}

// why says what ends the series at this step, "" when nothing does. A budget
// is named as one, so that nobody takes it for a capacity.
func (p *series) why(n int, g *protocol.Grown, now Reading) string {
	budget := p.trial.MemoryBudget
	switch {
	case now.Gone > 0:
		return fmt.Sprintf("%d processes of %d live instances have ended", now.Gone, g.Live)
	case g.Stopped != "":
		return oneLine(fmt.Errorf("instance %d: %s", g.Live+1, g.Stopped))
	case g.Live < n:
		return fmt.Sprintf(results.BudgetPrefix+" of time: %v", p.trial.Duration)
	case budget > 0 && now.Available+budget < p.first.Available:
		return fmt.Sprintf(results.BudgetPrefix+" of memory: %d MiB", budget>>20)
	case n == p.trial.Steps[len(p.trial.Steps)-1]:
		return fmt.Sprintf(results.BudgetPrefix+" of instances: %d", n)
	}
	return ""
}

func (p *series) record(r *results.Record) error {
	if len(p.live) < 2 {
		return fmt.Errorf("no instance came to life: %s", p.stopped)
	}
	in := func(name, unit string, values []float64) {
		r.Metrics = append(r.Metrics, results.Metric{Name: name, Unit: unit, Values: values})
	}
	in(results.Instances, results.Count, p.live)
	in(results.ProportionalSetSize, results.Bytes, p.pss)
	in(results.PageTables, results.Bytes, p.tables)
	if p.hasCgroups {
		in(results.CgroupCharge, results.Bytes, p.cgroups)
	}
	in(results.AvailableDrop, results.Bytes, p.drop)
	in(results.StepTime, results.Seconds, p.times)
	r.Facts = map[string]string{results.StoppedBy: p.stopped}
	return nil
}
