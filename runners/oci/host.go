//go:build linux

package oci

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"edgebench/runners"
	"edgebench/runners/cgroup"
)

// launcher is one way of making containers.
type launcher interface {
	// launch starts a container with a program, whose stdin can be written to
	// when launch returns; after an error nothing is left of it.
	launch(ctx context.Context, p *program, t *runners.Trace) (*container, error)
	// forget removes what the launcher keeps of an ended container.
	forget(c *container) error
	// close removes what it keeps for all.
	close() error
}

// host is what all containers of one runtime share.
type host struct {
	scope  string
	memory uint64          // bytes, 0 for no limit
	policy *runners.Policy // nil for none
	tree   *cgroup.Tree
	thread *thread
	// rootless is true where each container needs a user namespace.
	rootless bool
	users    users
	// sandboxed says that a kernel of gVisor stands between, whose own threads count as
	// tasks of the container.
	sandboxed bool
}

// newHost finds out what this machine lets us do. The thread that makes the
// containers begins with setUp.
func newHost(o runners.Options, setUp func(*cgroup.Tree) error) (*host, error) {
	tree, err := cgroup.Discover()
	if err != nil {
		return nil, err
	}
	if o.Group != "" {
		tree = tree.Below(o.Group)
	}
	h := &host{scope: o.Scope, memory: o.Memory, policy: o.Policy, tree: tree, rootless: !privileged(), sandboxed: o.Mode == modeRunsc}
	h.users = usersOf(o.Policy.IsHardened() && !h.sandboxed)
	h.thread, err = newThread(func() error { return setUp(tree) })
	if err != nil {
		tree.Close()
		return nil, fmt.Errorf("set up the thread that makes containers: %w", err)
	}
	return h, nil
}

// privileged reports whether the process is root of the whole machine. Root of a
// user namespace is treated like any user: it cannot become other users, and its
// mounts may be locked.
func privileged() bool {
	b, err := os.ReadFile("/proc/self/uid_map")
	return os.Geteuid() == 0 && (err != nil || slices.Equal(strings.Fields(string(b)), []string{"0", "0", "4294967295"}))
}

// grouped reports whether the runtimes can be asked for control groups. Without
// ours to command they may do without any, but not fail.
func (h *host) grouped() bool { return h.tree.Has(cgroup.Memory) }

func (h *host) close() {
	h.thread.close()
	h.tree.Close()
}

// nobody is the user and group of a workload where we can choose: even uid 0
// without a capability would own all that belongs to root.
const nobody = 65534

// user is the workload's: in a user namespace 0, which is our own outside.
func (h *host) user() uint32 {
	if h.rootless {
		return 0
	}
	return nobody
}

// mostTasks bounds the processes and threads of a container where control
// groups can, as Kubernetes and Podman do; Docker sets no bound.
const mostTasks = 1024

// give makes a workload the owner of open files.
func (h *host) give(files [3]int) error {
	if h.rootless {
		return nil // whose workload has the caller's user
	}
	id := int(h.user())
	if h.users == mappedUsers {
		id += firstUser
	}
	for _, fd := range files {
		if err := unix.Fchown(fd, id, id); err != nil {
			return err
		}
	}
	return nil
}

// tasks is that bound.
func (h *host) tasks() uint64 {
	if h.policy.IsHardened() && !h.sandboxed {
		return runners.HardenedTasks
	}
	return mostTasks
}

// folders are a program's with the policy's.
func (h *host) folders(p *program) []runners.Folder {
	if h.policy == nil {
		return p.folders
	}
	return slices.Concat(p.folders, h.policy.Folders)
}

// environ is a program's environment with the policy's.
func (h *host) environ(p *program) []string {
	if h.policy == nil {
		return p.Env
	}
	return slices.Concat(p.Env, h.policy.Environment)
}

func (h *host) limits() cgroup.Limits { return cgroup.Limits{Memory: h.memory, Pids: h.tasks()} }

// rlimit is a resource limit, by number and by its name in a bundle.
type rlimit struct {
	resource uint32
	name     string
	value    uint64
}

// rlimits are those of a workload. Without a control group the memory limit is
// RLIMIT_DATA, which counts private writable memory: RLIMIT_AS would count what
// is only reserved as well, of which a Go program has a gigabyte.
func (h *host) rlimits() []rlimit {
	const mostFiles = 1024
	limits := []rlimit{
		{unix.RLIMIT_NOFILE, "RLIMIT_NOFILE", mostFiles},
		{unix.RLIMIT_CORE, "RLIMIT_CORE", 0},
	}
	if h.memory > 0 && !h.grouped() {
		limits = append(limits, rlimit{unix.RLIMIT_DATA, "RLIMIT_DATA", h.memory})
	}
	return limits
}
