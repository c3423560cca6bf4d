package bench

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/registry"
	"edgebench/bench/host"
	"edgebench/bench/plan"
	"edgebench/bench/stat/diagnose"
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
	// Slowed are runners to slow on purpose (see plan.Slow).
	Slowed map[string]float64
	// Command is the command line, for the record.
	Command []string
	// Own describes a user's own programs, nil where none is measured.
	Own *results.Own
	// Host describes the machine.
	Host results.Host
	// Check refuses a plan before its first trial; nil takes every plan.
	Check func(results.Plan) error
}

// Observer receives the progress of a run. Its methods must return immediately.
type Observer interface {
	// Step says what is being done until the next call.
	Step(what string)
	// Note says something that the user should read afterwards too.
	Note(what string)
	// Trial says that one is about to begin.
	Trial(t results.Trial, p Progress)
}

// Progress is how far a run has come.
type Progress struct {
	// Done counts the planned trials that have ended, of Planned ones that are run.
	Done, Planned int
	// Adaptive counts the adaptive trials that have ended. They run when all planned
	// ones are done.
	Adaptive int
	// Remaining is how long the rest of the planned trials takes, or how much of the
	// budget is left for adaptive ones.
	Remaining time.Duration
	// Budget says that further trials follow until the budget ends, which is so long
	// from now; 0 where none do.
	Budget time.Duration
}

// ErrInterrupted: the run was stopped from outside; its records are kept.
var ErrInterrupted = errors.New("interrupted")

// Summary says how a run ended.
type Summary struct {
	Dir string
	OK, Failed, Unavailable,
	// Adaptive is how many of them were adaptive.
	Adaptive,
	// GivenUp is the number of planned trials that were not begun because their
	// cell was given up.
	GivenUp,
	// Left is the number of trials that were not begun: the budget was used
	// up, or the run was interrupted.
	Left int
	// Unmeasured are the user's programs of which no operation was timed, each with
	// the reason.
	Unmeasured []string
}

// ended is the number of trials that have a record.
func (s *Summary) ended() int { return s.OK + s.Failed + s.Unavailable }

// session is a run in progress.
type session struct {
	suite    *Installation
	observer Observer
	survey   Survey
	dir      *runDir
	trials   *trial.Runner
	run      *results.Run
	// runners that take part, and the paths of their agents.
	runners []string
	agents  map[string]string
	// experiments of this run, and the builds of its plan.
	experiments []experiment.Experiment
	builds      builds
	// prepared counts the artefacts that were made ready on disk, rounds how often
	// all that a block needs was.
	prepared, rounds int
	// preparing is how long each artefact was last prepared for.
	preparing map[trial.Build]time.Duration
	// noted are notes that are given once.
	noted map[string]bool
	// asked counts the questions of looks.
	asked int
	// began is when preparing began: the budget counts from there.
	began time.Time
	// failures has the cells that are given up.
	failures diagnose.Failures
	// engines are those that may be lost; nil where none is looked for.
	engines *engines
	// outcomes of the user's programs.
	outcomes outcomes
}

// Measure makes a plan and runs it. The summary holds also when the error is
// ErrInterrupted.
func (h *Installation) Measure(ctx context.Context, o Options, obs Observer) (Summary, error) {
	x := &session{suite: h, observer: obs}
	if err := x.look(ctx, plan.RunnersOf(o.Filter.Runners)); err != nil {
		return Summary{}, err
	}
	if err := plan.CheckModes(o.Filter.Runners, x.survey.systems()); err != nil {
		return Summary{}, err
	}
	x.noteComponents()
	if o.Own != nil {
		if err := x.lookAtOwn(ctx, o.Config.Table.Workload); err != nil {
			return Summary{}, err
		}
		x = &session{suite: h, observer: obs, survey: x.survey}
	}
	return x.begin(ctx, o)
}

// begin makes a plan from what was found on the machine, and runs it.
func (x *session) begin(ctx context.Context, o Options) (Summary, error) {
	h := x.suite
	token, err := newToken()
	if err != nil {
		return Summary{}, err
	}
	run := time.Now().UTC().Format("20060102-150405") + "-" + token
	builds := h.build(ctx, x.survey, o, x.observer)
	if err := ctx.Err(); err != nil {
		return Summary{}, ErrInterrupted
	}
	p, err := plan.Make(o.Config, x.inventory(builds.has), o.Filter, run, o.Seed)
	if err != nil {
		return Summary{}, err
	}
	if err := plan.Slow(&p, o.Slowed); err != nil {
		return Summary{}, err
	}
	p.Own = o.Own
	if o.Check != nil {
		if err := o.Check(p); err != nil {
			return Summary{}, err
		}
	}
	x.observer.Note(announce(p))
	env := h.environment(o, x.survey, builds, run)
	if x.run, err = results.Create(o.Dir, p, env); err != nil {
		return Summary{}, err
	}
	return x.finish(ctx, token, builds, nil)
}

