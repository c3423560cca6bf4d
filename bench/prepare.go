package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"edgebench/bench/plan"
	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
	"edgebench/workloads/build"
)

// buildKey names one build of a workload.
type buildKey struct {
	workload, language string
	kind               runners.Kind
}

// built is a build, or why there is none.
type built struct {
	build.Built
	err error
}

type builds map[buildKey]built

// build makes all artefacts that the configuration could ask for. One that
// can't be made is noted, and its cells are left out.
func (h *House) build(ctx context.Context, s Survey, o Options, obs Observer) builds {
	b := builds{}
	for _, kind := range kinds(s.Available) {
		for _, w := range h.Set.List() {
			for _, language := range w.Languages {
				if w.Comes(language, kind) && wanted(o, w, language, kind) && ctx.Err() == nil {
					h.buildOne(ctx, b, buildKey{w.Name, language, kind}, obs)
				}
			}
		}
	}
	return b
}

// rebuild makes the artefacts that a plan names.
func (h *House) rebuild(ctx context.Context, p results.Plan, obs Observer) builds {
	b := builds{}
	for _, t := range p.Trials {
		key := h.keyFor(t.Cell)
		if _, ok := b[key]; !ok && ctx.Err() == nil {
			h.buildOne(ctx, b, key, obs)
		}
	}
	return b
}

func (h *House) buildOne(ctx context.Context, b builds, key buildKey, obs Observer) {
	obs.Step(fmt.Sprintf("building %s in %s (%s)", key.workload, key.language, key.kind))
	w, err := h.Set.Find(key.workload)
	if err != nil {
		b[key] = built{err: err}
		return
	}
	made, err := h.Builder.Build(ctx, w, key.language, key.kind)
	if err != nil && ctx.Err() == nil {
		obs.Note(fmt.Sprintf("left out %s in %s (%s): %v", key.workload, key.language, key.kind, err))
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
func wanted(o Options, w build.Workload, language string, kind runners.Kind) bool {
	in := func(list []string, x string) bool { return len(list) == 0 || slices.Contains(list, x) }
	if !in(o.Filter.Workloads, w.Name) || !in(o.Filter.Languages, language) {
		return false
	}
	return slices.ContainsFunc(o.Config.Matrix, func(e plan.Entry) bool {
		return in(e.Workloads, w.Name) && in(e.Languages, language) && slices.ContainsFunc(runners.Table(), func(r runners.Entry) bool {
			takes, ok := w.KindFor(language, r.Takes)
			return ok && takes == kind && in(e.Runners, r.Name) && in(o.Filter.Runners, r.Name)
		})
	})
}

// keyFor names the build that a cell runs: the one that comes in a kind which
// the cell's runner takes.
func (h *House) keyFor(c results.Cell) buildKey {
	key := buildKey{workload: c.Workload, language: c.Language}
	e, _ := runners.Find(c.Runner)
	if w, err := h.Set.Find(c.Workload); err == nil {
		key.kind, _ = w.KindFor(c.Language, e.Takes)
	}
	return key
}

func runnersOf(p results.Plan) []string {
	var names []string
	for _, t := range p.Trials {
		if !slices.Contains(names, t.Cell.Runner) {
			names = append(names, t.Cell.Runner)
		}
	}
	return names
}

// prepareWithin bounds the preparing of one artefact.
const prepareWithin = 3 * time.Minute

// prepare makes every artefact of the plan ready on disk, once for each system
// and build, each in a fresh agent. One that can't be prepared fails its
// trials with the reason.
func (x *experiment) prepare(ctx context.Context, b builds) error {
	for _, t := range x.run.Plan.Trials {
		c := t.Cell
		id := trial.BuildOf(c)
		if _, ok := x.lab.Prepared[id]; ok {
			continue
		}
		x.observer.Step(fmt.Sprintf("preparing %s in %s for %s", c.Workload, c.Language, c.System()))
		made := b[x.house.keyFor(c)]
		p, err := runners.Prepared{}, made.err
		if err == nil {
			p, err = x.prepareOne(ctx, results.System{Runner: c.Runner, Mode: c.Mode}, made.Artefact)
		}
		if ctx.Err() != nil {
			return ErrInterrupted
		}
		x.lab.Prepared[id] = trial.Prepared{Prepared: p, Err: err}
		if err != nil {
			x.observer.Note(fmt.Sprintf("%s can't prepare %s in %s: %v", c.System(), c.Workload, c.Language, err))
		}
	}
	return nil
}

// prepareOne makes an artefact ready for a system, in an agent of its own.
func (x *experiment) prepareOne(ctx context.Context, s results.System, made runners.Artefact) (p runners.Prepared, err error) {
	dir := filepath.Join(x.lair.dir, "p"+strconv.Itoa(x.prepared))
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
		Options:  runners.Options{Mode: s.Mode, Scratch: scratch, Scope: x.lair.prepared()},
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
