package docker

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/prometheus/procfs"
	"golang.org/x/sys/unix"

	"edgebench/runners"
	"edgebench/runners/cgroup"
)

// MemoryOwners are the processes below and including the shim of each container, the
// containers' memory groups, and dockerd and containerd.
func (s *system) MemoryOwners(ctx context.Context) (runners.MemoryOwners, error) {
	var p runners.MemoryOwners
	first, err := s.firstProcesses(ctx)
	if err != nil {
		return p, err
	}
	all, err := processes()
	if err != nil {
		return p, fmt.Errorf("list the processes: %w", err)
	}
	for _, pid := range first {
		if _, lives := all[pid]; !lives {
			continue // its workload has trapped
		}
		shim := all.shimOf(pid)
		p.PIDs = append(p.PIDs, shim)
		p.PIDs = all.below(shim, p.PIDs)
		group, err := memoryGroup(pid)
		if err != nil {
			return p, err
		}
		if group != "" {
			p.Cgroups = append(p.Cgroups, group)
		}
	}
	p.Daemons = s.engine.daemons(all)
	return p, nil
}

// firstProcesses are the process IDs of the live containers' workloads.
func (s *system) firstProcesses(ctx context.Context) ([]int, error) {
	s.mu.Lock()
	live := make([]*running, 0, len(s.live))
	for in := range s.live {
		live = append(live, in)
	}
	s.mu.Unlock()
	pids := make([]int, 0, len(live))
	for _, in := range live {
		pid, err := in.process(ctx)
		if err != nil {
			return nil, err
		}
		if pid > 0 {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
	return pids, nil
}

// process asks the engine once for the container's first process. It is 0 for
// a container that has ended.
func (c *running) process(ctx context.Context) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pid > 0 {
		return c.pid, nil
	}
	if err := c.answered("start"); err != nil {
		return 0, err
	}
	ctx, cancel := c.system.engine.within(ctx)
	defer cancel()
	found, err := c.system.engine.api.ContainerInspect(ctx, c.id)
	if errdefs.IsNotFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("inspect container %.12s: %w", c.id, brief(err))
	}
	if found.ContainerJSONBase == nil || found.State == nil {
		return 0, nil
	}
	c.pid = found.State.Pid
	return c.pid, nil
}

// table are the processes of this machine by ID.
type table map[int]procfs.ProcStat

func processes() (table, error) {
	all, err := procfs.AllProcs()
	if err != nil {
		return nil, err
	}
	t := make(table, len(all))
	for _, p := range all {
		if s, err := p.Stat(); err == nil { // others end meanwhile
			t[p.PID] = s
		}
	}
	return t, nil
}

// shimOf is the shim that started a container's first process (conmon is Podman's), or
// that process where there is none. Names are cut to 15 bytes by the kernel.
func (t table) shimOf(pid int) int {
	if parent, ok := t[t[pid].PPID]; ok && (strings.HasPrefix(parent.Comm, shimName) || parent.Comm == "conmon") {
		return parent.PID
	}
	return pid
}

// below appends the descendants of a process. gVisor's sandbox has several.
func (t table) below(pid int, pids []int) []int {
	for _, p := range t {
		if p.PPID == pid {
			pids = append(pids, p.PID)
			pids = t.below(p.PID, pids)
		}
	}
	return pids
}

// daemons are dockerd and containerd: who listens at the engine's socket, or
// dockerd by its file where a service manager listens in its stead, and
// containerd as its child or as who listens at containerd's own socket. Podman's service
// is one process.
func (e *engine) daemons(all table) []int {
	if service := all.named("podman", listenerOf(e.socket)); service != 0 {
		return []int{service}
	}
	dockerd := all.named("dockerd", listenerOf(e.socket), noted("/run/docker.pid"))
	candidates := []int{listenerOf("/run/containerd/containerd.sock")}
	for _, p := range all {
		if dockerd != 0 && p.PPID == dockerd {
			candidates = append([]int{p.PID}, candidates...)
		}
	}
	return slices.DeleteFunc([]int{dockerd, all.named("containerd", candidates...)}, func(pid int) bool { return pid == 0 })
}

// named is the first of some processes that bears a name, or 0.
func (t table) named(name string, pids ...int) int {
	for _, pid := range pids {
		if p, ok := t[pid]; ok && p.Comm == name {
			return pid
		}
	}
	return 0
}

// listenerOf is the process that made a unix socket, 0 where none tells.
func listenerOf(path string) int {
	conn, err := net.Dial("unix", path)
	if err != nil {
		return 0
	}
	defer conn.Close()
	raw, err := conn.(*net.UnixConn).SyscallConn()
	if err != nil {
		return 0
	}
	pid := 0
	_ = raw.Control(func(fd uintptr) {
		if peer, err := unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED); err == nil {
			pid = int(peer.Pid)
		}
	})
	return pid
}

// noted is the process ID in a file, or 0.
func noted(path string) (pid int) {
	if b, err := os.ReadFile(path); err == nil {
		_, _ = fmt.Sscan(string(b), &pid)
	}
	return pid
}

// memoryGroup is the folder of a process's memory control group, of version 1
// where the memory controller is there. It is "" where there is none.
func memoryGroup(pid int) (string, error) {
	files := os.DirFS("/")
	groups, err := cgroup.Of(files, strconv.Itoa(pid))
	if err != nil {
		return "", nil // it has ended meanwhile
	}
	hierarchies, err := cgroup.Mounted(files)
	if err != nil {
		return "", fmt.Errorf("find the memory groups: %w", err)
	}
	h, _ := hierarchies.With(cgroup.Memory)
	dir, ok := h.Dir(groups)
	if !ok {
		return "", nil
	}
	for _, file := range []string{"memory.usage_in_bytes", "memory.current"} {
		if _, err := os.Stat(filepath.Join(dir, file)); err == nil {
			return dir, nil
		}
	}
	return "", nil
}
