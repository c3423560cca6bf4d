package docker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/mount"
	"github.com/docker/docker/client"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/internal/rawframe"
)

// Baseline runs the rung cold by the client's own calls: create, start, and a frame
// over the socket in a bind mount on which the workload connects. As the adapter
// does, it does not wait for the engine to say that the container is started.
func (r *runner) Baseline(ctx context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	if l.Rung != results.Cold || l.Prepared.Artefact.Interface != runners.Frames || !l.Prepared.Artefact.Use.Zero() {
		return out, fmt.Errorf("no baseline loop for the rung %s: %w", l.Rung, runners.ErrUnavailable)
	}
	e, err := connect(ctx, r.patience)
	if err != nil {
		return out, err
	}
	defer e.close()
	f, err := e.features(ctx)
	if err != nil {
		return out, err
	}
	b := &baseline{api: e.api, image: l.Prepared.Path, scope: l.Options.Scope, scratch: l.Options.Scratch}
	if b.way, err = f.find(l.Options.Mode); err != nil {
		return out, err
	}
	image, err := b.api.ImageInspect(ctx, b.image)
	if err != nil {
		return out, err
	}
	b.command = image.Config.Cmd
	out.Times, err = l.Repeat(ctx, func() (took time.Duration, err error) {
		runtime.GC() // as before each cold start
		from := time.Now()
		c, err := b.start(ctx)
		if err != nil {
			return 0, err
		}
		out.Response, err = c.Call(out.Response[:0], l.Request)
		took = time.Since(from)
		return took, errors.Join(err, c.end(ctx))
	})
	return out, err
}

// baseline is what the containers of a loop share.
type baseline struct {
	api            *client.Client
	way            way
	image          string
	command        []string
	scope, scratch string
	made           int
}

// baselineContainer is a container whose workload has connected.
type baselineContainer struct {
	rawframe.Frames
	api *client.Client
	id  string
	dir string
	// conn is the workload's; started gives the outcome of the start.
	conn    net.Conn
	started chan error
}

// start creates a container, starts it and waits for the workload's connection.
func (b *baseline) start(ctx context.Context) (*baselineContainer, error) {
	b.made++
	c := &baselineContainer{api: b.api, dir: filepath.Join(b.scratch, "b"+strconv.Itoa(b.made)), started: make(chan error, 1)}
	listener, err := b.listen(c.dir)
	if err != nil {
		return nil, err
	}
	defer listener.Close()
	created, err := b.api.ContainerCreate(ctx,
		&container.Config{
			Image: b.image, Labels: map[string]string{label: b.scope},
			Cmd: append(slices.Clip(b.command), "/"+harness+"/"+socketName),
		},
		&container.HostConfig{
			AutoRemove: true, NetworkMode: container.NetworkMode(b.way.network), Runtime: b.way.runtime,
			Mounts: []mount.Mount{{Type: mount.TypeBind, Source: c.dir, Target: "/" + harness}},
		}, nil, nil, "")
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(c.dir))
	}
	c.id = created.ID
	go func() {
		err := b.api.ContainerStart(ctx, c.id, container.StartOptions{})
		if err != nil {
			listener.Close()
		}
		c.started <- err
	}()
	if c.conn, err = listener.Accept(); err != nil {
		return nil, errors.Join(err, c.end(ctx))
	}
	c.In, c.Out = c.conn, c.conn
	return c, nil
}

// listen makes the folder that the container gets, with a socket that its user may
// connect to.
func (b *baseline) listen(dir string) (net.Listener, error) {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, socketName)
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	return listener, os.Chmod(path, 0o666)
}

// end removes the container with its folder.
func (c *baselineContainer) end(ctx context.Context) error {
	err := <-c.started
	if removed := c.api.ContainerRemove(ctx, c.id, container.RemoveOptions{Force: true}); removed != nil && !gone(removed) {
		err = errors.Join(err, removed)
	}
	if c.conn != nil {
		err = errors.Join(err, c.conn.Close())
	}
	return errors.Join(err, os.RemoveAll(c.dir))
}

// gone reports whether the engine has removed a container already, or is about to,
// which it does with those whose workload has ended.
func gone(err error) bool { return errdefs.IsNotFound(err) || errdefs.IsConflict(err) }
