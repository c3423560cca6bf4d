// Package process runs a native workload as a plain child process: the
// baseline without a sandbox. The process has all rights of the agent's user. Its
// working directory is a folder of its own with the artefact's files, which is removed
// with it.
//
// What a process starts ends with it, also in a session of its own: the agent (see
// Adopting) adopts orphans and kills them once no instance lives. If the agent is
// killed, Sweep finds them by the control group in which they all are, or where there
// is none to be had by their working directory. Both work on Linux alone.
//
// The only mode is `plain`. Prepare copies the binary. Instantiate spawns it with
// pipes for stdin and stdout, which carry frames. Instantiate does not wait until
// the process is ready: the first request is in the pipe when the workload first
// reads. The moment at which main was entered is requested afterwards.
//
// A process is started by os/exec, which clones with a shared address space (CLONE_VFORK)
// and executes: as fast as posix_spawn. It has an empty environment and two or three
// pipes. Left out, since they change what is compared or few programs use them: a
// zygote that forks ready processes (its state would not be the workload's own), shared
// memory or sockets instead of pipes, huge pages, real-time priorities. Where the
// scheduler puts the process is a parameter of an experiment (placement), not of this
// package.
//
// A policy (runners.Policy) cannot hide anything: a guest finds the folders where the host
// has them. If the agent is root's, the process becomes that of the user nobody. A
// hardened process has limits and can gain no privileges; prlimit and setpriv start it.
//
// The pooled rung continues a process that was stopped (SIGSTOP) before its first
// request; it exists on Linux alone. There is no boot rung, since there is no
// runtime to start.
//
// A command (runners.Stdio) gets its request and then the end of its stdin, and
// must exit with 0 after its response. It has no pooled rung, since it does not
// signal that it is ready.
//
// A server (runners.HTTP) is spawned without stdin, and its output is discarded.
// It is ready when it accepts a connection at 127.0.0.1, which is tried every
// 0.1 ms. A port can be used once on a machine, so a server has a single live
// instance: Instantiate fails while that instance lives or another program uses the
// port.
package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/interfaces"
)

const plain = "plain"

// New returns the runner.
func New() runners.Runner { return runner{} }

// Adopting returns the runner for a process that has no children but instances, as an
// agent: it becomes the parent of whatever they leave running, and ends it.
func Adopting() runners.Runner { return runner{adopts: true} }

type runner struct{ adopts bool }

// Check reports the one mode.
func (runner) Check(context.Context) (runners.Info, error) {
	m := runners.Mode{
		Name: plain, Default: true, Parks: canStop, Processes: true, Confines: canConfine, HostPaths: true,
		Rungs:    []results.Rung{results.Deploy, results.Cold, results.Hot},
		Settings: map[string]string{"transport": "pipes"},
	}
	if canStop {
		m.Rungs = []results.Rung{results.Deploy, results.Cold, results.Pooled, results.Hot}
	}
	return runners.Info{Version: runtime.GOOS + "/" + runtime.GOARCH, Modes: []runners.Mode{m}}, nil
}

// Boot has nothing to start: the operating system runs.
func (r runner) Boot(_ context.Context, o runners.Options) (runners.Runtime, error) {
	if o.Mode != plain {
		return nil, fmt.Errorf("process has no mode %q: %w", o.Mode, runners.ErrUnavailable)
	}
	if !canConfine {
		if err := runners.RefusePolicy(o); err != nil {
			return nil, err
		}
	}
	if r.adopts {
		if err := adopt(o.Scope); err != nil {
			return nil, fmt.Errorf("adopt orphans: %w", err)
		}
	}
	return &system{
		adopts: r.adopts, memory: o.Memory, policy: o.Policy,
		folders: folders{scratch: o.Scratch, scope: o.Scope}, live: map[int]bool{},
	}, nil
}

// Sweep kills what instances of a killed agent have left running.
func (runner) Sweep(ctx context.Context, scope string) error {
	if err := sweep(ctx, scope); err != nil {
		return fmt.Errorf("sweep %s: %w", scope, err)
	}
	return nil
}

