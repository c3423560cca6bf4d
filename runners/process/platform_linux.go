package process

import (
	"os"
	"os/exec"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"edgebench/runners"
)

const (
	canStop    = true
	canConfine = true
)

// nobody is the user and group of a process with a policy, where we can choose.
const nobody = 65534

// demote makes the process another user's, if it would be root's.
func demote(cmd *exec.Cmd) {
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
}

// harden sets limits on open files, on the size of a file and on the processes of the
// user.
func harden(pid int) error {
	const mostFiles, largestFile = 256, 16 << 20
	for resource, most := range map[int]uint64{unix.RLIMIT_NOFILE: mostFiles, unix.RLIMIT_FSIZE: largestFile, unix.RLIMIT_NPROC: runners.HardenedTasks} {
		if err := unix.Prlimit(pid, resource, &unix.Rlimit{Cur: most, Max: most}, nil); err != nil {
			return err
		}
	}
	return nil
}

// limit bounds what a process may write to in private, in bytes; 0 is no bound.
// Address space (RLIMIT_AS) would be the wrong measure: a program in Go reserves
// more than a gigabyte of it and uses next to nothing.
func limit(pid int, memory uint64) error {
	if memory == 0 {
		return nil
	}
	return unix.Prlimit(pid, unix.RLIMIT_DATA, &unix.Rlimit{Cur: memory, Max: memory}, nil)
}

// hold stops a process and waits until it stands still.
func hold(p *os.Process) error {
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	for {
		var info unix.Siginfo
		err := unix.Waitid(unix.P_PID, p.Pid, &info, unix.WSTOPPED|unix.WEXITED|unix.WNOWAIT, nil)
		if err == unix.EINTR {
			time.Sleep(time.Millisecond)
			continue
		}
		return err
	}
}

func release(p *os.Process) error { return p.Signal(syscall.SIGCONT) }
