package workerd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/interfaces"
)

// processes is the runtime of the mode process. It keeps account of the live ones.
type processes struct {
	program string
	bounds  bounds

	mu   sync.Mutex
	live map[int]bool
}

// MemoryOwners are the live processes.
func (r *processes) MemoryOwners(context.Context) (runners.MemoryOwners, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var o runners.MemoryOwners
	for pid := range r.live {
		o.PIDs = append(o.PIDs, pid)
	}
	return o, nil
}

func (r *processes) account(pid int, lives bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if lives {
		r.live[pid] = true
	} else {
		delete(r.live, pid)
	}
}

// Close has nothing to stop.
func (*processes) Close() error { return nil }

// Prepare writes a configuration that contains the worker.
func (r *processes) Prepare(ctx context.Context, a runners.Artefact, dir string, t *runners.Trace) (runners.Prepared, error) {
	p, err := r.prepare(ctx, a, dir, t)
	if err != nil {
		return runners.Prepared{}, fmt.Errorf("prepare %s: %w", a.Path, err)
	}
	return p, nil
}

func (r *processes) prepare(ctx context.Context, a runners.Artefact, dir string, t *runners.Trace) (p runners.Prepared, err error) {
	modules, err := worker(a, r.bounds)
	if err != nil {
		return p, err
	}
	t.Mark(runners.PhaseRead)
	p = runners.Prepared{Artefact: a, Mode: modeProcess, Shipped: a.Size}
	if p.Path, err = compile(ctx, r.program, dir, modules, settings{offline: r.bounds.policy != nil}); err != nil {
		return p, err
	}
	info, err := os.Stat(p.Path)
	if err != nil {
		return p, fmt.Errorf("find the configuration: %w", err)
	}
	p.Stored = uint64(info.Size())
	t.Mark(runners.PhaseStore)
	return p, nil
}

// Load finds out that the configuration is there.
func (r *processes) Load(_ context.Context, p runners.Prepared, _ *runners.Trace) (runners.Loaded, error) {
	if p.Mode != modeProcess {
		return nil, fmt.Errorf("load %s: it was prepared in mode %s, this is %s", p.Path, p.Mode, modeProcess)
	}
	if _, err := os.Stat(p.Path); err != nil {
		return nil, fmt.Errorf("find the configuration: %w", err)
	}
	return &loadedProcess{runtime: r, config: p.Path, iface: p.Artefact.Interface}, nil
}

// loadedProcess is a configuration on disk.
type loadedProcess struct {
	runtime *processes
	config  string
	iface   runners.Interface
}

// Close has nothing to release.
func (*loadedProcess) Close() error { return nil }

// Instantiate starts workerd. Connecting does not wait until workerd is ready.
func (l *loadedProcess) Instantiate(ctx context.Context, t *runners.Trace) (runners.Instance, error) {
	in, err := l.start(ctx, t)
	if err != nil {
		return nil, err
	}
	return in, nil
}

func (l *loadedProcess) start(ctx context.Context, t *runners.Trace) (*processInstance, error) {
	s, err := serve(l.runtime.program, l.config)
	if err != nil {
		return nil, err
	}
	l.runtime.account(s.cmd.Process.Pid, true)
	t.Mark(runners.PhaseStart)
	in := &processInstance{loaded: l, server: s, client: s.client("/")}
	if err := in.client.Connect(ctx); err != nil {
		return nil, cmp.Or(err, in.Close())
	}
	return in, nil
}

// Park starts workerd and waits until the guest has answered a ping.
func (l *loadedProcess) Park(ctx context.Context) (runners.Parked, error) {
	if l.iface.SingleShot() {
		return nil, fmt.Errorf("a command answers no ping, so it cannot be held ready: %w", runners.ErrUnavailable)
	}
	in, err := l.start(ctx, nil)
	if err != nil {
		return nil, err
	}
	if _, err := in.Call(ctx, nil, nil); err != nil {
		return nil, cmp.Or(fmt.Errorf("wait for workerd to answer: %w", err), in.Close())
	}
	return &parked{in}, nil
}

// parked is an instance that waits for its first request.
type parked struct{ in runners.Instance }

// Resume hands the instance out: it needs no more to be ready.
func (p *parked) Resume(context.Context, *runners.Trace) (runners.Instance, error) {
	if p.in == nil {
		return nil, fmt.Errorf("resume: %w", runners.ErrClosed)
	}
	in := p.in
	p.in = nil
	return in, nil
}

// Close ends an instance that was not resumed.
func (p *parked) Close() error {
	if p.in == nil {
		return nil
	}
	return p.in.Close()
}

// processInstance is a workerd that runs one worker.
type processInstance struct {
	loaded *loadedProcess
	server *server
	client *interfaces.Client
	closed bool
	done   bool // it has trapped, or is a command that has run
}

// Call posts the request.
func (in *processInstance) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if in.closed || in.done {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	in.done = in.loaded.iface.SingleShot()
	response, err := in.client.Call(ctx, dst, request)
	if err != nil {
		in.done = in.done || errors.Is(err, runners.ErrTrap)
		return dst, fmt.Errorf("call the guest: %w", in.server.explain(err))
	}
	return response, nil
}

// Stop kills workerd.
func (in *processInstance) Stop(context.Context) error {
	in.server.stop()
	return nil
}

// Close ends the connection, and then workerd.
func (in *processInstance) Close() error {
	if in.closed {
		return nil
	}
	in.closed = true
	err := in.client.Close()
	in.server.stop()
	in.loaded.runtime.account(in.server.cmd.Process.Pid, false)
	return err
}