// system keeps account of the live processes.
type system struct {
	adopts  bool // what instances leave running
	memory  uint64
	folders folders
	policy  *runners.Policy // nil for none
	// starting is held for reading while a process is started and entered into live,
	// and for writing while orphans are told from live processes.
	starting sync.RWMutex
	mu       sync.Mutex
	live     map[int]bool
	once     sync.Once
	closed   error
}

// MemoryOwners are the live processes.
func (s *system) MemoryOwners(context.Context) (runners.MemoryOwners, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var p runners.MemoryOwners
	for pid := range s.live {
		p.PIDs = append(p.PIDs, pid)
	}
	return p, nil
}

func (s *system) account(pid int, lives bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if lives {
		s.live[pid] = true
	} else {
		delete(s.live, pid)
	}
}

// endOrphans kills what instances have left running, once none of them lives: which
// of several live ones an orphan belongs to can't be told.
func (s *system) endOrphans() error {
	if !s.adopts {
		return nil
	}
	s.starting.Lock()
	defer s.starting.Unlock()
	s.mu.Lock()
	alone := len(s.live) == 0
	s.mu.Unlock()
	if !alone {
		return nil
	}
	return killChildren()
}

// Close leaves the control group.
func (s *system) Close() error {
	s.once.Do(func() {
		if s.adopts {
			s.closed = errors.Join(s.endOrphans(), disown())
		}
	})
	return s.closed
}

// MaxBinary bounds a workload's file, in bytes.
const MaxBinary = 1 << 30

// Prepare copies the binary, and the artefact's files beside it.
func (s *system) Prepare(_ context.Context, a runners.Artefact, dir string, t *runners.Trace) (runners.Prepared, error) {
	p := runners.Prepared{Artefact: a, Mode: plain, Path: filepath.Join(dir, "workload"+filepath.Ext(a.Path)), Shipped: a.Size, Stored: a.Size}
	if _, err := endpoint(a.Interface); err != nil {
		return p, err
	}
	for _, d := range a.Use.Dirs {
		if d.Host != d.Guest {
			return p, fmt.Errorf("a process has no mounts, so that it does not find a folder of this machine at %s: %w", d.Guest, runners.ErrUnavailable)
		}
	}
	if err := copyBinary(p.Path, a.Path); err != nil {
		return p, fmt.Errorf("copy the binary: %w", err)
	}
	if a.Files != "" {
		if err := copyFiles(filesOf(p), a.Files); err != nil {
			return p, fmt.Errorf("copy the artefact's files: %w", err)
		}
	}
	if s.policy != nil { // whose processes are another user's
		if err := os.Chmod(p.Path, 0o755); err != nil {
			return p, fmt.Errorf("let others run the binary: %w", err)
		}
	}
	t.Mark(runners.PhaseStore)
	return p, nil
}

// endpoint is where a server answers; for all else that can be spoken here it
// is the zero value.
func endpoint(s runners.Interface) (interfaces.Endpoint, error) {
	if s == runners.Frames || s == runners.Stdio {
		return interfaces.Endpoint{}, nil
	}
	e, err := interfaces.ParseEndpoint(s)
	if err != nil {
		return e, fmt.Errorf("a process does not support the interface %q: %w: %w", s, runners.ErrUnavailable, err)
	}
	return e, nil
}

func copyBinary(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular() || info.Size() == 0:
		return fmt.Errorf("%s is not a program: %w", from, runners.ErrMalformed)
	case info.Size() > MaxBinary:
		return fmt.Errorf("%s has %d bytes, at most %d are copied: %w", from, info.Size(), MaxBinary, runners.ErrTooLarge)
	}
	return runners.WriteProgram(to, in)
}

// Load finds out that the binary is there.
func (s *system) Load(_ context.Context, p runners.Prepared, _ *runners.Trace) (runners.Loaded, error) {
	if p.Mode != plain {
		return nil, fmt.Errorf("artefact was prepared by mode %q, this is %q", p.Mode, plain)
	}
	// A relative path would be looked for in the folder of the files.
	path, err := filepath.Abs(p.Path)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		return nil, fmt.Errorf("find the binary: %w", err)
	}
	at, err := endpoint(p.Artefact.Interface)
	if err != nil {
		return nil, err
	}
	return &loaded{system: s, path: path, files: filesOf(p), iface: p.Artefact.Interface, use: p.Artefact.Use, endpoint: at}, nil
}
