//go:build linux

package oci

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/opencontainers/runtime-spec/specs-go"

	"edgebench/runners"
	"edgebench/runners/oci/enter"
	"edgebench/runners/oci/seccomp"
)

// writeBundle makes the folder that an OCI runtime starts a container from. The
// root file system stays where it is: containers share it, read-only.
func (h *host) writeBundle(dir string, p *program, name string) error {
	if err := os.Mkdir(dir, 0o711); err != nil {
		return fmt.Errorf("make the bundle: %w", err)
	}
	b, err := json.Marshal(h.spec(p, name))
	if err != nil {
		return fmt.Errorf("compose the bundle's config.json: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.json"), b, 0o644); err != nil {
		return fmt.Errorf("write the bundle: %w", err)
	}
	return nil
}

// spec describes the container that `runc spec` does, with what we take away
// from it in every mode alike: capabilities, the user, system calls.
func (h *host) spec(p *program, name string) *specs.Spec {
	s := &specs.Spec{
		Version: "1.0.2", // what runc 1.1 and crun 1.8 know
		Process: &specs.Process{
			User:            specs.User{UID: h.user(), GID: h.user()},
			Args:            p.Args,
			Env:             append(enter.WorkloadEnviron(name), h.environ(p)...),
			Cwd:             cmp.Or(p.Dir, "/"),
			Capabilities:    &specs.LinuxCapabilities{},
			NoNewPrivileges: true,
		},
		Root:     &specs.Root{Path: p.Root, Readonly: true},
		Hostname: name,
		Mounts:   append(mounts(h.rootless), binds(h.folders(p))...),
		Linux: &specs.Linux{
			Namespaces:    namespaceSpecs(h.users),
			Resources:     h.resources(),
			Seccomp:       seccomp.Profile(),
			MaskedPaths:   enter.MaskedPaths(),
			ReadonlyPaths: enter.ReadonlyPaths(),
		},
	}
	for _, l := range h.rlimits() {
		s.Process.Rlimits = append(s.Process.Rlimits, specs.POSIXRlimit{Type: l.name, Hard: l.value, Soft: l.value})
	}
	if h.grouped() {
		s.Linux.CgroupsPath = h.tree.Path(name)
	}
	if h.users.separate() {
		uids, gids := h.users.mappings()
		s.Linux.UIDMappings, s.Linux.GIDMappings = []specs.LinuxIDMapping{uids}, []specs.LinuxIDMapping{gids}
	}
	return s
}

// resources are the limits of the container's control group. A guest that swaps would
// take as much as it likes, slowly.
func (h *host) resources() *specs.LinuxResources {
	r := &specs.LinuxResources{Devices: []specs.LinuxDeviceCgroup{{Allow: false, Access: "rwm"}}}
	if !h.grouped() {
		return r
	}
	tasks := int64(h.tasks())
	r.Pids = &specs.LinuxPids{Limit: &tasks}
	if h.memory > 0 {
		limit := int64(h.memory)
		r.Memory = &specs.LinuxMemory{Limit: &limit}
		if h.tree.CountsSwap() {
			r.Memory.Swap = &limit // of memory and swap together: none is left for swap
		}
	}
	return r
}

func namespaceSpecs(u users) []specs.LinuxNamespace {
	all := []specs.LinuxNamespace{
		{Type: specs.PIDNamespace}, {Type: specs.NetworkNamespace}, {Type: specs.IPCNamespace},
		{Type: specs.UTSNamespace}, {Type: specs.MountNamespace}, {Type: specs.CgroupNamespace},
	}
	if u.separate() {
		all = append(all, specs.LinuxNamespace{Type: specs.UserNamespace})
	}
	return all
}

// mounts are those of `runc spec`, but for the control groups' and with a /tmp.
func mounts(rootless bool) []specs.Mount {
	terminals := []string{"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"}
	if !rootless { // whose namespace has no such group
		terminals = append(terminals, "gid=5")
	}
	plain := []string{"nosuid", "noexec", "nodev"}
	return []specs.Mount{
		{Destination: "/proc", Type: "proc", Source: "proc", Options: plain},
		{Destination: "/dev", Type: "tmpfs", Source: "tmpfs", Options: []string{"nosuid", "strictatime", "mode=755", "size=65536k"}},
		{Destination: "/dev/pts", Type: "devpts", Source: "devpts", Options: terminals},
		{Destination: "/dev/shm", Type: "tmpfs", Source: "shm", Options: append([]string{"mode=1777", "size=65536k"}, plain...)},
		{Destination: "/dev/mqueue", Type: "mqueue", Source: "mqueue", Options: plain},
		{Destination: "/sys", Type: "sysfs", Source: "sysfs", Options: append([]string{"ro"}, plain...)},
		{Destination: "/tmp", Type: "tmpfs", Source: "tmpfs", Options: []string{"nosuid", "nodev", "mode=1777", "size=65536k"}},
	}
}

// binds are the mounts of folders of the host.
func binds(folders []runners.Folder) (all []specs.Mount) {
	for _, f := range folders {
		m := specs.Mount{Destination: f.Guest, Type: "bind", Source: f.Host, Options: []string{"bind", "nosuid", "nodev", "ro"}}
		if f.Writable {
			m.Options[3] = "rw"
		}
		all = append(all, m)
	}
	return all
}
