package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"edgebench/bench/plan"
	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/client"
	"edgebench/runners/protocol"
	"edgebench/runners/source"
	"edgebench/workloads/build"
)

// Installation holds the folders of the suite and its caches, and what it can
// run.
type Installation struct {
	Root, Cache string
	Set         *build.Set
	Builder     *build.Builder

	// own are the rows of runners that link a library of the user's.
	own []runners.Entry

	mu     sync.Mutex
	agents map[string]agentPath
	// launch starts an agent's executable.
	launch func(path string) (trial.Agent, error)
}

type agentPath struct {
	path string
	err  error
}

// Open finds the suite's folder and reads its workloads.
func Open() (*Installation, error) {
	root, err := source.Root()
	if err != nil {
		return nil, err
	}
	set, err := build.Open(root)
	if err != nil {
		return nil, err
	}
	cache, err := source.CacheDir()
	if err != nil {
		return nil, err
	}
	return &Installation{
		Root: root, Cache: cache, Set: set, Builder: build.NewBuilder(root, cache),
		agents: map[string]agentPath{}, launch: startAgent,
	}, nil
}

// Agent gives the path of a runner's agent, which it builds at the first call.
func (h *Installation) Agent(ctx context.Context, e runners.Entry) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	a, ok := h.agents[e.Name]
	if !ok {
		a.path, a.err = client.Executable(ctx, h.Root, e)
		if ctx.Err() == nil {
			h.agents[e.Name] = a
		}
	}
	return a.path, a.err
}

// Start starts an agent that has been built before (see Survey).
func (h *Installation) Start(runner string) (trial.Agent, error) {
	path, err := h.built(runner)
	if err != nil {
		return nil, err
	}
	return h.launch(path)
}

// StartOn builds a runner's agent for another platform and starts it there.
func (h *Installation) StartOn(ctx context.Context, runner, platform string) (trial.Agent, error) {
	e, err := h.runner(runner)
	if err != nil {
		return nil, err
	}
	p, err := client.FindPlatform(platform)
	if err != nil {
		return nil, err
	}
	path, err := p.Executable(ctx, h.Root, e)
	if err != nil {
		return nil, err
	}
	a, err := p.Start(path)
	if err != nil {
		return nil, err // and not a nil *client.Agent in an interface
	}
	return a, nil
}

func (h *Installation) built(runner string) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	a, ok := h.agents[runner]
	if !ok {
		return "", fmt.Errorf("the agent of %s has not been built: %w", runner, runners.ErrUnavailable)
	}
	return a.path, a.err
}

func startAgent(path string) (trial.Agent, error) {
	a, err := client.Start(path)
	if err != nil {
		return nil, err // and not a nil *client.Agent in an interface
	}
	return a, nil
}

// Survey is what was found on this machine.
type Survey struct {
	// Systems are all runners and modes; those of a runner whose modes could
	// not be asked have the mode AllModes.
	Systems []results.SystemState
	// Available are those that can be measured.
	Available []plan.System
}

// systems are all that were found, also those that can't be measured.
func (s *Survey) systems() []results.System {
	var all []results.System
	for _, state := range s.Systems {
		if state.Mode != AllModes {
			all = append(all, state.System)
		}
	}
	return all
}

// silent are the runners that were asked and of which nothing is available.
func (s *Survey) silent() map[string]bool {
	found := map[string]bool{}
	for _, state := range s.Systems {
		found[state.Runner] = true
	}
	for _, available := range s.Available {
		delete(found, available.System.Runner)
	}
	return found
}

// checkWithin bounds what a runner may take to find out what it has.
const checkWithin = 20 * time.Second

// Survey builds the agents and asks each what it has. note is told what is
// being done. A library of the user's that can't be linked is ErrLibrary.
func (h *Installation) Survey(ctx context.Context, names []string, note func(string)) (Survey, error) {
	var s Survey
	entries := slices.DeleteFunc(h.Runners(), func(e runners.Entry) bool { return !plan.AllowsRunner(names, e.Name) })
	for i, e := range entries {
		note(fmt.Sprintf("checking %s, runner %d of %d (built the first time, then kept)", e.Name, i+1, len(entries)))
		info, err := h.check(ctx, e)
		if ctx.Err() != nil {
			return s, ctx.Err()
		}
		if err != nil && e.Own != nil {
			return s, fmt.Errorf("%w: %s", ErrLibrary, oneLine(err))
		}
		s.add(e, info, err)
	}
	return s, nil
}

func (h *Installation) check(ctx context.Context, e runners.Entry) (runners.Info, error) {
	path, err := h.Agent(ctx, e)
	if err != nil {
		return runners.Info{}, err
	}
	a, err := h.Start(e.Name)
	if err != nil {
		return runners.Info{}, damaged(path, err)
	}
	defer a.Close(ctx)
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	reply, err := a.Ask(ctx, protocol.Request{Check: &protocol.Check{}})
	if errors.Is(err, client.ErrDied) {
		err = damaged(path, err)
	}
	if err != nil {
		return runners.Info{}, err
	}
	if reply.Info == nil {
		return runners.Info{}, fmt.Errorf("the agent of %s did not report its modes", e.Name)
	}
	if e.Own != nil && e.Own.Headers != "" {
		reply.Info.Version += ", headers " + e.Own.Headers
	}
	return *reply.Info, nil
}

// damaged names the file of an agent that does not start or ends at once. The Go
// toolchain takes a damaged one for up to date.
func damaged(path string, err error) error {
	return fmt.Errorf("%w: if its agent is damaged, delete %s, which is then built again", err, path)
}

// AllModes stands for the modes of a runner that could not be asked for them.
const AllModes = "*"

// reason is the text of an error without words that the surrounding message
// already says.
func reason(runner string, err error) string {
	s := strings.TrimPrefix(oneLine(err), runner+" is ")
	unavailable := runners.ErrUnavailable.Error()
	return strings.TrimSuffix(strings.TrimPrefix(s, unavailable+": "), ": "+unavailable)
}

func (s *Survey) add(e runners.Entry, info runners.Info, err error) {
	if err != nil {
		s.Systems = append(s.Systems, results.SystemState{
			System: results.System{Runner: e.Name, Mode: AllModes}, Unavailable: reason(e.Name, err),
		})
		return
	}
	for _, m := range info.Modes {
		version, released := info.Version, info.Released
		if m.Version != "" {
			version, released = m.Version, m.Released
		}
		state := results.SystemState{
			System:  results.System{Runner: e.Name, Mode: m.Name},
			Version: version, Released: released, Unavailable: m.Unavailable, Rungs: m.Rungs, Engine: m.Engine, Settings: m.Settings, Library: info.Library,
		}
		s.Systems = append(s.Systems, state)
		if m.Unavailable == "" {
			s.Available = append(s.Available, plan.System{System: state.System, Takes: e.In(m).Takes, Mode: m})
		}
	}
}
