package spawn

import (
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// thread is one operating system thread that never ends, and the work for it.
var thread = sync.OnceValue(func() chan<- func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range work {
			f()
		}
	}()
	return work
})

// Start starts a command that the kernel kills when this process dies.
func Start(cmd *exec.Cmd) error {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	done := make(chan error, 1)
	thread() <- func() { done <- cmd.Start() }
	return <-done
}
