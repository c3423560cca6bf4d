package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/registry"
	"edgebench/bench/plan"
	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
	"edgebench/workloads/build"
)

// buildKey names one build of a workload.
type buildKey struct {
	results.Artefact
	kind runners.Kind
}

// built is a build, or why there is none.
type built struct {
	build.Built
	err error
}

type builds map[buildKey]built

// has says whether there is such a build.
func (b builds) has(key buildKey) bool {
	made, ok := b[key]
	return ok && made.err == nil
}

// build makes all artefacts that the configuration could ask for. If one can't be
// built, a note reports it and its cells are skipped.
func (h *Installation) build(ctx context.Context, s Survey, o Options, obs Observer) builds {
	b := builds{}
	for _, kind := range kinds(s.Available) {
		for _, w := range h.Set.All() {
			for _, language := range w.Languages {
				if w.Comes(language, kind) && h.wanted(o, w, language, kind) && ctx.Err() == nil {
					h.buildOne(ctx, b, buildKey{results.Artefact{Workload: w.Name, Build: language}, kind}, obs)
				}
			}
		}
	}
	return b
}

// rebuild makes the artefacts that a plan names.
func (h *Installation) rebuild(ctx context.Context, p results.Plan, obs Observer) builds {
	b := builds{}
	for _, s := range p.Specs {
		key := h.keyFor(s.Cell)
		if _, ok := b[key]; !ok && ctx.Err() == nil {
			h.buildOne(ctx, b, key, obs)
		}
	}
	return b
}

func (h *Installation) buildOne(ctx context.Context, b builds, key buildKey, obs Observer) {
	obs.Step(fmt.Sprintf("building %s (%s)", key.Artefact, key.kind))
	w, err := h.Set.Find(key.Workload)
	if err != nil {
		b[key] = built{err: err}
		return
	}
	made, err := h.Builder.Build(ctx, w, key.Build, key.kind)
	if err != nil && ctx.Err() == nil {
		obs.Note(fmt.Sprintf("skipped %s (%s): %v", key.Artefact, key.kind, err))
	}
	b[key] = built{made, err}
}

func kinds(systems []plan.System) []runners.Kind {
	var all []runners.Kind
	for _, s := range systems {
		for _, kind := range s.Takes {
			if !slices.Contains(all, kind) {
				all = append(all, kind)
			}
		}
	}
	return all
}

// wanted says whether any entry of the matrix could ask for an artefact.
func (h *Installation) wanted(o Options, w build.Workload, language string, kind runners.Kind) bool {
	in := func(list []string, x string) bool { return len(list) == 0 || slices.Contains(list, x) }
	if !in(o.Filter.Workloads, w.Name) || !in(o.Filter.Builds, language) {
		return false
	}
	return slices.ContainsFunc(o.Config.Matrix, func(e plan.Entry) bool {
		return e.Takes(w.Name, w.Hidden) && in(e.Builds, language) && slices.ContainsFunc(h.Runners(), func(r runners.Entry) bool {
			takes, ok := w.KindFor(language, r.Takes)
			return ok && takes == kind && plan.AllowsRunner(e.Runners, r.Name) && plan.AllowsRunner(o.Filter.Runners, r.Name)
		})
	})
}

// keyFor names the build that a cell runs: the one that comes in a kind which
// the cell's runner takes.
func (h *Installation) keyFor(c results.Cell) buildKey {
	key := buildKey{Artefact: c.Artefact}
	e, _ := runners.Find(c.Runner)
	if w, err := h.Set.Find(c.Workload); err == nil {
		key.kind, _ = w.KindFor(c.Build, e.Takes)
	}
	return key
}

func runnersOf(p results.Plan) []string {
	var names []string
	for _, s := range p.Specs {
		if !slices.Contains(names, s.Runner) {
			names = append(names, s.Runner)
		}
	}
	return names
}

// prepareWithin bounds the preparing of one artefact.
const prepareWithin = 3 * time.Minute

// preparations is the number of times that every artefact is prepared, once in
// each of the first blocks. The placement of code and files varies between
// preparations; a single preparation would affect all trials of a run alike.
const preparations = 6

// dearPreparation is the part of the budget above which an artefact is prepared once:
// the import of a large image takes seconds, and varies less than what it delays.
const dearPreparation = 1.0 / 300

