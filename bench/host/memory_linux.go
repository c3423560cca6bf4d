package host

import (
	"fmt"
	"strconv"

	"github.com/prometheus/procfs"
)

// Available memory below which the doctor warns, in bytes.
const (
	ampleMemory  = 2 << 30
	scarceMemory = 512 << 20
)

func (t tree) checkMemory() Finding {
	f := Finding{Name: "memory", State: OK,
		Meaning: "memory and density trials need free memory, and a machine short of memory reclaims pages during other trials"}
	info := t.meminfo()
	available, total := info.MemAvailableBytes, info.MemTotalBytes
	if available == nil || total == nil {
		f.State = Unknown
		return f
	}
	f.Value = fmt.Sprintf("%d of %d MiB available", *available>>20, *total>>20)
	switch {
	case *available < scarceMemory:
		f.State = Bad
	case *available < ampleMemory:
		f.State = Warn
	default:
		return f
	}
	f.Remedy = "stop other programs, or lower the steps and the memory budget"
	return f
}

func (t tree) checkSwap() Finding {
	f := Finding{Name: "swap", State: OK,
		Meaning: "swapped-out pages are not in PSS and may be read back during a measurement"}
	info := t.meminfo()
	total, free := info.SwapTotalBytes, info.SwapFreeBytes
	switch {
	case total == nil || free == nil:
		f.State = Unknown
	case *total == 0:
		f.Value = "none"
	default:
		used := *total - min(*total, *free)
		f.Value = fmt.Sprintf("%d of %d MiB in use", used>>20, *total>>20)
		if used > 0 {
			f.State = Warn
			f.Remedy = "swapoff -a before the run, swapon -a after it"
			if available := info.MemAvailableBytes; available != nil && *available > used+scarceMemory {
				f.setFix(Command{"swapoff -a", "read swapped-out pages back and disable swap; swapon -a undoes it"})
			}
		}
	}
	return f
}

func (t tree) checkHugePages() Finding {
	f := Finding{Name: "huge_pages", State: OK,
		Meaning: "with huge pages for all processes, an instance that touches one page may be charged 2 MiB, depending on alignment"}
	value, ok := t.hugePages()
	f.Value = value
	switch {
	case !ok:
		f.State = Unknown
	case value == "always":
		f.State = Warn
		f.setFix(Command{"echo madvise > /sys/kernel/mm/transparent_hugepage/enabled", "give huge pages only to processes that ask for them"})
	}
	return f
}

// Percentages of the last ten seconds for which tasks may have waited for memory
// before the doctor warns.
const (
	noticeablePressure = 1
	heavyPressure      = 10
)

// checkPressure reports whether tasks recently waited for memory to be reclaimed
// or read back.
func (t tree) checkPressure() Finding {
	f := Finding{Name: "memory_pressure", State: OK,
		Meaning: "tasks wait for memory to be reclaimed during measurements, and reclaimed pages must be read again"}
	some, ok := t.pressure("memory")
	percent := some.Avg10
	if !ok || !(percent >= 0 && percent <= 100) {
		f.State, f.Value = Unknown, "not reported by this kernel: boot with psi=1"
		return f
	}
	f.Value = fmt.Sprintf("tasks waited for %.2f %% of the last 10 s", percent)
	switch {
	case percent >= heavyPressure:
		f.State = Bad
	case percent >= noticeablePressure:
		f.State = Warn
	default:
		return f
	}
	f.Remedy = "stop other programs, or lower the steps and the memory budget"
	return f
}

// pressure reads how some task has waited for a resource
// (Documentation/accounting/psi.rst of the kernel).
func (t tree) pressure(resource string) (procfs.PSILine, bool) {
	stats, _ := ask(t, func(proc procfs.FS) (procfs.PSIStats, error) { return proc.PSIStatsForResource(resource) })
	if stats.Some == nil {
		return procfs.PSILine{}, false
	}
	return *stats.Some, true
}

// sameLayout is ADDR_NO_RANDOMIZE of linux/personality.h, which children inherit.
const sameLayout = 0x0040000

// checkRandomisation reports whether each process gets a random address-space
// layout (personality(2), Documentation/admin-guide/sysctl/kernel.rst).
func (t tree) checkRandomisation() Finding {
	const name = "kernel.randomize_va_space"
	f := Finding{Name: "aslr", State: OK,
		Meaning: "if all processes have one layout, its effect on caches and alignment is in every trial; random layouts average it out"}
	text, _ := t.sysctl(name)
	level, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		f.State = Unknown
		return f
	}
	f.Value = name + " is " + text
	text, _ = t.value("proc/self/personality")
	personality, err := strconv.ParseUint(text, 16, 32)
	switch {
	case level < 2:
		f.State = Warn
		f.setFix(Command{"sysctl -w " + name + "=2", "give each process a random layout"})
	case err == nil && personality&sameLayout != 0:
		f.State, f.Remedy = Warn, "start the suite without setarch -R, and not under a debugger"
		f.Value += ", but not for this process"
	}
	return f
}
