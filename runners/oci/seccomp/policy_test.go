//go:build linux

package seccomp

import (
	"encoding/binary"
	"strings"
	"testing"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// call is a struct seccomp_data as far as a filter looks. The virtual machine
// of golang.org/x/net/bpf reads big endian, as packets are.
type call struct {
	number, architecture uint32
	first                uint64
}

func answer(t *testing.T, vm *bpf.VM, c call) uint32 {
	t.Helper()
	var b [64]byte
	binary.BigEndian.PutUint32(b[offsetNumber:], c.number)
	binary.BigEndian.PutUint32(b[offsetArchitecture:], c.architecture)
	binary.BigEndian.PutUint32(b[offsetFirstLow:], uint32(c.first))
	binary.BigEndian.PutUint32(b[offsetFirstHigh:], uint32(c.first>>32))
	got, err := vm.Run(b[:])
	if err != nil {
		t.Fatal(err)
	}
	return uint32(got)
}

func machine(t *testing.T) (*bpf.VM, *arch.Info) {
	t.Helper()
	here, err := arch.GetInfo("")
	if err != nil {
		t.Fatal(err)
	}
	program, err := assemble(uint32(here.ID), numbers(here))
	if err != nil {
		t.Fatal(err)
	}
	vm, err := bpf.NewVM(program)
	if err != nil {
		t.Fatal(err)
	}
	return vm, here
}

// TestAgainstLibrary compares the tree with what go-seccomp-bpf makes of the
// same list, for every number.
func TestAgainstLibrary(t *testing.T) {
	vm, here := machine(t)
	var names []string
	for name := range strings.FieldsSeq(allowed) {
		if _, ok := here.SyscallNames[name]; ok {
			names = append(names, name)
		}
	}
	policy := seccomp.Policy{DefaultAction: seccomp.ActionErrno, Syscalls: []seccomp.SyscallGroup{{Action: seccomp.ActionAllow, Names: names}}}
	program, err := policy.Assemble()
	if err != nil {
		t.Fatal(err)
	}
	library, err := bpf.NewVM(program)
	if err != nil {
		t.Fatal(err)
	}
	for number := range uint32(1000) {
		if number == unix.SYS_CLONE || number == unix.SYS_CLONE3 || number == unix.SYS_SOCKET {
			continue
		}
		c := call{number: number, architecture: uint32(here.ID)}
		if got, want := answer(t, vm, c), answer(t, library, c); got != want {
			t.Errorf("system call %d (%s): %#x, the library says %#x", number, here.SyscallNumbers[int(number)], got, want)
		}
	}
}

func TestPolicy(t *testing.T) {
	vm, here := machine(t)
	const x32, i386 = 0x40000000, 0x40000003
	own := uint32(here.ID)
	cases := map[string]struct {
		call
		want uint32
	}{
		"read":                        {call{unix.SYS_READ, own, 0}, allow},
		"execve":                      {call{unix.SYS_EXECVE, own, 0}, allow},
		"mount":                       {call{unix.SYS_MOUNT, own, 0}, deny},
		"ptrace":                      {call{unix.SYS_PTRACE, own, 0}, deny},
		"reboot":                      {call{unix.SYS_REBOOT, own, 0}, deny},
		"kexec_load":                  {call{unix.SYS_KEXEC_LOAD, own, 0}, deny},
		"bpf":                         {call{unix.SYS_BPF, own, 0}, deny},
		"io_uring_setup":              {call{unix.SYS_IO_URING_SETUP, own, 0}, deny},
		"keyctl":                      {call{unix.SYS_KEYCTL, own, 0}, deny},
		"unshare":                     {call{unix.SYS_UNSHARE, own, 0}, deny},
		"clone of a thread":           {call{unix.SYS_CLONE, own, unix.CLONE_VM | unix.CLONE_THREAD | unix.CLONE_SIGHAND}, allow},
		"clone of a user namespace":   {call{unix.SYS_CLONE, own, unix.CLONE_NEWUSER | unix.CLONE_VM}, deny},
		"clone3":                      {call{unix.SYS_CLONE3, own, 0}, missing},
		"a unix socket":               {call{unix.SYS_SOCKET, own, unix.AF_UNIX}, allow},
		"a vsock":                     {call{unix.SYS_SOCKET, own, unix.AF_VSOCK}, deny},
		"a vsock with a high half":    {call{unix.SYS_SOCKET, own, 1<<32 | unix.AF_VSOCK}, deny},
		"a unix one with a high half": {call{unix.SYS_SOCKET, own, 1<<32 | unix.AF_UNIX}, deny},
		"a number that nobody has":    {call{100000, own, 0}, deny},
		"the greatest number":         {call{^uint32(0), own, 0}, deny},
		"read by x32's number":        {call{x32 | unix.SYS_READ, own, 0}, deny},
		"another architecture's":      {call{unix.SYS_READ, i386, 0}, deny},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := answer(t, vm, c.call); got != c.want {
				t.Errorf("%#x, want %#x", got, c.want)
			}
		})
	}
}

// TestNames finds misspelt names: each exists on some architecture, but for
// those that are newer than the library's tables.
func TestNames(t *testing.T) {
	newer := strings.Fields("cachestat fchmodat2 map_shadow_stack mseal futex_wait futex_wake futex_requeue")
	known := map[string]bool{}
	for _, a := range []*arch.Info{arch.X86_64, arch.AARCH64} {
		for name := range a.SyscallNames {
			known[name] = true
		}
	}
	for _, name := range newer {
		known[name] = true
	}
	seen := map[string]bool{}
	for name := range strings.FieldsSeq(allowed) {
		if !known[name] {
			t.Errorf("%s is a system call nowhere", name)
		}
		if seen[name] {
			t.Errorf("%s stands there twice", name)
		}
		seen[name] = true
	}
}

func TestFlips(t *testing.T) {
	got := flips([]uint32{3, 4, 5, 9})
	want := []uint32{3, 6, 9, 10}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}

func TestProgramFits(t *testing.T) {
	b, err := Program()
	if err != nil {
		t.Fatal(err)
	}
	const size, most = 8, 4096 // of struct sock_filter, BPF_MAXINSNS
	t.Logf("%d instructions", len(b)/size)
	if len(b)%size != 0 || len(b)/size > most {
		t.Errorf("the program has %d bytes", len(b))
	}
}
