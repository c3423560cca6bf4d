package docker

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/docker/docker/api/types/container"

	"edgebench/runners"
	"edgebench/runners/listening"
)

// Look implements runners.Looker. The container has no request and is not removed
// before its log was read.
func (l *loaded) Look(ctx context.Context, within time.Duration) (seen runners.Seen, err error) {
	bare := *l
	bare.iface = runners.HTTP
	e := l.system.engine
	id, err := bare.create(ctx, "", false)
	if err != nil {
		return seen, err
	}
	defer func() {
		if left := e.removeContainer(context.WithoutCancel(ctx), id, false); err == nil {
			err = left
		}
	}()
	if err := e.api.ContainerStart(ctx, id, container.StartOptions{}); err != nil {
		return seen, fmt.Errorf("start the container: %w", brief(err))
	}
	var state container.State
	seen = runners.Watch(ctx, within, func() []netip.AddrPort { return l.listens(state.Pid) }, func() (string, bool) {
		state = e.state(ctx, id)
		return ending(fmt.Sprint(state.ExitCode), state.OOMKilled), state.Status == "exited"
	})
	seen.Said = e.printed(ctx, id)
	return seen, nil
}

// state is that of a container, empty where the engine does not tell.
func (e *engine) state(ctx context.Context, id string) container.State {
	found, err := e.api.ContainerInspect(ctx, id)
	if err != nil || found.State == nil {
		return container.State{}
	}
	return *found.State
}

// listens is where the programs of a container listen, nothing where that can't be
// seen, as with an engine on another machine. On the host's own network only the
// sockets of its processes are the container's.
func (l *loaded) listens(pid int) []netip.AddrPort {
	if pid <= 0 {
		return nil
	}
	look := listening.Inside
	if l.onHost() {
		look = listening.By
	}
	list, err := look(pid)
	if err != nil {
		return nil
	}
	return list
}
