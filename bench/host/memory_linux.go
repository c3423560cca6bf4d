package host

import "fmt"

// What must be available before the doctor minds, in bytes.
const (
	ampleMemory  = 2 << 30
	scarceMemory = 512 << 20
)

func (t tree) checkMemory() Finding {
	f := Finding{Name: "memory", State: OK,
		Meaning: "memory and density trials need room, and a machine short of memory reclaims pages in the midst of others"}
	available, ok := t.meminfo("MemAvailable")
	total, ok2 := t.meminfo("MemTotal")
	if !ok || !ok2 {
		f.State = Unknown
		return f
	}
	f.Value = fmt.Sprintf("%d of %d MiB available", available>>20, total>>20)
	switch {
	case available < scarceMemory:
		f.State = Bad
	case available < ampleMemory:
		f.State = Warn
	default:
		return f
	}
	f.Mend = "stop other programs, or lower the steps and the memory budget"
	return f
}

func (t tree) checkSwap() Finding {
	f := Finding{Name: "swap", State: OK,
		Meaning: "what is swapped out leaves PSS and comes back in the midst of a measurement"}
	total, ok := t.meminfo("SwapTotal")
	free, ok2 := t.meminfo("SwapFree")
	switch {
	case !ok || !ok2:
		f.State = Unknown
	case total == 0:
		f.Value = "none"
	default:
		used := total - min(total, free)
		f.Value = fmt.Sprintf("%d of %d MiB in use", used>>20, total>>20)
		if used > 0 {
			f.State = Warn
			f.Mend = "swapoff -a before the run, swapon -a after it"
		}
	}
	return f
}

func (t tree) checkHugePages() Finding {
	f := Finding{Name: "huge_pages", State: OK,
		Meaning: "with huge pages for all, an instance that touches one page may be charged 2 MiB, by luck of its alignment"}
	value, ok := t.hugePages()
	f.Value = value
	switch {
	case !ok:
		f.State = Unknown
	case value == "always":
		f.State = Warn
		f.Mend = "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"
	}
	return f
}
