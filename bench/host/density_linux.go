package host

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// What an instance takes, roughly, as measured with the workload rewrite in C. The
// doctor estimates with it how far a machine will get.
const (
	mappingsOfModule  = 4        // in a runtime that maps each memory
	bytesOfModule     = 34 << 10 // of MemAvailable
	filesOfProcess    = 3
	tasksOfContainer  = 12 // of Docker: a shim of eleven threads, and the workload
	bytesOfContainer  = 4 << 20
	portsOfBridge     = 1023
	reservedForOthers = 10 // a tenth of the memory
)

// bound is how many instances something permits.
type bound struct {
	instances uint64
	by        string
}

// checkDensity estimates how many live instances this machine carries, and what ends
// each kind.
func (t tree) checkDensity() Finding {
	f := Finding{Name: "density", State: OK,
		Meaning: "a rough estimate, by what small instances take, of where density trials will end on this machine"}
	info := t.meminfo()
	if info.MemAvailableBytes == nil || info.MemTotalBytes == nil {
		f.State = Unknown
		return f
	}
	memory := *info.MemAvailableBytes - min(*info.MemAvailableBytes, *info.MemTotalBytes/reservedForOthers)
	limits, _ := t.text("proc/self/limits")
	files, ok := parseLimit(limits, limitTitles["RLIMIT_NOFILE"])
	if !ok {
		files.hard = unlimited
	}
	tasks := t.setting("kernel.pid_max")
	f.Value = strings.Join([]string{
		least("modules in one process", bound{t.setting("vm.max_map_count") / mappingsOfModule, "vm.max_map_count"}, bound{memory / bytesOfModule, "memory"}),
		least("modules on the node", bound{memory / bytesOfModule, "memory"}),
		least("processes", bound{tasks, "kernel.pid_max"}, bound{files.hard / filesOfProcess, "open files"}),
		least("Docker containers", bound{tasks / tasksOfContainer, "kernel.pid_max"}, bound{memory / bytesOfContainer, "memory"}),
		least("of these on a bridge", bound{tasks / tasksOfContainer, "kernel.pid_max"}, bound{memory / bytesOfContainer, "memory"}, bound{portsOfBridge, "ports of the bridge"}),
	}, "; ")
	return f
}

// setting reads a number, which is unlimited where it cannot be read.
func (t tree) setting(name string) uint64 {
	text, _ := t.sysctl(name)
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return unlimited
	}
	return n
}

// least says how many instances of a kind there may be, and what ends them.
func least(kind string, all ...bound) string {
	best := slices.MinFunc(all, func(a, b bound) int { return cmp.Compare(a.instances, b.instances) })
	if best.instances == 0 {
		return "no " + kind + " (" + best.by + ")"
	}
	digits := uint64(1)
	for best.instances/digits >= 100 { // two digits are enough for an estimate
		digits *= 10
	}
	rounded := best.instances
	if best.by != "ports of the bridge" {
		rounded = best.instances / digits * digits
	}
	return fmt.Sprintf("%d %s (%s)", rounded, kind, best.by)
}
