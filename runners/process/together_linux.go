package process

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"edgebench/runners/cgroup"
)

// together is the control group that this process and all that it starts are in, while
// a runtime lives. It has no limits: it only tells what belongs together.
var together struct {
	mu       sync.Mutex
	runtimes int
	tree     *cgroup.Tree
	stay     *cgroup.Stay // nil where no group may be made
}

// groupName is that of the control group of a scope; each process has its own.
func groupName(scope, process string) string { return "edgebench-" + scope + "-process-" + process }

// adopt makes this process the parent of orphans among its descendants, and
// enters the control group.
func adopt(scope string) error {
	together.mu.Lock()
	defer together.mu.Unlock()
	if together.runtimes == 0 {
		if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
			return fmt.Errorf("become a subreaper: %w", err)
		}
		if err := enterGroup(scope); err != nil {
			return err
		}
	}
	together.runtimes++
	return nil
}

// enterGroup enters a control group if one may be made.
func enterGroup(scope string) error {
	tree, err := cgroup.Discover(cgroup.Freezer)
	if err != nil {
		return err
	}
	stay, err := tree.Enter(groupName(scope, strconv.Itoa(os.Getpid())))
	if err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EROFS) {
		return errors.Join(err, tree.Close())
	}
	together.tree, together.stay = tree, stay
	return nil
}

// disown leaves the control group with the last runtime.
func disown() error {
	together.mu.Lock()
	defer together.mu.Unlock()
	if together.runtimes--; together.runtimes > 0 {
		return nil
	}
	var err error
	if together.stay != nil {
		err = together.stay.Leave()
	}
	return errors.Join(err, together.tree.Close())
}

// killedWithin is how long killed processes may take to be gone.
const killedWithin = 5 * time.Second

// killChildren kills and reaps all children of this process, and their children when
// they have become its own.
func killChildren() error {
	for until := time.Now().Add(killedWithin); ; time.Sleep(200 * time.Microsecond) {
		err := unix.Waitid(unix.P_ALL, 0, nil, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil)
		if err == unix.ECHILD {
			return nil
		}
		for _, pid := range children() {
			unix.Kill(pid, unix.SIGKILL)
			unix.Wait4(pid, nil, unix.WNOHANG, nil)
		}
		if time.Now().After(until) {
			return fmt.Errorf("%d processes that instances left do not end", len(children()))
		}
	}
}

// children are those of all threads of this process.
func children() (pids []int) {
	files, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		return nil
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // the thread has ended
		}
		for field := range strings.FieldsSeq(string(text)) {
			if pid, err := strconv.Atoi(field); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// sweep kills the processes of a scope and removes its control groups.
func sweep(ctx context.Context, scope string) error {
	tree, err := cgroup.Discover()
	if err != nil {
		return err
	}
	defer tree.Close()
	prefix := groupName(scope, "")
	err = tree.Sweep(func(name string) bool { return strings.HasPrefix(name, prefix) })
	return errors.Join(err, killByFolder(ctx, scope))
}

// killByFolder kills the processes that work in the folder of an instance of the scope
// and waits until they are gone.
func killByFolder(ctx context.Context, scope string) error {
	ctx, cancel := context.WithTimeout(ctx, killedWithin)
	defer cancel()
	for {
		pids := workingFor(scope)
		if len(pids) == 0 {
			return nil
		}
		for _, pid := range pids {
			unix.Kill(pid, unix.SIGKILL)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d processes do not end: %w", len(pids), ctx.Err())
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// workingFor are the processes that work in the folder of an instance of the scope.
// What is not for us to see is not ours.
func workingFor(scope string) (pids []int) {
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		return nil
	}
	for _, link := range links {
		dir, err := os.Readlink(link)
		if err != nil || !isOf(scope, dir) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link))); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}
