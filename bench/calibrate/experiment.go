package calibrate

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/plan"
	"edgebench/bench/stat"
	"edgebench/bench/stat/diagnose"
	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
)

// Environment is what a calibration needs of its surroundings.
type Environment struct {
	// Trials runs the trials. Artefacts and exchanges are added to it under names
	// that no workload has.
	Trials *trial.Runner
	// Systems are calibrated; all of them are available.
	Systems []plan.System
	// Artefact builds a workload, in C, as a system takes it.
	Artefact func(ctx context.Context, workload string, s plan.System) (runners.Artefact, error)
	// Prepare makes an artefact ready for a system in an agent of its own.
	Prepare func(ctx context.Context, s results.System, a runners.Artefact) (runners.Prepared, error)
	// Exchange gives a workload's first exchange.
	Exchange func(workload string) (runners.Exchange, error)
	Observer Observer
}

// Observer receives progress. Its methods must return immediately.
type Observer interface {
	// Step says what is being done until the next call.
	Step(what string)
}

// Options of a calibration.
type Options struct {
	// Parts to do; none means all.
	Parts []Part
	// Quick does less of everything.
	Quick bool
	// Patience multiplies the time and the number of blocks for undecided
	// questions; 0 means 1. Intervals narrow by its square root on a busy
	// machine.
	Patience int
	// Seed of the order of trials.
	Seed uint64
}

// MaxPatience bounds Options.Patience.
const MaxPatience = 20

// build is that of all artefacts.
const build = "c"

// calibration is one in progress.
type calibration struct {
	Environment
	Options
	random *rand.Rand
	seq    int
	// Counts of the trials so far, and what disturbed the last one that was.
	trials, disturbed int
	last              *stat.Disturbance
}

// budgets of the parts. Their sum, with the preparing, is what a user waits.
func (x *calibration) budget(p Part) time.Duration {
	times := time.Duration(max(1, x.Patience))
	if x.Quick {
		return times * map[Part]time.Duration{Known: 36, Baseline: 12, AA: 8, Caches: 12}[p] * time.Second
	}
	return times * map[Part]time.Duration{Known: 600, Baseline: 300, AA: 45, Caches: 120}[p] * time.Second
}

// Run calibrates. Its error is the context's, or says that a workload of the
// suite's own is not to be had; whatever goes wrong with a system is in the
// report.
func Run(ctx context.Context, e Environment, o Options) (Report, error) {
	x := &calibration{Environment: e, Options: o, random: rand.New(rand.NewPCG(o.Seed, 0))}
	r := Report{Quick: o.Quick, Seed: o.Seed}
	x.Trials.Deadline = deadline
	from := runners.Now()
	parts := map[Part]func(context.Context, *Report) error{
		Known:    x.known,
		Empty:    x.empty,
		Baseline: x.baseline,
		AA:       x.equals,
		Caches:   x.caches,
	}
	for _, p := range Parts() {
		if len(o.Parts) > 0 && !slices.Contains(o.Parts, p) {
			continue
		}
		if err := parts[p](ctx, &r); err != nil {
			return r, err
		}
	}
	r.Elapsed = (runners.Now() - from).Seconds()
	return r, nil
}

// offer gives the trial runner a prepared artefact under a name, with what is asked.
func (x *calibration) offer(s results.System, name string, p runners.Prepared, exchange runners.Exchange) {
	id := trial.Build{System: s, Artefact: results.Artefact{Workload: name, Build: build}}
	x.Trials.Prepared[id] = []trial.Prepared{{Prepared: p}}
	x.Trials.Exchanges[name] = []runners.Exchange{exchange}
}

// prepare builds a workload and makes it ready for a system.
func (x *calibration) prepare(ctx context.Context, workload string, s plan.System) (runners.Prepared, error) {
	x.Observer.Step(fmt.Sprintf("preparing %s for %s", workload, s.System))
	a, err := x.Artefact(ctx, workload, s)
	if err != nil {
		return runners.Prepared{}, err
	}
	return x.Prepare(ctx, s.System, a)
}

