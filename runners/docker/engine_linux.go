package docker

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/client"

	"edgebench/runners"
	"edgebench/runners/dockerhost"
)

// patience is how long the engine is waited for.
type patience struct {
	// request bounds one request, and the start of one container. It is far
	// beyond what a busy engine needs, and what remains of a hang when the
	// engine goes away silently.
	request time.Duration
	// ending is how long the engine may take to tell of a container's end.
	ending time.Duration
	// lastWords bounds the second run of what ended too early.
	lastWords time.Duration
}

var usual = patience{request: 60 * time.Second, ending: 10 * time.Second, lastWords: 3 * time.Second}

// engine is a connection to the Docker engine of this machine.
type engine struct {
	api    *client.Client
	socket string // the path on which it listens
	patience
}

// connect finds the engine and agrees with it on a version of the API. Its
// errors wrap ErrUnavailable and say what to do.
func connect(ctx context.Context, p patience) (*engine, error) {
	address, err := dockerhost.Find()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, runners.ErrUnavailable)
	}
	socket, err := socketOf(address)
	if err != nil {
		return nil, err
	}
	return connectTo(ctx, p, socket, address.From)
}

// connectTo connects to the engine at a socket. What names the socket is "" for the
// default.
func connectTo(ctx context.Context, p patience, socket, from string) (*engine, error) {
	ctx, cancel := context.WithTimeout(ctx, p.request)
	defer cancel()
	if err := knock(ctx, socket); err != nil {
		return nil, unreachable(socket, from, err)
	}
	api, err := client.NewClientWithOpts(client.WithHost("unix://"+socket), client.WithVersionFromEnv())
	if err != nil {
		return nil, fmt.Errorf("make a client of the Docker engine: %w: %w", err, runners.ErrUnavailable)
	}
	ping, err := api.Ping(ctx)
	if err != nil {
		api.Close()
		return nil, fmt.Errorf("what listens at %s does not answer like a Docker engine (%w), restart it or correct DOCKER_HOST: %w", socket, brief(err), runners.ErrUnavailable)
	}
	api.NegotiateAPIVersionPing(ping)
	return &engine{api: api, socket: socket, patience: p}, nil
}

// socketOf gives the path of the unix socket of an address.
func socketOf(a dockerhost.Address) (string, error) {
	u, err := client.ParseHostURL(a.Host)
	if err != nil {
		return "", fmt.Errorf("%s=%q is not an address (%w), unset it or name a socket like %s: %w", a.From, a.Host, err, client.DefaultDockerHost, runners.ErrUnavailable)
	}
	if u.Scheme != "unix" {
		return "", fmt.Errorf("%s=%q may be another machine, which the workload's socket does not reach, unset it or name a socket like %s: %w", a.From, a.Host, client.DefaultDockerHost, runners.ErrUnavailable)
	}
	if len(u.Host) > longestSocket {
		return "", fmt.Errorf("%s names the socket %s of %d bytes, at most %d fit into an address: link to it from a shorter path and name that: %w", a.From, u.Host, len(u.Host), longestSocket, runners.ErrUnavailable)
	}
	return u.Host, nil
}

// knock connects once, since the client's error does not name the reason.
func knock(ctx context.Context, socket string) error {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", socket)
	if err != nil {
		return err
	}
	return conn.Close()
}

// unreachable says what to do about a socket that can't be connected to, and what
// names it, "" for the default.
func unreachable(socket, from string, err error) error {
	var what string
	switch {
	case errors.Is(err, fs.ErrNotExist) && from != "":
		what = from + " names " + socket + ", where there is no socket: correct or unset it"
	case errors.Is(err, fs.ErrNotExist):
		what = "no Docker engine runs here (there is no " + socket + "): install one with scripts/setup-debian.sh, or start it with scripts/dockerd.sh start"
	case errors.Is(err, syscall.ECONNREFUSED):
		what = "no Docker engine listens at " + socket + " any more: start it with scripts/dockerd.sh start, or as a service"
	case errors.Is(err, fs.ErrPermission):
		what = "the Docker engine's socket " + socket + " is closed to this user: become a member of the group docker and log in again, or run as root"
	default:
		what = "the Docker engine's socket " + socket + " can't be used (" + err.Error() + ")"
	}
	return fmt.Errorf("%s: %w", what, runners.ErrUnavailable)
}

// within bounds one request.
func (e *engine) within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, e.request)
}

// close ends the connections.
func (e *engine) close() error { return e.api.Close() }

// removeContainer removes a container in whatever state it is, and returns when
// it is gone. One that is gone already is no error.
func (e *engine) removeContainer(ctx context.Context, id string, paused bool) error {
	const pause = 20 * time.Millisecond
	ctx, cancel := e.within(ctx)
	defer cancel()
	if paused {
		// gVisor can't kill what is paused. Where this fails the removal
		// succeeds or says why not.
		_ = e.api.ContainerUnpause(ctx, id)
	}
	var conflict error
	for {
		err := e.api.ContainerRemove(ctx, id, container.RemoveOptions{Force: true, RemoveVolumes: true})
		switch {
		case err == nil, errdefs.IsNotFound(err):
			return nil
		case errdefs.IsConflict(err):
			// The engine is about to remove it by itself: its workload has ended.
			conflict = err
		case conflict == nil || ctx.Err() == nil:
			return fmt.Errorf("remove container %.12s: %w", id, brief(err))
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return fmt.Errorf("remove container %.12s, which stays: %w", id, brief(conflict))
		}
	}
}

// briefError is an error of the engine on one line of bounded length: those of
// OCI runtimes carry whatever these printed.
type briefError struct{ error }

// Unwrap gives the error itself.
func (b briefError) Unwrap() error { return b.error }

// Error gives its text, shortened.
func (b briefError) Error() string {
	if errors.Is(b.error, context.DeadlineExceeded) {
		return "the engine did not answer in time"
	}
	return line(b.error.Error(), 400)
}

func brief(err error) error {
	if err == nil {
		return nil
	}
	return briefError{err}
}

// line makes one line of a text, of at most so many bytes: white space is
// joined, and what can't be shown is replaced.
func line(s string, most int) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "?")), " ")
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, s)
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + " …"
	}
	return s
}
