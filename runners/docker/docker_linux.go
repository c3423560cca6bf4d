package docker

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"

	"github.com/docker/docker/api/types/container"

	"edgebench/runners"
)

// New returns the runner.
func New() runners.Runner { return newRunner(usual) }

func newRunner(p patience) *runner { return &runner{patience: p} }

type runner struct {
	patience
	// engines are those that this process has started.
	engines fleet
}

// label marks all that is ours in the engine; its value is the scope.
const label = "edgebench.scope"

var scopes = regexp.MustCompile(`^[A-Za-z0-9-]{1,40}$`)

// longestSocket is what fits into the address of a unix socket, in bytes.
const longestSocket = 107

// Boot connects to the engine, which runs already, and begins to watch it.
func (r *runner) Boot(ctx context.Context, o runners.Options) (_ runners.Runtime, err error) {
	if !scopes.MatchString(o.Scope) {
		return nil, fmt.Errorf("%q is not a scope", o.Scope)
	}
	scratch, err := filepath.Abs(o.Scratch)
	if err != nil {
		return nil, fmt.Errorf("find the scratch folder: %w", err)
	}
	o.Scratch = scratch
	if o.Mode == ownMode {
		return r.bootOwn(ctx, o)
	}
	e, err := connect(ctx, r.patience)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			e.close()
		}
	}()
	f, err := e.features(ctx)
	if err != nil {
		return nil, err
	}
	way, err := f.find(o.Mode)
	if err != nil {
		return nil, err
	}
	if o.Memory > 0 && !f.info.MemoryLimit {
		return nil, fmt.Errorf("this engine can't limit a container's memory (its kernel has no memory control group): %w", runners.ErrUnavailable)
	}
	s := newSystem(e, way, o)
	s.userns, s.networked, s.sandboxed = f.userns(), f.networked(), isGVisor(way.runtime, f.info.Runtimes[way.runtime])
	return s, nil
}

// newSystem begins to watch an engine.
func newSystem(e *engine, w way, o runners.Options) *system {
	return &system{
		engine: e, mode: o.Mode, way: w, scope: o.Scope, scratch: o.Scratch, memory: o.Memory, policy: o.Policy,
		group: o.Group, deaths: e.watch(o.Scope), live: map[*running]bool{}, ports: map[uint16]bool{},
	}
}

// system is the engine in one mode.
type system struct {
	engine  *engine
	mode    string
	way     way
	scope   string
	scratch string
	memory  uint64
	policy  *runners.Policy // nil for none
	group   string          // the parent of the containers' control groups, "" for the engine's
	userns  container.UsernsMode
	apart   bool // the engine's networks are in a namespace of its own
	// sandboxed says that the runtime is gVisor's.
	sandboxed bool
	// networked are the modes in which a container can be reached.
	networked []string
	deaths    *deaths

	mu    sync.Mutex
	made  uint64 // number of boxes
	live  map[*running]bool
	ports map[uint16]bool // of this machine, taken by live instances
	close sync.Once
}

// Close stops watching. The engine runs on.
func (s *system) Close() (err error) {
	s.close.Do(func() {
		s.deaths.stop()
		err = s.engine.close()
	})
	return err
}

// number gives each container of this system another number.
func (s *system) number() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made++
	return s.made
}

func (s *system) account(c *running, lives bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if lives {
		s.live[c] = true
	} else {
		delete(s.live, c)
	}
}

// boxPath is the folder of one container in the scratch folder, socketPath the
// socket in it.
func boxPath(scratch string, number uint64) string {
	return filepath.Join(scratch, strconv.FormatUint(number, 36))
}

func socketPath(box string) string { return filepath.Join(box, socketName) }
