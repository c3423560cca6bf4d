package process

import (
	"fmt"
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

// harden gives the command of a binary that runs with limits and can gain no
// privileges: prlimit and setpriv, each of which becomes the next program. Root has them
// become another user's process as well. Limits of another user's process could be set
// only by those who may exceed them.
func harden(path string, memory uint64) (*exec.Cmd, error) {
	const mostFiles, largestFile = 256, 16 << 20
	args := []string{fmt.Sprintf("--nofile=%d", mostFiles), fmt.Sprintf("--fsize=%d", largestFile), "--core=0"}
	if memory > 0 {
		args = append(args, fmt.Sprintf("--data=%d", memory))
	}
	setpriv, err := exec.LookPath("setpriv")
	if err != nil {
		return nil, fmt.Errorf("setpriv is not installed (Debian: apt-get install util-linux): %w", runners.ErrUnavailable)
	}
	args = append(args, setpriv, "--no-new-privs")
	if os.Geteuid() == 0 {
		args = append(args, fmt.Sprintf("--reuid=%d", nobody), fmt.Sprintf("--regid=%d", nobody), "--clear-groups", "--bounding-set=-all")
	}
	return exec.Command("prlimit", append(args, path)...), nil
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
