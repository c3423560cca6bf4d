package host

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/procfs"
	"golang.org/x/sys/unix"
)

// Memory adds up the memory of distinct processes: duplicates in the list count
// once. A process that ends before or while it is read is not an error: it is
// counted in Gone and adds no memory. A live process that may not be read is an
// error that wraps fs.ErrPermission, since a sum without it would be too small.
//
// The processes go on running while they are read one after the other, so the
// sum is of one moment only when they stand still.
func Memory(pids []int) (Usage, error) {
	var u Usage
	pids = slices.Clone(pids)
	slices.Sort(pids)
	for _, pid := range slices.Compact(pids) {
		err := u.add(pid)
		switch {
		case err == nil:
			u.Processes++
		case isGone(err):
			u.Gone = append(u.Gone, pid)
		case errors.Is(err, fs.ErrPermission):
			return Usage{}, fmt.Errorf("memory of process %d, which has another user or more capabilities than this one: %w", pid, err)
		default:
			return Usage{}, fmt.Errorf("memory of process %d: %w", pid, err)
		}
	}
	return u, nil
}

// add adds one process. It adds nothing if it returns an error.
func (u *Usage) add(pid int) error {
	proc, err := process(pid)
	if err != nil {
		return err
	}
	// Kernels before 4.14 have no smaps_rollup; there, smaps is added up.
	sum, err := proc.ProcSMapsRollup()
	if err != nil {
		return err
	}
	status, err := proc.NewStatus()
	if err != nil {
		return err
	}
	if status.VmSize == 0 {
		return os.ErrProcessDone // a zombie: its memory has been given back
	}
	u.PSS += sum.Pss
	u.RSS += sum.Rss
	u.Swap += sum.SwapPss
	// VmPTE has all levels since 4.15, before that VmPMD has the second.
	u.PageTables += status.VmPTE + status.VmPMD
	return nil
}

// process finds a process in /proc. One that is hidden there (the mount option
// hidepid) is told from one that has ended.
func process(pid int) (procfs.Proc, error) {
	proc, err := procfs.NewProc(pid)
	if errors.Is(err, fs.ErrNotExist) && pid > 0 && unix.Kill(pid, 0) == unix.EPERM {
		return proc, fmt.Errorf("it is hidden in /proc: %w", fs.ErrPermission)
	}
	return proc, err
}

// isGone reports whether an error of reading /proc/PID means that the process
// has ended.
func isGone(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ESRCH) || errors.Is(err, os.ErrProcessDone)
}

// CPUTime adds up the processor time, user and system, that distinct processes have
// used since they began, in steps of 10 ms. One that has ended counts as none.
func CPUTime(pids []int) (sum time.Duration, err error) {
	pids = slices.Clone(pids)
	slices.Sort(pids)
	for _, pid := range slices.Compact(pids) {
		proc, err := process(pid)
		if err == nil {
			var stat procfs.ProcStat
			stat, err = proc.Stat()
			sum += time.Duration(stat.UTime+stat.STime) * time.Second / ticksPerSecond
		}
		if err != nil && !isGone(err) {
			return 0, fmt.Errorf("processor time of process %d: %w", pid, err)
		}
	}
	return sum, nil
}

// Cgroup adds up what control groups are charged: memory.current (v2) or
// memory.usage_in_bytes (v1) in each of the folders, which are absolute paths.
// A charge contains the page cache that the group has read in first, and its
// kernel memory.
//
// The kernel charges in advance: up to 64 pages for each CPU that a group has
// run on may be in the charge without being used, which for many small groups
// adds up. A folder that is missing is an error, and so is one within another:
// the outer one's charge contains the inner one's.
func Cgroup(dirs []string) (uint64, error) {
	dirs = slices.Clone(dirs)
	for i := range dirs {
		// The slash makes a folder the prefix of those within it.
		dirs[i] = filepath.Clean(dirs[i]) + "/"
	}
	slices.Sort(dirs)
	dirs = slices.Compact(dirs)
	var sum uint64
	for i, dir := range dirs {
		if i > 0 && strings.HasPrefix(dir, dirs[i-1]) {
			return 0, fmt.Errorf("control group %s lies within %s, so its memory would count twice", dir, dirs[i-1])
		}
		charge, err := charge(dir)
		if err != nil {
			return 0, fmt.Errorf("charge of a control group: %w", err)
		}
		sum += charge
	}
	return sum, nil
}

