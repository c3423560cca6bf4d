package workerd

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/internal/binary"
)

// Baseline runs all rungs but the pooled one of process, with net/http's requests and
// answers over one connection. It shares no timed code with the adapter; the scripts that
// workerd runs are the same. A worker is made for a program in JavaScript and for a module
// without imports.
func (r runner) Baseline(ctx context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	program, err := find()
	if err != nil {
		return out, err
	}
	loops := map[string]map[results.Rung]func(context.Context, string, runners.Loop) (runners.BaselineResult, error){
		modeProcess: {results.Deploy: deployLoop, results.Cold: coldLoop, results.Hot: hotLoop},
		modeIsolate: {
			results.Deploy: r.loadLoop, results.Boot: bootLoop, results.Cold: r.loadLoop,
			results.Pooled: r.isolateLoop, results.Hot: r.isolateLoop,
		},
	}
	loop, ok := loops[l.Options.Mode][l.Rung]
	if !ok {
		return out, fmt.Errorf("no baseline loop for %s on the rung %s: %w", l.Options.Mode, l.Rung, runners.ErrUnavailable)
	}
	return loop(ctx, program, l)
}

// deployLoop writes a configuration and starts workerd with it, each time anew.
func deployLoop(ctx context.Context, program string, l runners.Loop) (out runners.BaselineResult, err error) {
	out.Times, err = l.Repeat(ctx, func() (took time.Duration, err error) {
		runtime.GC() // as before each cold start
		dir, err := os.MkdirTemp(l.Options.Scratch, "baseline-")
		if err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		from := time.Now()
		worker, err := workerOf(l.Prepared.Artefact)
		if err != nil {
			return 0, err
		}
		c, err := startWorker(ctx, program, dir, worker, "")
		if err != nil {
			return 0, err
		}
		out.Response, err = c.send(http.MethodPost, "/", l.Request)
		took = time.Since(from)
		return took, errors.Join(err, c.end())
	})
	return out, err
}

// bootLoop starts a workerd with the dispatcher, and a guest in it. Nothing waits until the
// dispatcher is ready.
func bootLoop(ctx context.Context, program string, l runners.Loop) (out runners.BaselineResult, err error) {
	out.Times, err = l.Repeat(ctx, func() (took time.Duration, err error) {
		from := time.Now()
		dir, err := os.MkdirTemp(l.Options.Scratch, "baseline-")
		if err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		c, err := startWorker(ctx, program, dir, []module{{mainModule, kindScript, dispatcherScript}, ending}, dispatcherBindings)
		if err != nil {
			return 0, err
		}
		out.Response, err = c.loadGuest(l)
		took = time.Since(from)
		if err == nil {
			l.Answer(out.Response)
		}
		return took, errors.Join(err, c.end())
	})
	return out, err
}

// loadLoop loads a worker into a workerd of its own, which the adapter starts each time,
// and makes a guest. On the rung deploy a node keeps the artefact itself, so that nothing
// is added to cold.
func (r runner) loadLoop(ctx context.Context, _ string, l runners.Loop) (out runners.BaselineResult, err error) {
	out.Times, err = l.Repeat(ctx, func() (took time.Duration, err error) {
		runtime.GC() // as before each cold start
		rt, err := r.Boot(ctx, l.Options)
		if err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, rt.Close()) }()
		dispatcher, ok := rt.(*isolates)
		if !ok {
			return 0, fmt.Errorf("the runtime is a %T", rt)
		}
		c, err := connect(dispatcher.server.port)
		if err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, c.conn.Close()) }()
		if _, err := c.send(http.MethodDelete, "/code/none", nil); err != nil { // as Boot has asked over its connection
			return 0, err
		}
		from := time.Now()
		out.Response, err = c.loadGuest(l)
		return time.Since(from), err
	})
	return out, err
}

func coldLoop(ctx context.Context, program string, l runners.Loop) (out runners.BaselineResult, err error) {
	out.Times, err = l.Repeat(ctx, func() (took time.Duration, err error) {
		runtime.GC() // as before each cold start
		from := time.Now()
		c, err := startPeer(program, l.Prepared.Path)
		if err != nil {
			return 0, err
		}
		out.Response, err = c.send(http.MethodPost, "/", l.Request)
		took = time.Since(from)
		return took, errors.Join(err, c.end())
	})
	return out, err
}

func hotLoop(ctx context.Context, program string, l runners.Loop) (out runners.BaselineResult, err error) {
	c, err := startPeer(program, l.Prepared.Path)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, c.end()) }()
	if _, err := c.send(http.MethodPost, "/", l.Request); err != nil {
		return out, err
	}
	return c.calls(ctx, "/", l)
}