// within is how long a trial may go on, deadline when it has failed.
const (
	within   = 20 * time.Second
	deadline = 60 * time.Second
)

// coldStart is a trial of a name that was offered.
func coldStart(s results.System, rung results.Rung, name string, iterations int) results.Trial {
	return coldStartWithin(s, rung, name, iterations, within)
}

func coldStartWithin(s results.System, rung results.Rung, name string, iterations int, lasts time.Duration) results.Trial {
	if rung == results.Boot {
		iterations = 1 // once in a process
	}
	return newTrial(s, name, coldstart.Name, coldstart.WarmParams(rung),
		coldstart.Effort{Iterations: iterations, Duration: experiment.Duration(lasts)})
}

// newTrial is a trial of a name that was offered, in any experiment.
func newTrial(s results.System, name string, e results.Experiment, p results.Params, effort any) results.Trial {
	spec := &results.Spec{Cell: results.Cell{
		System: s, Artefact: results.Artefact{Workload: name, Build: build}, Experiment: e, Params: p,
	}}
	b, err := json.Marshal(effort)
	if err != nil {
		panic(err) // a struct of numbers and texts has no other
	}
	spec.Effort = b
	return results.Trial{Spec: spec}
}

// do runs one trial. One that fails is an error, which wraps
// runners.ErrUnavailable where it can't be done here.
func (x *calibration) do(ctx context.Context, t results.Trial) (results.Record, error) {
	t.Seq = x.seq
	x.seq++
	before := x.aside(t.System)
	r := x.Trials.Do(ctx, t)
	if err := ctx.Err(); err != nil {
		return r, err
	}
	env := results.Environment{Systems: []results.SystemState{{System: t.System, Engine: x.engine(t.System)}}}
	x.note(append(diagnose.Judge(env, []results.Record{r})[0].Disturbances, before...))
	switch r.Outcome {
	case results.OK:
		return r, nil
	case results.Unavailable:
		return r, fmt.Errorf("%w: %s", runners.ErrUnavailable, r.Error)
	}
	return r, fmt.Errorf("a trial failed: %s", r.Error)
}

// engine says whether an engine serves a system.
func (x *calibration) engine(s results.System) bool {
	return slices.ContainsFunc(x.Systems, func(known plan.System) bool { return known.System == s && known.Mode.Engine })
}

// glance is how long the machine is looked at beside a trial: ten ticks of the
// counters.
const glance = 100 * time.Millisecond

// aside gives the disturbances right before a trial of a system that uses an
// engine: during the trial, work of the engine and of other processes can't be
// distinguished. It gives nothing for other systems.
func (x *calibration) aside(s results.System) []stat.Disturbance {
	if x.Trials.Watch == nil || !x.engine(s) {
		return nil
	}
	since := x.Trials.Watch()
	time.Sleep(glance)
	return diagnose.Beside(since(), false)
}

// note counts a trial and what disturbed it.
func (x *calibration) note(disturbances []stat.Disturbance) {
	x.trials++
	if len(disturbances) > 0 {
		x.disturbed++
		x.last = &disturbances[0]
	}
}

// each runs trials in random order and gives their records in the given one.
func (x *calibration) each(ctx context.Context, trials ...results.Trial) ([]results.Record, error) {
	records := make([]results.Record, len(trials))
	for _, i := range x.random.Perm(len(trials)) {
		var err error
		if records[i], err = x.do(ctx, trials[i]); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// values gives those of a metric, in their order.
func values(r results.Record, metric string) []float64 {
	for _, m := range r.Metrics {
		if m.Name == metric {
			return m.Values
		}
	}
	return nil
}

// minimum is the shortest time of a trial: see the package's documentation.
func minimum(r results.Record) float64 { return slices.Min(values(r, coldstart.FirstResponse)) }

// quarter and twentieth are the times below which so much of all lies.
func quarter(times []float64) float64   { return stat.Quantile(times, 0.25) }
func twentieth(times []float64) float64 { return stat.Quantile(times, 0.05) }
