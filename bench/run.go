package bench

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"time"

	"edgebench/bench/plan"
	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
)

// Options of a run.
type Options struct {
	Config plan.Config
	Filter plan.Filter
	// Dir is the run's folder, which must not hold a run yet.
	Dir  string
	Seed uint64
	// Command is the command line, for the record.
	Command []string
	// Host describes the machine.
	Host results.Host
}

// Observer is told how a run goes on. Its methods return at once.
type Observer interface {
	// Step says what is being done until the next call.
	Step(what string)
	// Note says something that the user should read afterwards too.
	Note(what string)
	// Trial says that one is about to begin, as number done+1 of total.
	Trial(done, total int, t results.Trial, remaining time.Duration)
}

// ErrInterrupted: the run was stopped from outside; its records are kept.
var ErrInterrupted = errors.New("interrupted")

// Summary says how a run ended.
type Summary struct {
	Dir string
	OK, Failed, Unavailable,
	// Left is the number of trials that were not begun: the budget was used
	// up, or the run was interrupted.
	Left int
}

// experiment is a run in progress.
type experiment struct {
	house    *House
	observer Observer
	survey   Survey
	lair     *lair
	lab      *trial.Lab
	run      *results.Run
}

// Measure makes a plan and runs it. The summary holds also when the error is
// ErrInterrupted.
func (h *House) Measure(ctx context.Context, o Options, obs Observer) (Summary, error) {
	x := &experiment{house: h, observer: obs}
	if err := x.prepareGround(ctx, o.Filter.Runners); err != nil {
		return Summary{}, err
	}
	token, err := newToken()
	if err != nil {
		return Summary{}, err
	}
	run := time.Now().UTC().Format("20060102-150405") + "-" + token
	builds := h.build(ctx, x.survey, o, obs)
	if err := ctx.Err(); err != nil {
		return Summary{}, ErrInterrupted
	}
	p, err := plan.Make(o.Config, x.inventory(builds), o.Filter, run, o.Seed)
	if err != nil {
		return Summary{}, err
	}
	env := h.environment(o, x.survey, builds, run)
	if x.run, err = results.Create(o.Dir, p, env); err != nil {
		return Summary{}, err
	}
	return x.finish(ctx, token, builds, nil)
}

// Resume goes on with a run: all trials of its plan that have no OK record.
// It is refused when this is another machine than the run's.
func (h *House) Resume(ctx context.Context, dir string, host results.Host, obs Observer) (Summary, error) {
	run, records, err := results.Resume(dir)
	if err != nil {
		return Summary{}, err
	}
	x := &experiment{house: h, observer: obs, run: run}
	for _, w := range run.Warnings {
		obs.Note(w)
	}
	if was, is := run.Environment.Host.Key(), host.Key(); was != is {
		return Summary{}, errors.Join(fmt.Errorf("%s was measured on %s, this is %s: a run can't be completed on another machine", dir, was, is), run.Close())
	}
	if err := x.prepareGround(ctx, runnersOf(run.Plan)); err != nil {
		return Summary{}, errors.Join(err, run.Close())
	}
	if err := x.sameSystems(); err != nil {
		return Summary{}, errors.Join(err, run.Close())
	}
	token, err := newToken()
	if err != nil {
		return Summary{}, errors.Join(err, run.Close())
	}
	builds := h.rebuild(ctx, run.Plan, obs)
	return x.finish(ctx, token, builds, records)
}

// prepareGround surveys the machine and removes what dead runs left.
func (x *experiment) prepareGround(ctx context.Context, names []string) (err error) {
	if x.survey, err = x.house.Survey(ctx, names, x.observer.Step); err != nil {
		return ErrInterrupted
	}
	for _, s := range x.survey.Systems {
		if s.Unavailable != "" {
			x.observer.Note("left out " + s.System.String() + ": " + s.Unavailable)
		}
	}
	return x.house.Leftovers(ctx, x.observer.Note)
}

// sameSystems refuses to mix the figures of two versions in one run.
func (x *experiment) sameSystems() error {
	now := map[results.System]string{}
	for _, s := range x.survey.Systems {
		now[s.System] = s.Version
	}
	for _, was := range x.run.Environment.Systems {
		if version, ok := now[was.System]; ok && was.Version != "" && version != "" && version != was.Version {
			return fmt.Errorf("%s was %s in the run and is %s now: begin a new run", was.System, was.Version, version)
		}
	}
	return nil
}

