package isolation

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"edgebench/runners/cgroup"
)

// nobody is the user of the process that is another tenant, as of guests.
const nobody = 65534

// startTenant starts a process of the user nobody that holds the secret in its name and
// in its environment. Where this machine lets us make them, it has a network namespace of
// its own, in which a program listens, and a control group of its own.
func (w *world) startTenant() error {
	group, err := w.makeGroup()
	if err != nil {
		return err
	}
	started, over, ended := make(chan error), make(chan struct{}), make(chan struct{})
	w.later(func() error {
		close(over)
		<-ended
		return nil
	})
	go onThread(func() {
		defer close(ended)
		started <- group.Around(w.settleTenant)
		<-over // since the tenant ends with its parent's thread
	})
	return <-started
}

// onThread does f on a thread that ends with it, and is not the process's main thread,
// which could not end, and whose namespaces the whole process shows as its own.
func onThread(f func()) {
	runtime.LockOSThread() // and never unlocked, but on the main thread
	if unix.Gettid() != unix.Getpid() {
		f()
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		onThread(f)
	}()
	<-done
	runtime.UnlockOSThread()
}

// settleTenant starts the process on a thread that is in its control groups; unified is
// the folder of that of version 2, negative for none.
func (w *world) settleTenant(unified int) error {
	if err := w.leaveNetwork(); err != nil {
		return err
	}
	cmd := exec.Command("sleep", "600")
	cmd.Args[0] = "sleep-" + w.secret
	cmd.Env = []string{"SECRET=" + w.secret}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, UseCgroupFD: unified >= 0, CgroupFD: max(unified, 0)}
	if os.Geteuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start a process as another tenant: %w", err)
	}
	w.later(func() error {
		err := cmd.Process.Kill()
		_ = cmd.Wait() // which says that it was killed
		return err
	})
	w.places["pid"] = strconv.Itoa(cmd.Process.Pid)
	w.facts[factTenant] = []string{w.places["pid"]}
	return nil
}

// leaveNetwork gives the calling thread a network namespace of its own, and listens on
// its loopback interface. An ordinary user has none.
func (w *world) leaveNetwork() error {
	if err := unix.Unshare(unix.CLONE_NEWNET); errors.Is(err, unix.EPERM) {
		return nil
	} else if err != nil {
		return fmt.Errorf("make a network namespace: %w", err)
	}
	if err := startLoopback(); err != nil {
		return fmt.Errorf("start the loopback interface of a network namespace: %w", err)
	}
	at, err := w.listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	_, w.places["namespace-port"], _ = net.SplitHostPort(at.String())
	return nil
}

// startLoopback brings up the loopback interface of the thread's network namespace.
func startLoopback() error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP)
	return unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, request)
}

// groupLimit is the limit of the tenant's memory, in bytes.
const groupLimit = 64 << 20

// makeGroup makes the tenant's control group: one without folders where none may be made.
func (w *world) makeGroup() (*cgroup.Group, error) {
	tree, err := cgroup.Discover(cgroup.Memory)
	if err != nil {
		return nil, err
	}
	w.later(tree.Close)
	name, err := random(worldPrefix())
	if err != nil {
		return nil, err
	}
	group, err := tree.Make(name, cgroup.Limits{Memory: groupLimit})
	if err != nil {
		return nil, err
	}
	w.later(group.Remove)
	dir := group.MemoryDir()
	if dir == "" {
		return group, nil
	}
	w.places["group-list"] = filepath.Join(dir, "cgroup.procs")
	for _, name := range []string{"memory.max", "memory.limit_in_bytes"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			w.limit = filepath.Join(dir, name)
			w.places["group-limit"] = w.limit
		}
	}
	return group, nil
}

// sweepGroups removes the control groups of processes that have ended.
func sweepGroups() {
	tree, err := cgroup.Discover(cgroup.Memory)
	if err != nil {
		return // a machine without
	}
	defer tree.Close()
	_ = tree.Sweep(abandoned) // another user's stay
}

// abandoned says whether the process has ended that made what has this name.
func abandoned(name string) bool {
	pid := ownerOf(name)
	return pid > 0 && errors.Is(unix.Kill(pid, 0), unix.ESRCH)
}

// resetLimit sets the limit of the tenant's control group.
func (w *world) resetLimit() error {
	if w.limit == "" {
		return nil
	}
	return os.WriteFile(w.limit, []byte(strconv.Itoa(groupLimit)), 0)
}

// changedLimit says how that limit has changed, "" if it has not.
func (w *world) changedLimit() (string, error) {
	if w.limit == "" {
		return "", nil
	}
	b, err := os.ReadFile(w.limit)
	if limit := strings.TrimSpace(string(b)); err == nil && limit != strconv.Itoa(groupLimit) {
		return "the limit of another control group is " + limit, nil
	}
	return "", err
}
