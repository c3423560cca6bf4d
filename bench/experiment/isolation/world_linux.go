package isolation

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// populate adds what a Linux host has beside files.
func (w *world) populate() error {
	return errors.Join(w.startTenant(), w.listenAll(), w.share(), w.shareSegment(), w.findGroup(), w.readCPU())
}

// listenAll listens on the loopback interface, on another address of the host, and on
// an abstract socket. Whoever connects gets the secret.
func (w *world) listenAll() error {
	at, err := w.listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	_, w.places["port"], _ = net.SplitHostPort(at.String())
	if address := hostAddress(); address != "" {
		if at, err = w.listen("tcp4", address+":0"); err != nil {
			return err
		}
		w.places["address"], w.places["address-port"], _ = net.SplitHostPort(at.String())
	}
	name, err := random("edgebench-")
	if err != nil {
		return err
	}
	w.places["abstract"] = name
	_, err = w.listen("unix", "@"+name)
	return err
}

func (w *world) listen(network, address string) (net.Addr, error) {
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, fmt.Errorf("listen for attempts: %w", err)
	}
	w.later(l.Close)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return // closed
			}
			_, _ = conn.Write([]byte(w.secret))
			conn.Close()
		}
	}()
	return l.Addr(), nil
}

// shm is where POSIX shared memory lies.
const shm = "/dev/shm"

// sweep removes what processes that have ended have left.
func sweep() {
	sweepGroups()
	for _, dir := range []string{os.TempDir(), shm} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue // a machine without
		}
		for _, e := range entries {
			if abandoned(e.Name()) {
				_ = os.RemoveAll(filepath.Join(dir, e.Name())) // another user's stays
			}
		}
	}
}

// share puts the secret into shared memory as POSIX names it.
func (w *world) share() error {
	name, err := random(worldPrefix())
	if err != nil {
		return err
	}
	path := filepath.Join(shm, name)
	if err := file(path, w.secret); err != nil {
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission) {
			return nil // a machine without
		}
		return err
	}
	w.later(func() error { return os.Remove(path) })
	w.places["shm"] = path
	return nil
}

// shareSegment puts the secret into a segment of System V.
func (w *world) shareSegment() error {
	const size = 4096
	id, err := unix.SysvShmGet(unix.IPC_PRIVATE, size, unix.IPC_CREAT|0o666)
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EPERM) {
		return nil // a machine without
	}
	if err != nil {
		return fmt.Errorf("make a segment of shared memory: %w", err)
	}
	at, err := unix.SysvShmAttach(id, 0, 0)
	// A segment that is removed lives, and can be attached, as long as anyone has it.
	_, removing := unix.SysvShmCtl(id, unix.IPC_RMID, nil)
	if err = errors.Join(err, removing); err != nil {
		return fmt.Errorf("attach a segment of shared memory: %w", err)
	}
	w.later(func() error { return unix.SysvShmDetach(at) })
	copy(at, w.secret)
	w.places["segment"] = strconv.Itoa(id)
	return nil
}

// findGroup finds the list of processes of a control group.
func (w *world) findGroup() error {
	for _, path := range []string{"/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/memory/cgroup.procs", "/sys/fs/cgroup/pids/cgroup.procs"} {
		if _, err := os.Stat(path); err == nil {
			w.places["group"] = path
			return nil
		}
	}
	return nil
}

// readCPU reads the processor's model. A clock is known by any time below 0.1 ms,
// which judge reads.
func (w *world) readCPU() error {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return nil // a machine without
	}
	for line := range strings.Lines(string(b)) {
		name, value, _ := strings.Cut(line, ":")
		if strings.TrimSpace(name) == "model name" {
			w.facts[factCPU] = []string{strings.TrimSpace(value)}
			break
		}
	}
	return nil
}
