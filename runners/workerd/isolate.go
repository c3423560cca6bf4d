package workerd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"sync"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/interfaces"
)

// isolates is the runtime of the mode isolate: one workerd with the dispatcher.
type isolates struct {
	server *server
	dir    string // of the configuration
	bounds bounds

	mu     sync.Mutex
	made   int // names that were given to codes and guests
	live   int
	idle   []*interfaces.Client
	closed bool
}

// mostIsolates is how many may live: V8 ends the process some forty later.
const mostIsolates = 1900

// dispatcherBindings are what the dispatcher gets in its env.
const dispatcherBindings = `(name = "LOADER", workerLoader = ()), (name = "DATE", text = "` + compatibilityDate + `")`

// bootIsolates starts workerd and waits until the dispatcher answers.
func bootIsolates(ctx context.Context, program string, o runners.Options) (_ *isolates, err error) {
	dir, err := os.MkdirTemp(o.Scratch, "workerd-")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	r := &isolates{dir: dir, bounds: bounds{o.Memory, o.Policy}}
	defer func() {
		if err != nil {
			err = cmp.Or(err, r.Close())
		}
	}()
	modules := []module{{mainModule, kindScript, dispatcherScript}, ending}
	config, err := compile(ctx, program, dir, modules, settings{bindings: dispatcherBindings})
	if err != nil {
		return nil, err
	}
	if r.server, err = serve(program, config); err != nil {
		return nil, err
	}
	return r, r.ask(ctx, http.MethodDelete, "/code/none", nil)
}

// MemoryOwners is workerd, which serves all instances.
func (r *isolates) MemoryOwners(context.Context) (runners.MemoryOwners, error) {
	return runners.MemoryOwners{Daemons: []int{r.server.cmd.Process.Pid}}, nil
}

// Bound is how many isolates may live at once.
func (*isolates) Bound() int { return mostIsolates }

// Close ends workerd.
func (r *isolates) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil
	}
	r.closed = true
	var err error
	for _, c := range r.idle {
		err = cmp.Or(err, c.Close())
	}
	if r.server != nil {
		r.server.stop()
	}
	return cmp.Or(err, os.RemoveAll(r.dir))
}

// name gives a code or a guest a name that no other has had.
func (r *isolates) name() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made++
	return strconv.Itoa(r.made)
}

// request sends a request over a connection that is idle, or a new one, and appends the
// answer to dst.
func (r *isolates) request(ctx context.Context, method, path string, dst, body []byte) ([]byte, error) {
	c := r.take()
	dst, err := c.Send(ctx, method, path, dst, body)
	if err != nil {
		err = cmp.Or(err, c.Close())
		return dst, r.server.explain(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.idle = append(r.idle, c)
	return dst, nil
}

func (r *isolates) take() *interfaces.Client {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.idle)
	if n == 0 {
		return r.server.client("/")
	}
	c := r.idle[n-1]
	r.idle = r.idle[:n-1]
	return c
}

// ask sends a request whose answer is empty.
func (r *isolates) ask(ctx context.Context, method, path string, body []byte) error {
	_, err := r.request(ctx, method, path, nil, body)
	return err
}

// Prepare checks the artefact, which is all that the node keeps.
func (r *isolates) Prepare(_ context.Context, a runners.Artefact, _ string, t *runners.Trace) (runners.Prepared, error) {
	if _, err := worker(a, r.bounds); err != nil {
		return runners.Prepared{}, fmt.Errorf("prepare %s: %w", a.Path, err)
	}
	t.Mark(runners.PhaseRead)
	return runners.Prepared{Artefact: a, Mode: modeIsolate, Path: a.Path, Shipped: a.Size, Stored: a.Size}, nil
}

// Load sends the modules of the worker to the dispatcher.
func (r *isolates) Load(ctx context.Context, p runners.Prepared, t *runners.Trace) (runners.Loaded, error) {
	if p.Mode != modeIsolate {
		return nil, fmt.Errorf("load %s: it was prepared in mode %s, this is %s", p.Path, p.Mode, modeIsolate)
	}
	a := p.Artefact
	a.Path = p.Path
	modules, err := worker(a, r.bounds)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", p.Path, err)
	}
	t.Mark(runners.PhaseRead)
	l := &loadedIsolate{runtime: r, code: r.name(), iface: a.Interface}
	for _, m := range modules {
		if err := r.ask(ctx, http.MethodPost, fmt.Sprintf("/code/%s/%s/%s", l.code, m.kind, m.name), m.body); err != nil {
			return nil, fmt.Errorf("load %s: %w", p.Path, err)
		}
	}
	t.Mark(runners.PhaseLoad)
	return l, nil
}

// loadedIsolate is a worker's modules in the dispatcher's memory.
type loadedIsolate struct {
	runtime *isolates
	code    string
	iface   runners.Interface
	closed  bool
}

// Close lets the dispatcher forget the modules.
func (l *loadedIsolate) Close() error {
	if l.closed {
		return nil
	}
	l.closed = true
	if l.runtime.server.alive() != nil {
		return nil // and so all is gone
	}
	return l.runtime.ask(context.Background(), http.MethodDelete, "/code/"+l.code, nil)
}

// Instantiate makes an isolate and the guest in it.
func (l *loadedIsolate) Instantiate(ctx context.Context, t *runners.Trace) (runners.Instance, error) {
	if err := l.runtime.count(); err != nil {
		return nil, fmt.Errorf("instantiate: %w", err)
	}
	in := &isolateInstance{loaded: l, path: "/guest/" + l.runtime.name() + "/" + l.code}
	if err := l.runtime.ask(ctx, http.MethodPut, in.path, nil); err != nil {
		return nil, cmp.Or(fmt.Errorf("instantiate: %w", err), in.Close())
	}
	t.Mark(runners.PhaseInstantiate)
	return in, nil
}

// count makes sure that there is room for a further isolate.
func (r *isolates) count() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.live >= mostIsolates {
		return fmt.Errorf("%d isolates live in this workerd: %w", r.live, runners.ErrFull)
	}
	r.live++
	return nil
}

func (r *isolates) discount() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.live--
}

// isolateInstance is a guest in an isolate.
type isolateInstance struct {
	loaded *loadedIsolate
	path   string
	closed bool
	done   bool // it has trapped, or is a command that has run
}

// Call posts the request.
func (in *isolateInstance) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if in.closed || in.done {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	in.done = in.loaded.iface.SingleShot()
	if in.loaded.runtime.bounds.policy != nil {
		// Nothing ends a guest that computes: a call that is given up would look like it.
		ctx = context.WithoutCancel(ctx)
	}
	response, err := in.loaded.runtime.request(ctx, http.MethodPost, in.path, dst, request)
	if err != nil {
		in.done = in.done || errors.Is(err, runners.ErrTrap)
		return dst, fmt.Errorf("call the guest: %w", err)
	}
	return response, nil
}

// Close ends the isolate.
func (in *isolateInstance) Close() error {
	if in.closed {
		return nil
	}
	in.closed = true
	r := in.loaded.runtime
	r.discount()
	if r.server.alive() != nil {
		return nil // and so all is gone
	}
	if err := r.ask(context.Background(), http.MethodDelete, in.path, nil); err != nil {
		return fmt.Errorf("end the isolate: %w", err)
	}
	return nil
}
