//go:build linux

package oci

import (
	"fmt"
	"sync"
	"time"

	"github.com/prometheus/procfs"
	"golang.org/x/sys/unix"
)

// process is a child of ours that is not reaped behind our back, so that its
// number stays its own for as long as we may signal it.
type process struct {
	mu  sync.Mutex
	pid int // 0 once it is reaped
}

// id gives the process's number, 0 once it is reaped.
func (p *process) id() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pid
}

// orphanedWithin is how long a process may still have another parent, which is
// about to end.
const orphanedWithin = 20 * time.Second

// adopt takes over an orphan and waits until we are its parent.
func (p *process) adopt(pid int) error {
	for until := time.Now().Add(orphanedWithin); ; time.Sleep(200 * time.Microsecond) {
		err := unix.Waitid(unix.P_PID, pid, &unix.Siginfo{}, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil)
		if err == nil {
			break
		}
		if time.Now().After(until) {
			return fmt.Errorf("take over process %d: %w", pid, err)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pid = pid
	return nil
}

// signal does nothing to a process that has been reaped.
func (p *process) signal(s unix.Signal) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pid == 0 {
		return nil
	}
	return unix.Kill(p.pid, s)
}

// reap waits for the end of the process and tells how it came. It is called
// once.
func (p *process) reap() (status unix.WaitStatus, err error) {
	pid := p.id()
	if err := await(pid, unix.WEXITED|unix.WNOWAIT); err != nil {
		return 0, fmt.Errorf("wait for process %d: %w", pid, err)
	}
	return p.collect()
}

// killedWithin is how long a killed process may take to end. One in an
// uninterruptible wait of the kernel's never does.
const killedWithin = 20 * time.Second

// reapKilled is reap for a process that has been killed. It is an error if the
// process has not ended within a time; it can be called again then.
func (p *process) reapKilled(within time.Duration) (unix.WaitStatus, error) {
	pid := p.id()
	ended := make(chan error, 1)
	go func() { ended <- await(pid, unix.WEXITED|unix.WNOWAIT) }()
	late := time.NewTimer(within)
	defer late.Stop()
	select {
	case err := <-ended:
		if err != nil {
			return 0, fmt.Errorf("wait for process %d: %w", pid, err)
		}
		return p.collect()
	case <-late.C:
		return 0, fmt.Errorf("process %d has not ended within %v of its kill", pid, within)
	}
}

// collect takes the status of a process that has ended, which frees its number.
func (p *process) collect() (status unix.WaitStatus, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	// A helper that was its parent may have taken the status.
	if _, err := unix.Wait4(p.pid, &status, 0, nil); err != nil && err != unix.ECHILD {
		return 0, fmt.Errorf("reap process %d: %w", p.pid, err)
	}
	p.pid = 0
	return status, nil
}

// ends reports whether the process ends by itself within a while. One that has
// begun to end then does, however late on a busy machine.
func (p *process) ends(within time.Duration) bool {
	pid := p.id()
	for until := time.Now().Add(within); ; time.Sleep(time.Millisecond) {
		var info unix.Siginfo
		err := unix.Waitid(unix.P_PID, pid, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil)
		if err == nil && info.Signo != 0 {
			return true
		}
		if time.Now().After(until) && !exiting(pid) {
			return false
		}
	}
}

// exiting reports whether a process has begun to end: it has before its files
// are closed.
func exiting(pid int) bool {
	const flagExiting = 0x4 // PF_EXITING of the kernel's linux/sched.h
	proc, err := procfs.NewProc(pid)
	if err != nil {
		return false
	}
	stat, err := proc.Stat()
	return err == nil && stat.Flags&flagExiting != 0
}

// halt holds the process and waits until it stands still.
func (p *process) halt() error {
	if err := p.signal(unix.SIGSTOP); err != nil {
		return err
	}
	return await(p.id(), unix.WSTOPPED|unix.WEXITED|unix.WNOWAIT)
}

// await waits for a change of a child's state. A helper of a tool may still be the
// parent of what will be left to us, or have seen its end: then there is no error.
func await(pid, options int) error {
	for {
		var info unix.Siginfo
		switch err := unix.Waitid(unix.P_PID, pid, &info, options, nil); {
		case err == unix.EINTR:
		case err != unix.ECHILD:
			return err
		case unix.Kill(pid, 0) == unix.ESRCH:
			return nil
		default:
			time.Sleep(time.Millisecond)
		}
	}
}

func describe(s unix.WaitStatus) string {
	if s.Signaled() {
		return fmt.Sprintf("killed by signal %d (%s)", s.Signal(), unix.SignalName(s.Signal()))
	}
	return fmt.Sprintf("exited with code %d", s.ExitStatus())
}