// Resume goes on with a run: all trials of its plan that have no OK record, except
// those of cells that are given up. It fails with ErrDiffers on another machine
// than the run's.
func (h *Installation) Resume(ctx context.Context, dir string, host results.Host, obs Observer) (Summary, error) {
	run, records, err := results.Resume(dir)
	if err != nil {
		return Summary{}, err
	}
	x := &session{suite: h, observer: obs, run: run}
	for _, w := range run.Warnings {
		obs.Note(w)
	}
	if was, is := run.Environment.Host.Key(), host.Key(); was != is {
		return Summary{}, errors.Join(fmt.Errorf("%w: %s was measured on %s, this is %s", ErrDiffers, dir, was, is), run.Close())
	}
	if err := h.knows(run.Plan); err != nil {
		return Summary{}, errors.Join(err, run.Close())
	}
	if err := x.look(ctx, runnersOf(run.Plan)); err != nil {
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
	if err := x.sameBuilds(builds); err != nil {
		return Summary{}, errors.Join(err, run.Close())
	}
	return x.finish(ctx, token, builds, records)
}

// look surveys the machine and removes what dead runs left.
func (x *session) look(ctx context.Context, names []string) (err error) {
	if x.survey, err = x.suite.Survey(ctx, names, x.observer.Step); err != nil {
		if errors.Is(err, ErrLibrary) {
			return err
		}
		return ErrInterrupted
	}
	for _, s := range x.survey.Systems {
		if s.Unavailable != "" {
			x.observer.Note("left out " + strings.TrimSuffix(s.System.String(), "/"+AllModes) + ": " + s.Unavailable)
		}
	}
	return x.suite.Leftovers(ctx, x.survey, x.observer.Note)
}

func newToken() (string, error) {
	var b [4]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", fmt.Errorf("make a name for the run: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}

// finish prepares the artefacts, runs the trials and cleans up.
func (x *session) finish(ctx context.Context, token string, b builds, before []results.Record) (sum Summary, err error) {
	defer func() { err = errors.Join(err, x.run.Close()) }()
	if err := x.open(x.run.Plan.Run, token, runnersOf(x.run.Plan)); err != nil {
		return sum, err
	}
	defer x.cleanUp()
	x.trials.Slowed, x.trials.Deadline = x.run.Plan.Slowed, x.run.Plan.Deadline
	x.began, x.builds = time.Now(), b
	x.watchEngines()
	ready := x.startPreparing(ctx)
	if err := x.prepareBlock(ctx, x.run.Plan.Specs); err != nil {
		ready()
		return sum, err
	}
	if ready(); ctx.Err() != nil {
		return sum, ErrInterrupted
	}
	return x.measure(ctx, before)
}

// open opens the run directory, puts the agents there and makes the trial runner.
// What it has opened is cleaned up by cleanUp.
func (x *session) open(run, token string, names []string) (err error) {
	x.runners = names
	if x.dir, err = openRunDir(x.suite.Cache, run, token, names); err != nil {
		return err
	}
	if err := x.keepAgents(); err != nil {
		x.cleanUp()
		return err
	}
	x.experiments = registry.Experiments()
	x.trials = &trial.Runner{
		Run: run, Experiments: map[results.Experiment]experiment.Experiment{}, Start: x.start, StartOn: x.suite.StartOn,
		Exchanges: map[string][]runners.Exchange{}, Prepared: map[trial.Build][]trial.Prepared{},
		Scratch: x.dir.dir, Scope: x.dir.trials(), Node: trial.Node{}, Confine: confine, Watch: watch,
	}
	for _, e := range x.experiments {
		x.trials.Experiments[e.Describe().Name] = e
	}
	for _, w := range x.suite.Set.All() {
		x.trials.Exchanges[w.Name] = w.Exchanges
	}
	return nil
}

// confine limits the memory of a trial's processes.
func confine(name string, memory uint64) (trial.Confinement, error) {
	c, err := host.Confine(name, memory)
	if err != nil {
		return nil, err // and not a nil *host.Confinement in an interface
	}
	return c, nil
}

// watch watches the machine beside a trial.
func watch() func() map[string]float64 {
	before := host.Now()
	return func() map[string]float64 { return host.Now().Since(before) }
}

// keepAgents puts the agents into the run's folder. One that is not there fails
// its trials with the reason.
func (x *session) keepAgents() error {
	x.agents = map[string]string{}
	for _, runner := range x.runners {
		built, err := x.suite.built(runner)
		if err != nil {
			continue
		}
		if x.agents[runner], err = x.dir.keepAgent(runner, built); err != nil {
			return fmt.Errorf("keep the agent of %s: %w", runner, err)
		}
	}
	return nil
}

// start starts one of the run's own agents.
func (x *session) start(runner string) (trial.Agent, error) {
	path, ok := x.agents[runner]
	if !ok {
		return x.suite.Start(runner) // for its error
	}
	return x.suite.launch(path)
}

// cleanUpWithin bounds the cleaning up after so many preparations: an engine takes two
// seconds to remove a large image. One that does not answer at all is given up by the
// first request.
func cleanUpWithin(prepared int) time.Duration {
	return time.Minute + time.Duration(prepared)*2*time.Second
}

// cleanUp removes what trials and preparing left outside the folder, and then the
// folder. A failure leaves the folder for the next run to clean up and does not
// fail this run.
func (x *session) cleanUp() {
	x.observer.Step("cleaning up")
	ctx, cancel := context.WithTimeout(context.Background(), cleanUpWithin(x.prepared))
	defer cancel()
	err := x.suite.sweep(ctx, x.runners, map[string]bool{}, x.dir.trials(), x.dir.prepared())
	if err == nil {
		err = x.dir.close()
	} else {
		err = errors.Join(err, x.dir.lock.Unlock())
	}
	if err != nil {
		x.observer.Note("not all could be cleaned up, the next run tries again: " + oneLine(err))
	}
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
