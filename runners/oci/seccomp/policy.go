//go:build linux

package seccomp

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	bpf "github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

// newNamespaces are the flags of clone that make namespaces.
const newNamespaces = unix.CLONE_NEWNS | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWUSER |
	unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWCGROUP

// The three answers.
const (
	allow   = uint32(bpf.ActionAllow)
	deny    = uint32(bpf.ActionErrno) | uint32(unix.EPERM)
	missing = uint32(bpf.ActionErrno) | uint32(unix.ENOSYS)
)

// numbers are those of the allowed system calls that exist here, in order.
func numbers(here *arch.Info) (list []uint32) {
	for name := range strings.FieldsSeq(allowed) {
		if n, ok := here.SyscallNames[name]; ok {
			list = append(list, uint32(n))
		}
	}
	slices.Sort(list)
	return list
}

// Program gives the policy as an array of struct sock_filter.
func Program() ([]byte, error) {
	here, err := arch.GetInfo("")
	if err != nil {
		return nil, fmt.Errorf("look up the system calls of %s: %w", runtime.GOARCH, err)
	}
	instructions, err := assemble(uint32(here.ID), numbers(here))
	if err != nil {
		return nil, fmt.Errorf("assemble the seccomp program: %w", err)
	}
	return encode(instructions)
}

// Profile gives the same policy for a bundle. The container runtimes ignore
// names that are not known here.
func Profile() *specs.LinuxSeccomp {
	perm, nosys := uint(unix.EPERM), uint(unix.ENOSYS)
	return &specs.LinuxSeccomp{
		DefaultAction:   specs.ActErrno,
		DefaultErrnoRet: &perm,
		Syscalls: []specs.LinuxSyscall{
			{Names: strings.Fields(allowed), Action: specs.ActAllow},
			{Names: []string{"clone"}, Action: specs.ActAllow, Args: []specs.LinuxSeccompArg{
				{Index: 0, Value: newNamespaces, ValueTwo: 0, Op: specs.OpMaskedEqual},
			}},
			{Names: []string{"clone3"}, Action: specs.ActErrno, ErrnoRet: &nosys},
			{Names: []string{"socket"}, Action: specs.ActAllow, Args: []specs.LinuxSeccompArg{
				{Index: 0, Value: unix.AF_VSOCK, Op: specs.OpLessThan},
			}},
		},
	}
}
