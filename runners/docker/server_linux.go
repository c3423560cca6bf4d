package docker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"

	"edgebench/runners"
	"edgebench/runners/interfaces"
)

// checkInterface refuses an interface that this mode does not support.
func (s *system) checkInterface(how runners.Interface) error {
	if how == runners.Frames || how == runners.Stdio {
		return nil
	}
	if !interfaces.IsHTTP(how) {
		return fmt.Errorf("docker does not support the interface %.40q: %w", how, runners.ErrUnavailable)
	}
	at, err := interfaces.ParseEndpoint(how)
	if err != nil {
		return fmt.Errorf("%w: %w", err, runners.ErrMalformed)
	}
	if at.Host != "" && s.way.network != "host" {
		return fmt.Errorf("an HTTP server at %s inside its container cannot be reached from outside in docker/%s: let it listen at 0.0.0.0: %w", at.Host, s.mode, runners.ErrUnavailable)
	}
	if s.apart {
		return fmt.Errorf("an HTTP server cannot be reached in docker/%s, whose engine has a network of its own: use another mode: %w", s.mode, runners.ErrUnavailable)
	}
	if s.way.network == "none" {
		return fmt.Errorf("an HTTP server cannot be reached in docker/%s, which has no network: use one of the modes %v: %w", s.mode, s.networked, runners.ErrUnavailable)
	}
	return nil
}

// server is a container that serves HTTP.
type server struct {
	running
	loaded *loaded
	client *interfaces.Client
	gone   chan struct{} // closed when it ends

	conns sync.Mutex
	conn  net.Conn // the last
}

// startServer creates and starts a container and waits until its server can be
// connected to. The engine says what address a container has only when it has
// started it; in the network host it need not be asked.
func (l *loaded) startServer(ctx context.Context, t *runners.Trace) (_ *server, err error) {
	in := &server{loaded: l, gone: make(chan struct{})}
	if err := l.reserve(); err != nil {
		return nil, err
	}
	if err := in.create(ctx, l, ""); err != nil {
		l.release()
		return nil, err
	}
	t.Mark(runners.PhaseCreate)
	in.begin(ctx, nil)
	host := l.endpoint.Loopback()
	if !l.onHost() {
		if host, err = in.address(ctx); err != nil {
			return nil, also(err, in.Close())
		}
		t.Mark(runners.PhaseStart)
	}
	in.client = interfaces.NewClient(interfaces.Server{
		Endpoint: l.endpoint, Use: l.use.HTTP, Alive: in.alive, Listening: in.listens,
		Dial: func(ctx context.Context) (net.Conn, error) { return in.dial(ctx, l.endpoint.Address(host)) },
	})
	go in.watch()
	err = in.client.Connect(ctx)
	if errors.Is(err, errEnded) {
		err = fmt.Errorf("the workload ends before it listens at port %d (%s)%s: %w", l.endpoint.Port, in.fate, l.lastWords(ctx, ""), runners.ErrTrap)
	}
	if err != nil {
		return nil, also(err, in.Close())
	}
	t.Mark(runners.PhaseConnect)
	return in, nil
}

func (l *loaded) onHost() bool { return l.system.way.network == "host" }

// reserve takes a port of this machine for one instance, since a second one's
// server could not listen and the first would answer in its stead.
func (l *loaded) reserve() error {
	if !l.onHost() {
		return nil
	}
	s, port := l.system, l.endpoint.Port
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ports[port] {
		return fmt.Errorf("port %d is another instance's: on this machine's own network one can listen at a time, use the network bridge: %w", port, runners.ErrUnavailable)
	}
	if err := l.endpoint.Free(); err != nil {
		return err
	}
	s.ports[port] = true
	return nil
}

func (l *loaded) release() {
	if !l.onHost() {
		return
	}
	l.system.mu.Lock()
	defer l.system.mu.Unlock()
	delete(l.system.ports, l.endpoint.Port)
}

// address asks for the container's on its network, when it has been started.
func (in *server) address(ctx context.Context) (string, error) {
	if err := in.answered("start"); err != nil {
		return "", err
	}
	e := in.system.engine
	ctx, cancel := e.within(ctx)
	defer cancel()
	found, err := e.api.ContainerInspect(ctx, in.id)
	if err != nil && !errdefs.IsNotFound(err) {
		return "", fmt.Errorf("connect to the server at port %d: ask for the container's address: %w", in.loaded.endpoint.Port, brief(err))
	}
	if ip := addressIn(found); ip != "" {
		return ip, nil
	}
	// One that has ended has no address any more, or is removed already. The
	// engine may tell of its end later than it answers.
	select {
	case <-in.fate.ended:
		return "", fmt.Errorf("the workload ends at once (%s)%s: %w", in.fate, in.loaded.lastWords(ctx, ""), runners.ErrTrap)
	case <-in.system.deaths.over:
		return "", in.system.deaths.err
	case <-time.After(e.ending):
		return "", fmt.Errorf("the container has no address in the network %s", in.system.way.network)
	}
}

// addressIn gives the address of a container in its one network, "" if it has none yet.
// The network's name is the engine's affair: the default one is bridge or podman.
func addressIn(c container.InspectResponse) string {
	if c.NetworkSettings == nil {
		return ""
	}
	for _, at := range c.NetworkSettings.Networks {
		if at != nil && at.IPAddress != "" {
			return at.IPAddress
		}
	}
	return ""
}

func (in *server) dial(ctx context.Context, address string) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address)
	if err == nil {
		in.conns.Lock()
		in.conn = conn
		in.conns.Unlock()
	}
	return conn, err
}

// alive says why there is no server any more.
func (in *server) alive() error {
	select {
	case <-in.fate.ended:
		return errEnded
	case <-in.system.deaths.over:
		return in.system.deaths.err
	case <-in.pending.done:
		if err := in.pending.err; err != nil {
			return fmt.Errorf("start the container: %w", brief(err))
		}
	default:
	}
	return nil
}

// listens is where the container's programs listen.
func (in *server) listens() []netip.AddrPort {
	ctx, cancel := in.system.engine.within(context.Background())
	defer cancel()
	return in.loaded.listens(in.system.engine.state(ctx, in.id).Pid)
}

// watch ends the connection when nobody will answer on it any more.
func (in *server) watch() {
	select {
	case <-in.fate.ended:
	case <-in.system.deaths.over:
	case <-in.gone:
	}
	in.hangUp()
}

func (in *server) hangUp() {
	in.conns.Lock()
	defer in.conns.Unlock()
	if in.conn != nil {
		in.conn.Close()
	}
}

// ready has nothing to wait for: the connection stands since the start, and
// what is sent over it before the container runs again is answered afterwards.
func (in *server) ready(_ context.Context, doing string, _ *runners.Trace) error {
	if doing == "unpause" {
		go func(unpaused *request) {
			if unpaused.wait() != nil {
				in.hangUp()
			}
		}(in.pending)
	}
	return nil
}

// Call posts a request.
func (in *server) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if in.dead {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	dst, err := in.client.Call(ctx, dst, request)
	switch {
	case err == nil:
	case errors.Is(err, errEnded), errors.Is(err, runners.ErrTrap):
		in.dead = true
		err = in.system.deaths.trapped(in.fate, err)
	}
	return dst, err
}

// Close removes the container and waits until it is gone.
func (in *server) Close() error {
	return in.end(func() error {
		if in.client != nil {
			in.client.Close()
		}
		close(in.gone)
		in.loaded.release()
		return nil
	})
}
