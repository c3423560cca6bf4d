package workerd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"time"

	"edgebench/runners"
	"edgebench/runners/interfaces"
	"edgebench/runners/internal/spawn"
)

// server is a running workerd, which listens at the loopback interface.
type server struct {
	cmd   *exec.Cmd
	port  uint16
	said  *interfaces.Words
	ended chan struct{} // closed when the process has been waited for
}

// inherited is the number of the first file that a child inherits beside the streams.
const inherited = 3

// lastWords is how long a process that has ended may keep its stderr open.
const lastWords = time.Second

// serve starts workerd with the binary configuration at a path. It does not wait until
// workerd is ready: connections wait in the queue of the socket.
func serve(program, config string) (*server, error) {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, fmt.Errorf("listen for workerd: %w", err)
	}
	defer l.Close()
	socket, err := l.File()
	if err != nil {
		return nil, fmt.Errorf("hand the socket to workerd: %w", err)
	}
	defer socket.Close()
	s := &server{said: &interfaces.Words{}, ended: make(chan struct{})}
	if at, ok := l.Addr().(*net.TCPAddr); ok {
		s.port = uint16(at.Port)
	}
	s.cmd = exec.Command(program, "serve", "--experimental", "--binary", config, fmt.Sprintf("--socket-fd=%s=%d", socketName, inherited))
	s.cmd.Env, s.cmd.Stderr, s.cmd.WaitDelay = []string{}, s.said, lastWords
	s.cmd.ExtraFiles = append(s.cmd.ExtraFiles, socket)
	if err := spawn.Start(s.cmd); err != nil {
		return nil, fmt.Errorf("start workerd: %w", err)
	}
	go func() {
		_ = s.cmd.Wait() // how it ended is in its ProcessState
		close(s.ended)
	}()
	return s, nil
}

// death is the error of a workerd that has ended.
type death struct{ reason string }

func (d *death) Error() string { return "workerd has ended: " + d.reason }
func (*death) Unwrap() error   { return runners.ErrTrap }

// alive says how workerd has ended, if it has.
func (s *server) alive() error {
	select {
	case <-s.ended:
		return &death{interfaces.WithOutput(s.cmd.ProcessState.String(), s.said.Line())}
	default:
		return nil
	}
}

// grace is how long a workerd that closes its connections may take to end.
const grace = time.Second

// explain adds to the error of a request without an answer how workerd has ended.
func (s *server) explain(err error) error {
	_, told := errors.AsType[*ended](err)
	_, known := errors.AsType[*death](err)
	if told || known || !errors.Is(err, runners.ErrTrap) {
		return err
	}
	select {
	case <-s.ended:
		return fmt.Errorf("%w: %w", err, s.alive())
	case <-time.After(grace):
		return err
	}
}

// client is an HTTP client of a path.
func (s *server) client(path string) *interfaces.Client {
	e := interfaces.Endpoint{Port: s.port, Path: path}
	address := e.Address("127.0.0.1")
	return interfaces.NewClient(interfaces.Server{
		Endpoint: e, Alive: s.alive, Refused: refused,
		Dial: func(ctx context.Context) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "tcp4", address)
		},
	})
}

// stop kills workerd and waits for its end. It may be called twice.
func (s *server) stop() {
	_ = s.cmd.Process.Kill() // fails where it has ended
	<-s.ended
}
