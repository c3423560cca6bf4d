package probe

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/procfs"
	"golang.org/x/sys/unix"
)

// CPUTime is the CPU time that all threads of a process have used so far, the
// ended ones included and its children not, to the nanosecond. The error wraps
// os.ErrProcessDone when there is no such process.
func CPUTime(pid int) (time.Duration, error) {
	if pid <= 0 {
		return 0, fmt.Errorf("CPU time: %d is no process", pid)
	}
	// The clock's number as clock_getcpuclockid(3) makes it: the process in
	// all but three bits, of which the lower two ask for the scheduler's sum.
	const schedulerSum = 2
	clock := int32(^pid)<<3 | schedulerSum
	var t unix.Timespec
	err := unix.ClockGettime(clock, &t)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ESRCH) {
		err = os.ErrProcessDone
	}
	if err != nil {
		return 0, fmt.Errorf("CPU time of process %d: %w", pid, err)
	}
	return time.Duration(t.Nano()), nil
}

// Descendants lists the children of a process, their children and so on, in
// ascending order. A process whose parent has ended belongs to whoever adopted
// it and is found no more.
func Descendants(pid int) ([]int, error) {
	all, err := procfs.AllProcs()
	if err != nil {
		return nil, fmt.Errorf("descendants of process %d: %w", pid, err)
	}
	children := make(map[int][]int, len(all))
	for _, proc := range all {
		stat, err := proc.Stat()
		if isGone(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("descendants of process %d: parent of process %d: %w", pid, proc.PID, err)
		}
		children[stat.PPID] = append(children[stat.PPID], proc.PID)
	}
	// A process is its parent's only, but while /proc is read an ended one's
	// number may come again further down: seen keeps that from going round.
	seen := map[int]bool{pid: true}
	var found []int
	for next := children[pid]; len(next) > 0; next = next[1:] {
		child := next[0]
		if seen[child] {
			continue
		}
		seen[child] = true
		found = append(found, child)
		next = append(next, children[child]...)
	}
	slices.Sort(found)
	return found, nil
}

// StartTime is when a process began, in the kernel's clock ticks since the
// machine started. With the process's number it names a process for good,
// where the number alone may come again.
func StartTime(pid int) (uint64, error) {
	stat, err := stat(pid)
	if err != nil {
		return 0, fmt.Errorf("start time of process %d: %w", pid, err)
	}
	return stat.Starttime, nil
}

// Alive reports whether the process that began at the start time of StartTime
// still runs. One that has ended and waits for its parent does not.
func Alive(pid int, start uint64) bool {
	stat, err := stat(pid)
	return err == nil && stat.Starttime == start && !strings.ContainsAny(stat.State, "ZXx")
}

func stat(pid int) (procfs.ProcStat, error) {
	proc, err := process(pid)
	if err != nil {
		return procfs.ProcStat{}, err
	}
	return proc.Stat()
}

// MapCount is the number of mappings in a process's address space, and the
// limit (vm.max_map_count) that ends its growth when it is reached.
func MapCount(pid int) (n, limit int, err error) {
	maps, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/maps")
	if err != nil {
		return 0, 0, fmt.Errorf("mappings of process %d: %w", pid, err)
	}
	text, err := os.ReadFile("/proc/sys/vm/max_map_count")
	if err != nil {
		return 0, 0, fmt.Errorf("limit of mappings: %w", err)
	}
	limit, err = strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, 0, fmt.Errorf("limit of mappings: %w", err)
	}
	n = bytes.Count(maps, []byte("\n"))
	if bytes.Contains(maps, []byte("[vsyscall]")) {
		n-- // every process sees it, and none owns it
	}
	return n, limit, nil
}
