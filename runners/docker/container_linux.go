package docker

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/mount"
	"github.com/docker/docker/pkg/stdcopy"

	"edgebench/runners"
)

// socketName is the socket's in the folder that a container gets.
const socketName = "s"

// box is what a container shares with us: a folder with the socket on which we
// wait for it.
type box struct {
	dir      string
	listener *net.UnixListener
	// accepted gets the first connection, and is closed after it.
	accepted chan sign
}

// newBox makes the folder and listens in the background. The folder is open to
// all, since the workload's user may be another on the host; its parent is
// private.
func newBox(dir string) (*box, error) {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the container's folder: %w", err)
	}
	b := &box{dir: dir, accepted: make(chan sign, 1)}
	if err := b.listen(); err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("listen for the workload: %w", err)
	}
	return b, nil
}

func (b *box) listen() (err error) {
	path := socketPath(b.dir)
	if b.listener, err = listenIn(b.dir); err != nil {
		return err
	}
	if err = os.Chmod(b.dir, 0o755); err == nil {
		err = os.Chmod(path, 0o666)
	}
	if err != nil {
		b.listener.Close()
		return err
	}
	go b.accept()
	return nil
}

// listenIn listens at the socket of a folder. If its path does not fit into an address,
// the address leads through an open file of the folder. The container has a short path in
// any case.
func listenIn(dir string) (*net.UnixListener, error) {
	path := socketPath(dir)
	if len(path) <= longestSocket {
		return net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	}
	folder, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	alias := fmt.Sprintf("/proc/self/fd/%d/%s", folder.Fd(), socketName)
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: alias, Net: "unix"})
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false) // the alias is gone by then, and the folder is removed
	return l, nil
}

func (b *box) accept() {
	defer close(b.accepted)
	conn, err := b.listener.Accept()
	if err != nil { // such as one file too many
		err = fmt.Errorf("accept the workload's connection: %w", err)
	}
	b.accepted <- sign{conn, err}
	b.listener.Close()
}

// close removes the folder, and a connection that nobody took.
func (b *box) close() error {
	b.listener.Close()
	for s := range b.accepted {
		if s.conn != nil {
			s.conn.Close()
		}
	}
	if err := os.RemoveAll(b.dir); err != nil {
		return fmt.Errorf("remove the container's folder: %w", err)
	}
	return nil
}

// noHealthCheck turns off the check that an image may have: it would run a process in
// the container now and then, beside what is measured.
var noHealthCheck = &container.HealthConfig{Test: []string{"NONE"}}

// create creates a container of the image with the engine's defaults, except for
// network, runtime, memory, health check, user namespace and interface. A workload that serves frames gets the
// folder of a box, and a socket's path as the last argument. The memory limit
// includes swap. The container is returned also if the context ends meanwhile, so
// that the caller can remove it.
func (l *loaded) create(ctx context.Context, dir string, autoRemove bool) (id string, err error) {
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("create a container: %w", err)
	}
	s := l.system
	config := &container.Config{Image: l.image, Labels: map[string]string{label: s.scope}, Healthcheck: noHealthCheck}
	host := &container.HostConfig{
		AutoRemove:  autoRemove,
		NetworkMode: container.NetworkMode(s.way.network),
		Runtime:     s.way.runtime,
		UsernsMode:  s.userns,
		Resources:   container.Resources{Memory: int64(s.memory), MemorySwap: int64(s.memory), CgroupParent: s.group},
	}
	config.Env, config.Cmd = l.use.Env, l.use.Args
	for _, d := range l.use.Dirs {
		host.Mounts = append(host.Mounts, mount.Mount{Type: mount.TypeBind, Source: d.Host, Target: d.Guest, ReadOnly: true})
	}
	switch l.iface {
	case runners.Frames:
		command := l.use.Args
		if len(command) == 0 {
			command = l.command
		}
		config.Cmd = append(slices.Clip(command), "/"+harness+"/"+socketName)
		host.Mounts = append(host.Mounts, mount.Mount{Type: mount.TypeBind, Source: dir, Target: "/" + harness})
	case runners.Stdio:
		config.OpenStdin, config.StdinOnce = true, true
		config.AttachStdin, config.AttachStdout, config.AttachStderr = true, true, true
	}
	s.confine(config, host)
	ctx, cancel := s.engine.within(context.WithoutCancel(ctx))
	defer cancel()
	created, err := s.engine.api.ContainerCreate(ctx, config, host, nil, nil, "")
	if err != nil && strings.Contains(err.Error(), "bind source path does not exist") {
		return "", fmt.Errorf("create a container: the engine does not see this machine's folder %s, as one in a container, a snap or another machine: use an engine of this system: %w", dir, runners.ErrUnavailable)
	}
	if err != nil {
		return "", fmt.Errorf("create a container: %w", brief(err))
	}
	return created.ID, nil
}

// request is a call of the engine's API under way in the background.
type request struct {
	done chan struct{} // closed when it has returned
	err  error
}

// begin makes a call without waiting for it. It has its own bound: a caller who
// gives up must not leave a container half started.
func (e *engine) begin(ctx context.Context, call func(context.Context) error) *request {
	r := &request{done: make(chan struct{})}
	ctx, cancel := e.within(context.WithoutCancel(ctx))
	go func() {
		defer cancel()
		defer close(r.done)
		r.err = call(ctx)
	}()
	return r
}

// wait gives the call's outcome.
func (r *request) wait() error {
	<-r.done
	return r.err
}

// Bounds of what a second run prints.
const (
	printedLines = 5
	printedBytes = 300
)

// lastWords starts once more what ended too early, this time keeping its log,
// and says what it printed. It is "" for what prints nothing, or does not end.
func (l *loaded) lastWords(ctx context.Context, dir string) string {
	s := l.system
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.engine.lastWords)
	defer cancel()
	id, err := l.create(ctx, dir, false)
	if err != nil {
		return ""
	}
	defer s.engine.removeContainer(context.WithoutCancel(ctx), id, false)
	if s.engine.api.ContainerStart(ctx, id, container.StartOptions{}) != nil {
		return ""
	}
	ended, failed := s.engine.api.ContainerWait(ctx, id, container.WaitConditionNotRunning)
	select {
	case <-ended:
	case <-failed:
		return ""
	}
	if said := s.engine.printed(ctx, id); said != "" {
		return fmt.Sprintf(" and prints %q", said)
	}
	return ""
}

// printed is the end of what a container has written, in a line. A log that breaks
// off is better than none.
func (e *engine) printed(ctx context.Context, id string) string {
	log, err := e.api.ContainerLogs(ctx, id, container.LogsOptions{ShowStdout: true, ShowStderr: true, Tail: strconv.Itoa(printedLines)})
	if err != nil {
		return ""
	}
	defer log.Close()
	var printed bytes.Buffer
	_, _ = stdcopy.StdCopy(&printed, &printed, io.LimitReader(log, 64<<10))
	return line(printed.String(), printedBytes)
}
