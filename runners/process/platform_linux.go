package process

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const canStop = true

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
