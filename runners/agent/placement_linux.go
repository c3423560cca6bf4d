package agent

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// machineCores are those of this machine.
var machineCores = cores{list: allowedCores, pin: pinProcess}

// allowedCores lists the logical processors that this process may use, a sibling of the first
// (a thread of the same physical core) last.
func allowedCores() ([]int, error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return nil, err
	}
	var list []int
	for core := range len(set) * strconv.IntSize {
		if set.IsSet(core) {
			list = append(list, core)
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	own := physical(list[0])
	slices.SortStableFunc(list[1:], func(a, b int) int {
		return strings.Compare(sibling(a, own), sibling(b, own))
	})
	return list, nil
}

// sibling orders cores of another physical core first.
func sibling(core int, of string) string {
	if of != "" && physical(core) == of {
		return "sibling"
	}
	return ""
}

// physical names the physical core of a logical processor, "" if it is unknown.
func physical(core int) string {
	b, err := os.ReadFile(fmt.Sprintf("/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", core))
	if err != nil {
		return ""
	}
	return string(b)
}

// pinProcess holds all threads of a process on a core. A thread that is started
// meanwhile has the set of the thread that starts it, so the threads are listed again
// until there are no others.
func pinProcess(pid, core int) error {
	var set unix.CPUSet
	set.Set(core)
	held := map[int]bool{}
	for more := true; more; {
		more = false
		threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/[0-9]*", pid))
		if err != nil || len(threads) == 0 {
			return fmt.Errorf("process %d has no threads: %w", pid, unix.ESRCH)
		}
		for _, dir := range threads {
			thread, err := strconv.Atoi(filepath.Base(dir))
			if err != nil || held[thread] {
				continue
			}
			if err := unix.SchedSetaffinity(thread, &set); err != nil && !errors.Is(err, unix.ESRCH) {
				return err
			}
			held[thread], more = true, true
		}
	}
	return nil
}
