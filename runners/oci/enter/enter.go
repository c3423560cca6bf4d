//go:build linux

package enter

import (
	"syscall"
	"time"
	"unsafe"
)

func init() {
	if _, ok := syscall.Getenv(Marker); ok && syscall.Getpid() == 1 {
		run()
	}
}

// step is one thing to do, and its name for the report if it fails.
type step struct {
	name string
	do   func(*Plan) error
}

// steps are in an order that matters: mounts need the privileges that are
// dropped after them, and the filter comes last since it forbids the rest.
var steps = [...]step{
	{"leave the host's control groups and name", isolate},
	{"make the mounts private", private},
	{"mount the root file system", mountRoot},
	{"mount the devices", mountDevices},
	{"mount /proc", mountProc},
	{"mount /tmp", mountTmp},
	{"enter the root file system", enterRoot},
	{"set the limits", setLimits},
	{"close what was inherited", closeInherited},
	{"drop the capabilities", dropCapabilities},
	{"drop the user", dropUser},
	{"die with the parent", dieWithParent},
	{"forbid new privileges", forbidPrivileges},
	{"install the seccomp filter", installFilter},
}

// run never returns. Init functions run on the main thread, and all that is
// said here of a thread is carried over by its exec.
func run() {
	p, err := receive()
	if err != nil {
		fail("read the plan", err)
	}
	for i := range steps {
		if err := steps[i].do(&p); err != nil {
			fail(steps[i].name, err)
		}
	}
	send(Report{At: now()})
	if p.Rehearsal {
		syscall.Exit(0)
	}
	err = syscall.Exec(Workload, []string{Workload}, WorkloadEnviron(p.Name))
	const notExecuted = 127
	syscall.Write(syscall.Stderr, []byte("execute the workload: "+err.Error()+"\n"))
	syscall.Exit(notExecuted)
}

// receive reads the plan and not a byte more: what follows is the workload's.
func receive() (Plan, error) {
	var head [lengthSize]byte
	if err := readFull(head[:]); err != nil {
		return Plan{}, err
	}
	n := number(head[:])
	if n > MaxPlan {
		return Plan{}, syscall.EMSGSIZE
	}
	body := make([]byte, n)
	if err := readFull(body); err != nil {
		return Plan{}, err
	}
	p, ok := decode(body)
	if !ok {
		return Plan{}, syscall.EBADMSG
	}
	return p, nil
}

func readFull(b []byte) error {
	for len(b) > 0 {
		n, err := syscall.Read(syscall.Stdin, b)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return err
		case n == 0:
			return syscall.EPIPE
		}
		b = b[max(n, 0):]
	}
	return nil
}

// send writes a report, which a pipe takes at once.
func send(r Report) { syscall.Write(syscall.Stdout, r.encode()) }

func fail(what string, err error) {
	send(Report{At: now(), Failure: what + ": " + err.Error()})
	syscall.Exit(1)
}

// now reads CLOCK_MONOTONIC.
func now() time.Duration {
	const clockMonotonic = 1
	var ts syscall.Timespec
	if call(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&ts)), 0, 0) != nil {
		return 0
	}
	return time.Duration(ts.Nano())
}

// call makes a system call on this thread alone, where package syscall has none
// or would make it on all threads.
//
//go:uintptrescapes
func call(number, a, b, c, d uintptr) error {
	if _, _, e := syscall.RawSyscall6(number, a, b, c, d, 0, 0); e != 0 {
		return e
	}
	return nil
}

func prctl(option, value uintptr) error { return call(syscall.SYS_PRCTL, option, value, 0, 0) }
