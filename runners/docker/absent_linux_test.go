package docker

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/docker/docker/client"

	"edgebench/runners"
	"edgebench/runners/dockerhost"
)

// These tests are of engines that are absent or go away.

func TestNoEngine(t *testing.T) {
	dir := shortDir(t)
	stale := filepath.Join(dir, "stale")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	mute := filepath.Join(dir, "mute")
	serve(t, mute, http.NotFoundHandler())
	cases := []struct{ host, says string }{
		{"unix://" + dir + "/none", "where there is no socket: correct or unset it"},
		{"unix://" + stale, "listens at " + stale + " any more: start it"},
		{"unix://" + mute, "does not answer like a Docker engine"},
		{"tcp://127.0.0.1:1", "may be another machine"},
		{"ssh://someone@somewhere", "may be another machine"},
		{"nonsense", "is not an address"},
		{"unix:///" + strings.Repeat("x", 120), "at most 107 fit into an address"},
	}
	for _, c := range cases {
		t.Run(c.host, func(t *testing.T) {
			t.Setenv(client.EnvOverrideHost, c.host)
			_, err := New().Check(t.Context())
			wantOneLine(t, err, c.says)
			if !errors.Is(err, runners.ErrUnavailable) {
				t.Errorf("%v; want ErrUnavailable", err)
			}
			_, err = New().Boot(t.Context(), runners.Options{Mode: "runc-none", Scratch: dir, Scope: "a"})
			wantOneLine(t, err, c.says)
			wantOneLine(t, New().Sweep(t.Context(), "a"), c.says)
		})
	}
}

// TestUnreachable tests what a test run by root can't bring about.
func TestUnreachable(t *testing.T) {
	const path = "/var/run/docker.sock"
	for errno, says := range map[syscall.Errno]string{
		syscall.ENOENT: "no Docker engine runs here (there is no " + path + "): install one with scripts/setup-debian.sh",
		syscall.EACCES: "is closed to this user: become a member of the group docker",
	} {
		err := unreachable(path, "", &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", errno)})
		wantOneLine(t, err, says)
	}
}

// serve answers HTTP on a unix socket until the test ends.
func serve(t *testing.T, path string, h http.Handler) {
	t.Helper()
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: h}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
}

// proxy stands between the client and the engine.
type proxy struct {
	listener net.Listener
	frozen   atomic.Bool
	mu       sync.Mutex
	conns    []net.Conn
}

// between puts a proxy before the engine of this machine.
func between(t *testing.T) *proxy {
	t.Helper()
	address, err := dockerhost.Find()
	if err != nil {
		t.Skip(err)
	}
	engine, err := socketOf(address)
	if err != nil {
		t.Skip(err)
	}
	socket := filepath.Join(shortDir(t), "s")
	p := &proxy{}
	if p.listener, err = net.Listen("unix", socket); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.cut)
	go p.run(engine)
	t.Setenv(client.EnvOverrideHost, "unix://"+socket)
	return p
}

func (p *proxy) run(engine string) {
	for {
		a, err := p.listener.Accept()
		if err != nil {
			return
		}
		b, err := net.Dial("unix", engine)
		if err != nil {
			a.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, a, b)
		p.mu.Unlock()
		go p.copy(a, b)
		go p.copy(b, a)
	}
}

func (p *proxy) copy(to, from net.Conn) {
	defer to.Close()
	b := make([]byte, 64<<10)
	for {
		n, err := from.Read(b)
		if err != nil {
			return
		}
		for p.frozen.Load() {
			time.Sleep(10 * time.Millisecond)
		}
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}

// cut ends everything, as an engine does that is killed. What was frozen finds
// its connection closed and gets no further.
func (p *proxy) cut() {
	p.listener.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		c.Close()
	}
	p.frozen.Store(false)
}

func TestEngineGoesAway(t *testing.T) {
	r, mode := needEngine(t)
	scope, guest := newScope(t), early(t, "idles")
	p := between(t)
	s := boot(t, r, runners.Options{Mode: mode, Scope: scope})
	l := load(t, s, guest)
	onceStarted(t, s, p.cut)
	_, err := l.Instantiate(t.Context(), nil)
	wantOneLine(t, err, "went away")
	_, err = l.Instantiate(t.Context(), nil)
	wantOneLine(t, err, "create a container")
}

func TestEngineFreezes(t *testing.T) {
	r, mode := needEngine(t)
	scope, guest := newScope(t), probe(t)
	p := between(t)
	s := boot(t, r, runners.Options{Mode: mode, Scope: scope})
	l := load(t, s, guest)
	in, err := l.Instantiate(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := in.(*instance).pending.wait(); err != nil {
		t.Fatal(err)
	}
	p.frozen.Store(true)
	// Nothing answers any more, however long it is waited for.
	s.engine.request, r.request = 100*time.Millisecond, 100*time.Millisecond
	if _, err := in.Call(t.Context(), nil, nil); err != nil {
		t.Errorf("Call needs the engine: %v", err)
	}
	_, err = l.Instantiate(t.Context(), nil)
	wantOneLine(t, err, "create a container", "did not answer in time")
	_, err = l.Park(t.Context())
	wantOneLine(t, err, "did not answer in time")
	wantOneLine(t, in.Close(), "remove container", "did not answer in time")
	wantOneLine(t, r.Sweep(t.Context(), scope), "does not answer like a Docker engine")
}

// TestCancelled checks that a caller who gives up gets an answer, and that the
// container it had asked for does not stay.
func TestCancelled(t *testing.T) {
	r, mode := needEngine(t)
	s := boot(t, r, runners.Options{Mode: mode})
	l := load(t, s, probe(t))
	for i := range 5 {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Duration(1+i*20)*time.Millisecond, cancel)
		in, err := l.Instantiate(ctx, nil)
		if err == nil {
			in.Close()
		}
		cancel()
	}
	containers, _ := there(t, s.scope)
	for _, c := range containers {
		t.Errorf("container %.12s is left, %s", c.ID, c.State)
	}
}

// TestAcceptFails checks that a socket that can't be accepted from is an error
// and not an instance.
func TestAcceptFails(t *testing.T) {
	b, err := newBox(filepath.Join(shortDir(t), "b"))
	if err != nil {
		t.Fatal(err)
	}
	b.listener.Close()
	in := &running{system: &system{engine: &engine{patience: patient}, deaths: &deaths{}}, fate: &fate{}, pending: &request{}}
	_, err = in.await(t.Context(), "start", b.accepted)
	wantOneLine(t, err, "accept the workload's connection")
	if err := b.close(); err != nil {
		t.Error(err)
	}
}