func newToken() (string, error) {
	var b [4]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", fmt.Errorf("make a name for the run: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}

// inventory is what the plan may choose from.
func (x *experiment) inventory(b builds) plan.Inventory {
	inv := plan.Inventory{Systems: x.survey.Available, Cores: runtime.GOMAXPROCS(0)}
	for _, w := range x.house.Set.List() {
		inv.Workloads = append(inv.Workloads, plan.Workload{Name: w.Name, Languages: w.Languages})
	}
	inv.Builds = func(workload, language string, kind runners.Kind) bool {
		state, ok := b[buildKey{workload, language, kind}]
		return ok && state.err == nil
	}
	return inv
}

// finish prepares the artefacts, runs the trials and cleans up.
func (x *experiment) finish(ctx context.Context, token string, b builds, before []results.Record) (sum Summary, err error) {
	defer func() { err = errors.Join(err, x.run.Close()) }()
	x.lair, err = openLair(x.house.Cache, x.run.Plan.Run, token, runnersOf(x.run.Plan))
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, x.cleanUp()) }()
	x.lab = &trial.Lab{
		Run: x.run.Plan.Run, Start: x.house.Start, Exchanges: map[string][]runners.Exchange{},
		Prepared: map[trial.Build]trial.Prepared{}, Scratch: x.lair.dir, Scope: x.lair.trials(),
		Probe: trial.Node{},
	}
	for _, w := range x.house.Set.List() {
		x.lab.Exchanges[w.Name] = w.Exchanges
	}
	if err := x.prepare(ctx, b); err != nil {
		return sum, err
	}
	return x.trials(ctx, before)
}

// cleanUp takes away what was prepared outside the folder, and the folder.
func (x *experiment) cleanUp() error {
	x.observer.Step("cleaning up")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var errs []error
	for _, runner := range runnersOf(x.run.Plan) {
		errs = append(errs, trial.Sweep(ctx, x.house.Start, runner, x.lair.prepared()))
	}
	if err := errors.Join(errs...); err != nil {
		// The folder stays, so that the next run tries again.
		return errors.Join(fmt.Errorf("clean up: %w", err), x.lair.lock.Unlock())
	}
	return x.lair.close()
}

// trials runs what is left of the plan, in its order. Records of trials that a
// user interrupted are not kept: they say nothing about the cell.
func (x *experiment) trials(ctx context.Context, before []results.Record) (Summary, error) {
	sum := Summary{Dir: x.run.Dir}
	done := map[int]bool{}
	for _, r := range before {
		if r.Outcome == results.OK {
			done[r.Seq] = true
			sum.OK++
		}
	}
	estimate := newEstimate(x.run.Plan.Trials, done)
	began := time.Now()
	block := -1
	for _, t := range x.run.Plan.Trials {
		if done[t.Seq] {
			continue
		}
		if ctx.Err() == nil && t.Block != block && block >= 0 && time.Since(began) > x.run.Plan.Budget {
			x.observer.Note(fmt.Sprintf("the budget of %v ended before block %d: %d trials were not begun", x.run.Plan.Budget, t.Block+1, estimate.left()))
			break
		}
		block = t.Block
		if ctx.Err() != nil {
			break
		}
		x.observer.Trial(len(x.run.Plan.Trials)-estimate.left(), len(x.run.Plan.Trials), t, estimate.remaining())
		from := time.Now()
		record := x.lab.Do(ctx, t)
		if ctx.Err() != nil {
			break
		}
		estimate.took(t, time.Since(from))
		if err := x.run.Append(record); err != nil {
			return sum, fmt.Errorf("write a record: %w (what was written before is kept; go on with --resume %s)", err, x.run.Dir)
		}
		sum.count(record.Outcome)
	}
	sum.Left = estimate.left()
	if ctx.Err() != nil {
		return sum, ErrInterrupted
	}
	return sum, nil
}

func (s *Summary) count(o results.Outcome) {
	switch o {
	case results.OK:
		s.OK++
	case results.Failed:
		s.Failed++
	case results.Unavailable:
		s.Unavailable++
	}
}
