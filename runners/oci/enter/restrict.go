//go:build linux

package enter

import (
	"syscall"
	"unsafe"
)

// Constants that package syscall does not have; the test compares them with
// golang.org/x/sys/unix.
const (
	cloneNewCgroup   = 0x2000000
	sysCloseRange    = 436 // on every architecture
	prSetSeccomp     = 22
	prSetNoNewPrivs  = 38
	seccompFilter    = 2
	capVersion3      = 0x20080522
	capSysAdmin      = 21
	firstNotStandard = 3
)

// isolate makes the control groups that the process is in the roots of what it
// sees; only here are they known in every version of control groups.
func isolate(p *Plan) error {
	if err := syscall.Unshare(cloneNewCgroup); err != nil {
		return err
	}
	return syscall.Sethostname([]byte(p.Name))
}

// startLoopback brings up the loopback of the container's own network.
func startLoopback(*Plan) error {
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(socket)
	// struct ifreq
	request := struct {
		name  [16]byte
		flags uint16
		rest  [22]byte
	}{name: [16]byte{'l', 'o'}, flags: syscall.IFF_UP}
	return call(syscall.SYS_IOCTL, uintptr(socket), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request)), 0)
}

func setLimits(p *Plan) error {
	for _, l := range p.Limits {
		limit := struct{ soft, hard uint64 }{l.Value, l.Value}
		if err := call(syscall.SYS_PRLIMIT64, 0, uintptr(l.Resource), uintptr(unsafe.Pointer(&limit)), 0); err != nil {
			return err
		}
	}
	return nil
}

// closeInherited closes whatever else than stdin, stdout and stderr the agent
// was given by a parent that did not mark it.
func closeInherited(*Plan) error {
	return call(sysCloseRange, firstNotStandard, uintptr(^uint32(0)), 0, 0)
}

// dropCapabilities empties the bounding set, from which an exec as root would
// take them again.
func dropCapabilities(*Plan) error {
	for c := uintptr(0); ; c++ {
		err := prctl(syscall.PR_CAPBSET_DROP, c)
		if err == syscall.EINVAL && c > capSysAdmin {
			return nil // beyond the last that this kernel knows
		}
		if err != nil {
			return err
		}
	}
}

// dropUser becomes the plan's user and group and gives up the capabilities that
// the old user had.
func dropUser(p *Plan) error {
	if id := uintptr(p.ID); id != 0 {
		if err := call(syscall.SYS_SETGROUPS, 0, 0, 0, 0); err != nil {
			return err
		}
		if err := call(syscall.SYS_SETRESGID, id, id, id, 0); err != nil {
			return err
		}
		if err := call(syscall.SYS_SETRESUID, id, id, id, 0); err != nil {
			return err
		}
	}
	head := struct {
		version uint32
		pid     int32
	}{version: capVersion3}
	var none [2]struct{ effective, permitted, inheritable uint32 }
	return call(syscall.SYS_CAPSET, uintptr(unsafe.Pointer(&head)), uintptr(unsafe.Pointer(&none)), 0, 0)
}

// dieWithParent ends the container when the thread ends that started it. The
// change of user would have undone it.
func dieWithParent(*Plan) error { return prctl(syscall.PR_SET_PDEATHSIG, uintptr(syscall.SIGKILL)) }

func forbidPrivileges(*Plan) error { return prctl(prSetNoNewPrivs, 1) }

func installFilter(p *Plan) error {
	if len(p.Filter) == 0 {
		return nil
	}
	program := syscall.SockFprog{
		Len:    uint16(len(p.Filter) / int(unsafe.Sizeof(syscall.SockFilter{}))),
		Filter: (*syscall.SockFilter)(unsafe.Pointer(unsafe.SliceData(p.Filter))),
	}
	return call(syscall.SYS_PRCTL, prSetSeccomp, seccompFilter, uintptr(unsafe.Pointer(&program)), 0)
}
