package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"edgebench/bench/identify"
	"edgebench/bench/internal/kinded"
	"edgebench/bench/look"
	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
	"edgebench/workloads/build"
)

// lookAt asks each program once, by one system that takes it. One that does not
// answer is noted and left out, unless none is left. The key is candidate.at.
func (x *session) lookAt(ctx context.Context, t Try, given []candidate, own *results.Own) (found map[int]look.Found, err error) {
	isCommand := func(c candidate) bool { return c.Kind.IsModule() && c.Interface == runners.Stdio }
	command := slices.ContainsFunc(given, isCommand)
	var requests [][]byte
	for _, r := range t.Requests {
		requests = append(requests, r.Request)
	}
	found = map[int]look.Found{}
	var silent error
	err = x.looking(func() error {
		for i := range given {
			c := &given[i]
			if t.Use.Path() == "" && len(requests[0]) == 0 {
				c.given.Use.HTTP.Method = http.MethodGet // a request without content asks for a page
			}
			x.observer.Step("looking at " + c.Name)
			f, err := x.lookAtOne(ctx, t, *c, command, requests)
			switch {
			case ctx.Err() != nil:
				return ErrInterrupted
			case err == nil:
				found[c.at] = f
				continue
			}
			silent = errors.Join(silent, err)
			own.Programs[c.at].Refused = strings.TrimPrefix(oneLine(err), c.Name+": ")
		}
		return nil
	})
	switch {
	case err != nil:
	case len(found) == 0:
		err = kinded.New(ErrTry, silent)
	case silent != nil:
		x.observer.Note(oneLine(silent))
	}
	return found, err
}

func (x *session) lookAtOne(ctx context.Context, t Try, c candidate, command bool, requests [][]byte) (f look.Found, err error) {
	system, err := x.asks(c.Kind)
	if err != nil {
		return f, fmt.Errorf("%s: %w", c.Name, err)
	}
	given := c.given
	if !c.Kind.IsModule() && !c.interfaceGiven {
		given.Interface = runners.Stdio // until the look has found it
	}
	w, err := build.Own{Name: t.Name, Given: []build.Given{given}, Exchanges: t.Requests}.Workload()
	if err != nil {
		return f, err
	}
	made, err := x.suite.Builder.Build(ctx, w, given.Build, c.Kind)
	if err != nil {
		return f, fmt.Errorf("%s: %w", c.Name, err)
	}
	return look.Program(ctx, x, look.Subject{
		Program: c.Program, System: system, Artefact: made.Artefact, Given: c.interfaceGiven, Path: t.Use.Path(), Command: command && c.Kind == runners.Native,
	}, requests)
}

// lookAtOwn asks each program of a run once for all of its requests, so that one which
// does not answer ends the run before its first trial.
func (x *session) lookAtOwn(ctx context.Context, name string) error {
	w, err := x.suite.Set.Find(name)
	if err != nil {
		return err
	}
	return x.looking(func() error {
		var requests [][]byte
		for _, e := range w.Exchanges {
			requests = append(requests, e.Request)
		}
		for _, g := range w.Given() {
			x.observer.Step("looking at " + g.Name())
			if err := x.lookAtGiven(ctx, w, g, requests); err != nil && ctx.Err() == nil {
				return kinded.New(ErrTry, err)
			}
		}
		if ctx.Err() != nil {
			return ErrInterrupted
		}
		return nil
	})
}

// lookAtGiven does so for one program. What cannot be asked here is left to the plan,
// which says why.
func (x *session) lookAtGiven(ctx context.Context, w build.Workload, g build.Given, requests [][]byte) error {
	system, err := x.asks(g.Kind)
	if err != nil {
		return nil
	}
	made, err := x.suite.Builder.Build(ctx, w, g.Build, g.Kind)
	if err != nil {
		return nil
	}
	p := identify.Program{Name: g.Name(), What: g.What, Kind: g.Kind}
	found, err := look.Program(ctx, x, look.Subject{Program: p, System: system, Artefact: made.Artefact, Given: true}, requests)
	if errors.Is(err, runners.ErrUnavailable) && !errors.Is(err, look.ErrSilent) {
		return nil
	}
	for i := range found.Second {
		if err == nil {
			err = look.Check(look.Answers{Program: p.Name, First: found.First[i], Second: found.Second[i]}, w.Exchanges[i].Response)
		}
	}
	return err
}

