//go:build linux

package oci

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// takers counts those in this process who want orphans.
var takers struct {
	sync.Mutex
	n int
}

// takeOrphans makes this process the parent of its descendants' orphans while
// anyone wants them.
func takeOrphans(more int) error {
	takers.Lock()
	defer takers.Unlock()
	takers.n += more
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, uintptr(min(takers.n, 1)), 0, 0, 0); err != nil {
		return fmt.Errorf("become the parent of orphans: %w", err)
	}
	return nil
}

// orphans reaps the helpers that a command forks and leaves to us: crun makes
// its container in one. They are told from other children by their name, and
// from those that someone awaits by their number.
type orphans struct {
	comm    string
	mu      sync.Mutex
	awaited map[int]bool
}

// except starts a process that someone else reaps.
func (o *orphans) except(start func() (pid int, err error)) (pid int, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if pid, err = start(); err == nil {
		o.awaited[pid] = true
	}
	return pid, err
}

// await says that someone else reaps a process.
func (o *orphans) await(pid int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.awaited[pid] = true
}

// done says that it has been reaped.
func (o *orphans) done(pid int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.awaited, pid)
}

// reap reaps those that have ended and reports whether others live on.
func (o *orphans) reap() (others bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, pid := range o.find() {
		reaped, err := unix.Wait4(pid, nil, unix.WNOHANG, nil)
		others = others || err == nil && reaped == 0
	}
	return others
}

// helperEndsWithin is how long a helper may live on after its command.
const helperEndsWithin = time.Second

// reapAll waits for those that live on.
func (o *orphans) reapAll() {
	for until := time.Now().Add(helperEndsWithin); o.reap() && time.Now().Before(until); {
		time.Sleep(time.Millisecond)
	}
}

// find lists our children of that name. Orphans become children of the main
// thread; a kernel that does not list them leaves them until we end.
func (o *orphans) find() (pids []int) {
	children, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/children", os.Getpid()))
	if err != nil {
		return nil
	}
	for child := range strings.FieldsSeq(string(children)) {
		comm, err := os.ReadFile("/proc/" + child + "/comm")
		if err != nil || strings.TrimSpace(string(comm)) != o.comm {
			continue
		}
		if pid, err := strconv.Atoi(child); err == nil && !o.awaited[pid] {
			pids = append(pids, pid)
		}
	}
	return pids
}
