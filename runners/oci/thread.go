//go:build linux

package oci

import (
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"
)

// thread is one operating system thread that lives until it is closed. The
// kernel kills a container when the thread that made it ends (PR_SET_PDEATHSIG),
// and control groups and mount namespaces are a thread's own: all containers of
// a runtime are therefore made by one thread of which no one else knows.
type thread struct {
	work chan func()
	done chan struct{}
}

// newThread starts a thread that begins with setUp.
func newThread(setUp func() error) (*thread, error) {
	t := &thread{work: make(chan func()), done: make(chan struct{})}
	ready := make(chan error)
	go t.run(setUp, ready)
	if err := <-ready; err != nil {
		<-t.done
		return nil, err
	}
	return t, nil
}

// run never gives its thread back, so that the runtime ends it together with
// the goroutine. The main thread would not end, and what is done to it shows in
// /proc/self for all of us: if this is it, another goroutine takes over while
// it is held.
func (t *thread) run(setUp func() error, ready chan<- error) {
	runtime.LockOSThread()
	if unix.Gettid() == unix.Getpid() {
		locked := make(chan error)
		go t.run(setUp, locked)
		err := <-locked
		runtime.UnlockOSThread()
		ready <- err
		return
	}
	defer close(t.done)
	err := setUp()
	ready <- err
	if err != nil {
		return
	}
	for f := range t.work {
		f()
	}
}

// do lets the thread do f and waits for it.
func (t *thread) do(f func() error) error {
	err := make(chan error, 1)
	t.work <- func() { err <- f() }
	return <-err
}

// close ends the thread, and with it what it has made.
func (t *thread) close() {
	close(t.work)
	<-t.done
}

// ownMounts gives the calling thread a mount namespace of its own, in which
// nothing that is done reaches the host.
func ownMounts() error {
	if err := unix.Unshare(unix.CLONE_FS | unix.CLONE_NEWNS); err != nil {
		return fmt.Errorf("make a mount namespace: %w", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_SLAVE, ""); err != nil {
		return fmt.Errorf("separate its mounts from the host's: %w", err)
	}
	return nil
}