func charge(dir string) (uint64, error) {
	for _, name := range []string{"memory.current", "memory.usage_in_bytes"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, err
		}
		return strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	}
	return 0, fmt.Errorf("%s has neither memory.current nor memory.usage_in_bytes: %w", dir, fs.ErrNotExist)
}

// Available is how much memory the node could still give without swapping:
// MemAvailable of /proc/meminfo and the free pages that each CPU keeps in a
// list of its own.
//
// The kernel leaves those lists out of MemAvailable. They take up tens of
// megabytes for each CPU and are used first, so that MemAvailable alone may
// stand still while a hundred megabytes are taken, or fall when nothing is.
// Where this process may (root), the kernel is also asked to add up the
// counters that each CPU keeps for itself first. What the rest of the node
// does meanwhile is in the figure as well.
func Available() (uint64, error) {
	// An error is none: the counters are added up every second anyway.
	_ = os.WriteFile("/proc/sys/vm/stat_refresh", []byte("1"), 0)
	available, err := availableIn(procfs.DefaultMountPoint)
	if err != nil {
		return 0, fmt.Errorf("available memory: %w", err)
	}
	return available, nil
}

// NodeMemory reads the memory of the whole node.
func NodeMemory() (Total, error) {
	available, err := Available()
	if err != nil {
		return Total{}, err
	}
	t := root().nodeMemory()
	t.Available = available
	return t, nil
}

// nodeMemory reads all of it except what is available.
func (t tree) nodeMemory() Total {
	m := Total{Stalled: -1}
	info := t.meminfo()
	if info.MemTotalBytes != nil {
		m.Total = *info.MemTotalBytes
	}
	for _, part := range []*uint64{info.SlabBytes, info.KernelStackBytes, info.PageTablesBytes, info.PercpuBytes} {
		if part != nil {
			m.Kernel += *part
		}
	}
	if some, ok := t.pressure("memory"); ok && some.Total < endless {
		m.Stalled = time.Duration(some.Total) * time.Microsecond
	}
	counters, _ := t.text("proc/vmstat")
	for line := range strings.Lines(counters) {
		if n, ok := strings.CutPrefix(line, "oom_kill "); ok {
			m.Killed, _ = strconv.ParseUint(strings.TrimSpace(n), 10, 64)
		}
	}
	return m
}

// availableIn is Available by what stands in a folder that is laid out as /proc.
func availableIn(folder string) (uint64, error) {
	proc, err := procfs.NewFS(folder)
	if err != nil {
		return 0, err
	}
	kept, err := keptByCPUs(filepath.Join(folder, "zoneinfo"))
	if err != nil {
		return 0, err
	}
	info, err := proc.Meminfo()
	if err != nil {
		return 0, err
	}
	if info.MemAvailableBytes == nil {
		return 0, fmt.Errorf("%s has no MemAvailable: %w", filepath.Join(folder, "meminfo"), errors.ErrUnsupported)
	}
	return *info.MemAvailableBytes + kept, nil
}

// keptByCPUs adds up the free pages in the lists of all CPUs, in bytes. A
// system without zoneinfo, such as gVisor, keeps none.
func keptByCPUs(zoneinfo string) (uint64, error) {
	file, err := os.Open(zoneinfo)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer file.Close()
	var pages uint64
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		count, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "count:")
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(strings.TrimSpace(count), 10, 32)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", zoneinfo, err)
		}
		pages += n
	}
	return pages * uint64(os.Getpagesize()), lines.Err()
}
