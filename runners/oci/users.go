//go:build linux

package oci

import (
	"os"
	"strings"
	"syscall"

	"github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

// Users of a container in a user namespace that root has made: those from firstUser on.
// systemd's table of users (UIDS-GIDS) gives this range to nobody.
const (
	firstUser = 0x70000000
	userCount = 1 << 16
)

// users says which of the host's users a container has.
type users int

const (
	// hostUsers: the container is in the namespace of the host.
	hostUsers users = iota
	// ownUser: the container's root is the caller, and there is no other user.
	ownUser
	// mappedUsers: no user of the container is a user of the host.
	mappedUsers
)

// usersOf finds what containers are given: an ordinary user can give nothing but its own,
// and root maps them where that is asked for and the kernel can.
func usersOf(hardened bool) users {
	switch {
	case !privileged():
		return ownUser
	case hardened && mapsUsers():
		return mappedUsers
	}
	return hostUsers
}

// mapsUsers says whether the kernel makes user namespaces for root.
func mapsUsers() bool {
	b, err := os.ReadFile("/proc/sys/user/max_user_namespaces")
	return err == nil && strings.TrimSpace(string(b)) != "0"
}

// separate says whether the container is in a user namespace of its own.
func (u users) separate() bool { return u != hostUsers }

// mappings gives the users and the groups of a container's namespace.
func (u users) mappings() (uids, gids specs.LinuxIDMapping) {
	if u == mappedUsers {
		all := specs.LinuxIDMapping{ContainerID: 0, HostID: firstUser, Size: userCount}
		return all, all
	}
	uids = specs.LinuxIDMapping{ContainerID: 0, HostID: uint32(os.Geteuid()), Size: 1}
	gids = specs.LinuxIDMapping{ContainerID: 0, HostID: uint32(os.Getegid()), Size: 1}
	return uids, gids
}

// separated puts the users into the attributes of a process that is to be started. It
// begins as the root of its namespace.
func (u users) separated(attr *syscall.SysProcAttr) {
	if !u.separate() {
		return
	}
	idMap := func(m specs.LinuxIDMapping) []syscall.SysProcIDMap {
		return []syscall.SysProcIDMap{{ContainerID: int(m.ContainerID), HostID: int(m.HostID), Size: int(m.Size)}}
	}
	uids, gids := u.mappings()
	attr.Cloneflags |= unix.CLONE_NEWUSER
	attr.UidMappings, attr.GidMappings = idMap(uids), idMap(gids)
	if u == mappedUsers {
		attr.GidMappingsEnableSetgroups = true
		attr.Credential = &syscall.Credential{Uid: 0, Gid: 0}
	}
}
