//go:build unix

package client

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// ownGroup gives the agent a process group of its own, so that a Ctrl-C at the
// terminal reaches the harness alone, which then ends its agents in order.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup kills the process and all others of its group.
func killGroup(p *os.Process) {
	syscall.Kill(-p.Pid, syscall.SIGKILL)
	p.Kill()
}

func isBrokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