// looking opens a folder for looks, and cleans up after them.
func (x *session) looking(f func() error) error {
	token, err := newToken()
	if err != nil {
		return err
	}
	if err := x.open("look-"+token, token, runnersIn(x.survey.Available)); err != nil {
		return err
	}
	defer x.cleanUp()
	return f()
}

// asks chooses the system that is asked about programs of a kind: one in its default
// mode before others, among those one that takes this kind alone, and then one with an
// engine, which can reach servers.
func (x *session) asks(kind runners.Kind) (results.System, error) {
	best, most := results.System{}, -1
	for _, s := range x.survey.Available {
		if !slices.Contains(s.Takes, kind) {
			continue
		}
		worth := 0
		for i, has := range []bool{s.Mode.Engine, len(s.Takes) == 1, s.Mode.Default} {
			if has {
				worth += 1 << i
			}
		}
		if worth > most {
			best, most = s.System, worth
		}
	}
	if most < 0 {
		return best, fmt.Errorf("no system on this machine takes a program of kind %s (benchrun list says why): %w", kind, runners.ErrUnavailable)
	}
	return best, nil
}

// Bounds of a look: until a program answers, a module, which may have to be compiled
// first, and until a program listens.
const (
	answerWithin = 10 * time.Second
	moduleWithin = 30 * time.Second
	listenWithin = 10 * time.Second
)

// Prepare implements look.Asker.
func (x *session) Prepare(ctx context.Context, s results.System, a runners.Artefact) (runners.Prepared, error) {
	return x.prepareOne(ctx, s, a)
}

// Look implements look.Asker.
func (x *session) Look(ctx context.Context, s results.System, p runners.Prepared) (seen runners.Seen, err error) {
	// A task has an exchange, which this one does not send.
	err = x.ask(ctx, s, p, agent.LookTask, listenWithin, runners.Exchange{}, &seen)
	return seen, err
}

// Answer implements look.Asker.
func (x *session) Answer(ctx context.Context, s results.System, p runners.Prepared, request []byte) ([]byte, error) {
	var found agent.Answer
	within := answerWithin
	if p.Artefact.Kind.IsModule() {
		within = moduleWithin
	}
	err := x.ask(ctx, s, p, agent.AnswerTask, within, runners.Exchange{Request: request}, &found)
	return found.Response, err
}

// ask lets a fresh agent carry out a task, and cleans up after it.
func (x *session) ask(ctx context.Context, s results.System, p runners.Prepared, task string, within time.Duration, e runners.Exchange, result any) error {
	scratch := filepath.Join(x.dir.dir, "a"+strconv.Itoa(x.asked))
	x.asked++
	q, err := protocol.NewTask(task, protocol.Subject{
		Options:  runners.Options{Mode: s.Mode, Scratch: scratch, Scope: x.dir.trials(), Memory: p.Artefact.Use.Memory},
		Prepared: p, Exchanges: []runners.Exchange{e},
	}, agent.Patience{Within: within})
	if err != nil {
		return err
	}
	const toEnd = 10 * time.Second // a container, after its time is over
	warnings, err := x.trials.Visit(ctx, s.Runner, scratch, within+toEnd, func(ctx context.Context, a trial.Agent) error {
		reply, err := a.Ask(ctx, q)
		if err != nil {
			return err
		}
		return reply.Decode(result)
	})
	for _, w := range warnings {
		x.observer.Note(w)
	}
	return err
}
