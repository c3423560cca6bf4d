package docker

import (
	"context"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/mount"

	"edgebench/runners"
)

// nobody is the user of a hardened container.
const nobody = "65534:65534"

// sandboxTasks is the limit where a kernel of gVisor stands between, whose own threads
// count: with few, its sandbox ends before the guest begins.
const sandboxTasks = 1024

// confine gives a container what the policy says. A hardened one has none of the
// engine's capabilities, no network, another user, a root that is read only, and few
// processes. The engine's seccomp profile is there in either. A user namespace cannot be had
// for one container: the engine maps the users of all (userns-remap) or of none.
func (s *system) confine(config *container.Config, host *container.HostConfig) {
	if s.policy == nil {
		return
	}
	for _, f := range s.policy.Folders {
		host.Mounts = append(host.Mounts, mount.Mount{Type: mount.TypeBind, Source: f.Host, Target: f.Guest, ReadOnly: !f.Writable})
	}
	config.Env = append(config.Env, s.policy.Environment...)
	if !s.policy.Hardened {
		return
	}
	tasks := int64(runners.HardenedTasks)
	if s.sandboxed {
		tasks = sandboxTasks
	}
	config.User = nobody
	host.CapDrop = []string{"ALL"}
	host.SecurityOpt = []string{"no-new-privileges"}
	host.ReadonlyRootfs = true
	host.NetworkMode = "none"
	host.PidsLimit = &tasks
}

// Stop implements runners.Stopper.
func (in *instance) Stop(ctx context.Context) error {
	e := in.system.engine
	ctx, cancel := e.within(ctx)
	defer cancel()
	if err := e.api.ContainerKill(ctx, in.id, "KILL"); err != nil {
		return brief(err)
	}
	return nil
}