// preparations is that number, or the plan's.
func (x *session) preparations() int { return cmp.Or(x.run.Plan.Preparations, preparations) }

// startPreparing lets experiments find out what they need of the artefacts, beside
// the first round of preparations. What it returns waits for the end.
func (x *session) startPreparing(ctx context.Context) (wait func()) {
	var wg sync.WaitGroup
	for _, e := range x.experiments {
		p, ok := e.(experiment.Preparer)
		if !ok {
			continue
		}
		var list []experiment.Candidate
		for _, s := range x.run.Plan.Specs {
			if made := x.builds[x.suite.keyFor(s.Cell)]; s.Experiment == e.Describe().Name && made.err == nil {
				list = append(list, experiment.Candidate{Cell: s.Cell, Artefact: made.Artefact})
			}
		}
		wg.Go(func() { p.Prepare(ctx, list) })
	}
	return func() {
		x.observer.Step("compressing what is shipped")
		wg.Wait()
	}
}

// prepareBlock prepares every artefact of the specifications again, once for each
// system and build, each in a fresh agent. If this fails, the trials that would
// use the artefact fail with the reason. Experiments that only count need no
// second copy, and a system that keeps nothing of its own has none.
func (x *session) prepareBlock(ctx context.Context, specs []results.Spec) error {
	x.rounds++
	if x.preparing == nil {
		x.preparing = map[trial.Build]time.Duration{}
	}
	done := map[trial.Build]bool{}
	for _, s := range specs {
		id := trial.BuildOf(s.Cell)
		d, _ := registry.Describe(s.Experiment)
		if earlier := x.trials.Prepared[id]; done[id] || len(earlier) > 0 && (!d.Timed() || keepsNothing(earlier[0]) || x.isDear(id)) {
			continue
		}
		done[id] = true
		x.observer.Step(fmt.Sprintf("preparing %s for %s", s.Artefact, s.System))
		made, from := x.builds[x.suite.keyFor(s.Cell)], time.Now()
		p, err := runners.Prepared{}, made.err
		if err == nil {
			lost := x.engines.whileThere(ctx, s.System, func() bool {
				p, err = x.prepareOne(ctx, s.System, made.Artefact)
				return err == nil
			})
			if lost != nil {
				return lost
			}
		}
		if ctx.Err() != nil {
			return ErrInterrupted
		}
		x.preparing[id] = time.Since(from)
		x.trials.Prepared[id] = append(x.trials.Prepared[id], trial.Prepared{Prepared: p, Err: err})
		if err != nil && x.rounds == 1 {
			x.observer.Note(fmt.Sprintf("%s can't prepare %s: %v", s.System, s.Artefact, err))
		}
	}
	return nil
}

// isDear says that preparing took a large part of the budget.
func (x *session) isDear(id trial.Build) bool {
	return x.preparing[id].Seconds() > dearPreparation*x.run.Plan.Budget.Seconds()
}

// keepsNothing says that preparing made nothing: the system reads the artefact's own
// file at each start.
func keepsNothing(p trial.Prepared) bool { return p.Err == nil && p.Path == p.Artefact.Path }

// prepareOne makes an artefact ready for a system, in an agent of its own.
func (x *session) prepareOne(ctx context.Context, s results.System, made runners.Artefact) (p runners.Prepared, err error) {
	dir := filepath.Join(x.dir.dir, "p"+strconv.Itoa(x.prepared))
	x.prepared++
	scratch := dir + "s"
	for _, d := range []string{dir, scratch} {
		if err := os.Mkdir(d, 0o700); err != nil {
			return p, fmt.Errorf("make a folder to prepare in: %w", err)
		}
	}
	a, err := x.start(s.Runner)
	if err != nil {
		return p, err
	}
	ctx, cancel := context.WithTimeout(ctx, prepareWithin)
	defer cancel()
	defer func() { err = errors.Join(err, a.Close(ctx)) }()
	reply, err := a.Ask(ctx, protocol.Request{Prepare: &protocol.Prepare{
		Options:  runners.Options{Mode: s.Mode, Scratch: scratch, Scope: x.dir.prepared(), Memory: made.Use.Memory},
		Artefact: made, Dir: dir,
	}})
	if err != nil {
		return p, err
	}
	if reply.Prepared == nil {
		return p, fmt.Errorf("the agent of %s did not say what it prepared", s.Runner)
	}
	return *reply.Prepared, nil
}
