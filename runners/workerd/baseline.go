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
	"runtime"
	"time"

	"edgebench/results"
	"edgebench/runners"
)

// Baseline runs the cold and the hot rung of process, and the pooled and the hot rung of
// isolate, with net/http's requests and answers over one connection. It shares no timed
// code with the adapter.
func (r runner) Baseline(ctx context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	program, err := find()
	if err != nil {
		return out, err
	}
	loops := map[string]map[results.Rung]func(context.Context, string, runners.Loop) (runners.BaselineResult, error){
		modeProcess: {results.Cold: coldLoop, results.Hot: hotLoop},
		modeIsolate: {results.Pooled: r.isolateLoop, results.Hot: r.isolateLoop},
	}
	loop, ok := loops[l.Options.Mode][l.Rung]
	if !ok {
		return out, fmt.Errorf("no baseline loop for %s on the rung %s: %w", l.Options.Mode, l.Rung, runners.ErrUnavailable)
	}
	return loop(ctx, program, l)
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
