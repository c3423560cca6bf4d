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
	{"start the loopback", startLoopback},
	{"make the mounts private", private},
	{"mount the root file system", mountRoot},
	{"mount the devices", mountDevices},
	{"mount what is below /dev", mountBelowDev},
	{"mount /proc", mountProc},
	{"mount /sys", mountSys},
	{"cover paths of /proc and /sys", coverPaths},
	{"mount /tmp", mountTmp},
	{"mount the folders that it may read", mountFolders},
	{"enter the root file system", enterRoot},
	{"set the limits", setLimits},
	{"close what was inherited", closeInherited},
	{"drop the capabilities", dropCapabilities},
	{"drop the user", dropUser},
	{"enter the working folder", enterFolder},
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
	err = execute(&p)
	const notExecuted = 127
	syscall.Write(syscall.Stderr, []byte("execute the workload: "+err.Error()+"\n"))
	syscall.Exit(notExecuted)
}

// execute becomes the workload. It returns if that is not possible.
func execute(p *Plan) error {
	if len(p.Args) == 0 {
		return syscall.EINVAL
	}
	env := append(WorkloadEnviron(p.Name), p.Env...)
	if has(p.Args[0], '/') {
		return syscall.Exec(p.Args[0], p.Args, env)
	}
	var err error = syscall.ENOENT
	for path := pathIn(p.Env); path != ""; {
		var dir string
		dir, path = cut(path, ':')
		if e := syscall.Exec(dir+"/"+p.Args[0], p.Args, env); e != syscall.ENOENT && e != syscall.ENOTDIR {
			err = e
		}
	}
	return err
}

// pathIn gives the value of PATH.
func pathIn(env []string) string {
	for _, variable := range env {
		if name, value := cut(variable, '='); name == "PATH" {
			return value
		}
	}
	return ""
}

// cut is strings.Cut, without package strings.
func cut(s string, at byte) (before, after string) {
	for i := range len(s) {
		if s[i] == at {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

func has(s string, b byte) bool {
	before, _ := cut(s, b)
	return len(before) < len(s)
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