// isolateLoop starts workerd with the dispatcher as the adapter does, which is not timed.
func (r runner) isolateLoop(ctx context.Context, _ string, l runners.Loop) (out runners.BaselineResult, err error) {
	rt, err := r.Boot(ctx, l.Options)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, rt.Close()) }()
	loaded, err := rt.Load(ctx, l.Prepared, nil)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, loaded.Close()) }()
	worker, ok := loaded.(*loadedIsolate)
	if !ok {
		return out, fmt.Errorf("the worker is a %T", loaded)
	}
	c, err := connect(worker.runtime.server.port)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, c.conn.Close()) }()
	guest := func(i int) string { return fmt.Sprintf("/guest/baseline%d/%s", i, worker.code) }
	if l.Rung == results.Hot {
		if _, err := c.send(http.MethodPut, guest(0), nil); err != nil {
			return out, err
		}
		return c.calls(ctx, guest(0), l)
	}
	made := 0
	out.Times, err = l.Repeat(ctx, func() (took time.Duration, err error) {
		made++
		from := time.Now()
		if _, err := c.send(http.MethodPut, guest(made), nil); err != nil {
			return 0, err
		}
		out.Response, err = c.send(http.MethodPost, guest(made), l.Request)
		took = time.Since(from)
		_, closed := c.send(http.MethodDelete, guest(made), nil)
		return took, errors.Join(err, closed)
	})
	return out, err
}

// peer is a connection to a workerd, which may be its own.
type peer struct {
	cmd  *exec.Cmd // nil if it is another's
	conn net.Conn
	r    *bufio.Reader
}

// workerOf reads an artefact and gives the modules of its worker.
func workerOf(a runners.Artefact) ([]module, error) {
	body, err := os.ReadFile(a.Path)
	if err != nil {
		return nil, err
	}
	switch {
	case a.Interface != runners.Frames || a.Kind != runners.Script && binary.HasImports(body):
		return nil, fmt.Errorf("no baseline loop for a command or a module with imports: %w", runners.ErrUnavailable)
	case a.Kind == runners.Script:
		return []module{{mainModule, kindScript, scriptScript}, ending, {"program.js", kindScript, body}}, nil
	}
	return []module{
		{mainModule, kindScript, reactorScript}, ending, {"guest.wasm", kindWasm, body}, {"host.js", kindScript, noHostScript},
	}, nil
}

// startWorker writes the configuration of a worker to a folder, compiles it as the manual
// says, and starts workerd with it.
func startWorker(ctx context.Context, program, dir string, worker []module, bindings string) (*peer, error) {
	var embedded strings.Builder
	for _, m := range worker {
		if err := os.WriteFile(filepath.Join(dir, m.name), m.body, 0o600); err != nil {
			return nil, err
		}
		fmt.Fprintf(&embedded, "(name = %q, %s = embed %q), ", m.name, fields[m.kind], m.name)
	}
	text := fmt.Sprintf(`using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (compatibilityDate = %q, modules = [%s], bindings = [%s]))],
  sockets = [(name = "http", service = "main")]
);
`, compatibilityDate, &embedded, bindings)
	source, compiled := filepath.Join(dir, "config.capnp"), filepath.Join(dir, "config.bin")
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		return nil, err
	}
	config, err := exec.CommandContext(ctx, program, "compile", "--config-only", source).Output()
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(compiled, config, 0o600); err != nil {
		return nil, err
	}
	return startPeer(program, compiled)
}

func startPeer(program, config string) (*peer, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer l.Close()
	at, ok := l.(*net.TCPListener)
	if !ok {
		return nil, fmt.Errorf("the listener is a %T", l)
	}
	socket, err := at.File()
	if err != nil {
		return nil, err
	}
	defer socket.Close()
	cmd := exec.Command(program, "serve", "--experimental", "--binary", config, "--socket-fd", "http=3")
	cmd.Env, cmd.ExtraFiles = []string{}, []*os.File{socket}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	conn, err := net.Dial("tcp4", l.Addr().String())
	c := &peer{cmd: cmd, conn: conn}
	if err != nil {
		return nil, errors.Join(err, c.end())
	}
	c.r = bufio.NewReader(conn)
	return c, nil
}

func connect(port uint16) (*peer, error) {
	conn, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, err
	}
	return &peer{conn: conn, r: bufio.NewReader(conn)}, nil
}

// loadGuest sends a worker to a dispatcher, makes a guest of it and gives the guest's first
// response.
func (c *peer) loadGuest(l runners.Loop) ([]byte, error) {
	worker, err := workerOf(l.Prepared.Artefact)
	if err != nil {
		return nil, err
	}
	for _, m := range worker {
		if _, err := c.send(http.MethodPost, fmt.Sprintf("/code/baseline/%s/%s", m.kind, m.name), m.body); err != nil {
			return nil, err
		}
	}
	const guest = "/guest/baseline/baseline"
	if _, err := c.send(http.MethodPut, guest, nil); err != nil {
		return nil, err
	}
	return c.send(http.MethodPost, guest, l.Request)
}

// calls times requests to a path.
func (c *peer) calls(ctx context.Context, path string, l runners.Loop) (out runners.BaselineResult, err error) {
	out.Times, err = l.Repeat(ctx, func() (took time.Duration, err error) {
		from := time.Now()
		out.Response, err = c.send(http.MethodPost, path, l.Request)
		return time.Since(from), err
	})
	return out, err
}

func (c *peer) send(method, path string, body []byte) ([]byte, error) {
	q, err := http.NewRequest(method, "http://localhost"+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if err := q.Write(c.conn); err != nil {
		return nil, err
	}
	answer, err := http.ReadResponse(c.r, q)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("workerd answers %s", answer.Status)
	}
	return io.ReadAll(answer.Body)
}

// end kills workerd and waits for it.
func (c *peer) end() error {
	var err error
	if c.conn != nil {
		err = c.conn.Close()
	}
	err = errors.Join(err, c.cmd.Process.Kill())
	_ = c.cmd.Wait() // it was killed
	return err
}
