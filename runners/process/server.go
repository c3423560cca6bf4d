package process

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"edgebench/runners"
	"edgebench/runners/interfaces"
)

// server is a process that is an HTTP server.
type server struct {
	*child
	said   *interfaces.Words
	client *interfaces.Client
}

// spawnServer starts a server and waits until it accepts a connection. A port
// that someone else listens at is refused: that one would answer.
func (l *loaded) spawnServer(ctx context.Context, t *runners.Trace) (*server, error) {
	if err := l.endpoint.Free(); err != nil {
		return nil, err
	}
	s := &server{said: &interfaces.Words{}}
	var err error
	if s.child, err = l.spawn(false, s.said); err != nil {
		return nil, err
	}
	go s.wait()
	t.Mark(runners.PhaseStart)
	address := l.endpoint.Address(l.endpoint.Loopback())
	s.client = interfaces.NewClient(interfaces.Server{
		Endpoint: l.endpoint, Use: l.use.HTTP, Alive: s.alive, Listening: s.listens,
		Dial: func(ctx context.Context) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "tcp", address)
		},
	})
	if err := s.client.Connect(ctx); err != nil {
		s.end()
		return nil, s.saying(err)
	}
	t.Mark(runners.PhaseConnect)
	return s, nil
}

// alive says how the process has ended, if it has.
func (s *server) alive() error {
	select {
	case <-s.ended:
		return fmt.Errorf("the server has ended: %w: %s", runners.ErrTrap, interfaces.WithOutput(s.cmd.ProcessState.String(), s.said.Line()))
	default:
		return nil
	}
}

// saying adds what the server has written to stderr to an error that does not hold it.
func (s *server) saying(err error) error {
	if said := s.said.Line(); said != "" && !strings.Contains(err.Error(), said) {
		return fmt.Errorf("%w; it says: %s", err, said)
	}
	return err
}

// Call posts the request. A server that goes away meanwhile has trapped.
func (s *server) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if s.dead {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	response, err := s.client.Call(ctx, dst, request)
	if errors.Is(err, runners.ErrTrap) {
		s.end()
		err = fmt.Errorf("%w (%s)", err, interfaces.WithOutput(s.cmd.ProcessState.String(), s.said.Line()))
	}
	if err != nil && ctx.Err() != nil {
		err = s.saying(err)
	}
	return response, err
}

// Close ends the connection, and then the process.
func (s *server) Close() error {
	return errors.Join(s.client.Close(), s.end())
}
