package host

import (
	"context"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/procfs"

	"edgebench/results"
)

func describe(_ context.Context, h *results.Host) {
	describeTree(root(), h)
	h.Costs = measureCosts()
}

// describeTree fills in what the files of a machine tell.
func describeTree(t tree, h *results.Host) {
	h.Kernel, _ = t.sysctl("kernel.osrelease")
	h.CPU = t.cpuModel()
	cpuinfo, _ := t.text("proc/cpuinfo")
	h.Microcode, _ = field(cpuinfo, "microcode")
	if total := t.meminfo().MemTotalBytes; total != nil {
		h.Memory = *total
	}
	h.Distribution = t.distribution()
	h.Libc = t.libc()
	h.ClockSource, _ = t.value("sys/devices/system/clocksource/clocksource0/current_clocksource")
	h.Governor = t.governor()
	h.Virtual = t.surroundings()
	h.Cgroup = t.hierarchies().Version()
	t.settings(func(name, value string, ok bool) {
		if ok && value != "" {
			h.Settings[name] = value
		}
	})
}

// recorded are the kernel's settings that bear on a figure, by their names in
// sysctl(8).
var recorded = []string{
	"vm.max_map_count", "vm.overcommit_memory", "vm.swappiness",
	"kernel.pid_max", "kernel.threads-max", "kernel.randomize_va_space",
	"kernel.version", "kernel.numa_balancing", "kernel.sched_autogroup_enabled",
}

// settings gives each setting that bears on a figure to set, and whether it
// could be found out.
func (t tree) settings(set func(name, value string, ok bool)) {
	for _, name := range recorded {
		value, ok := t.sysctl(name)
		set(name, value, ok)
	}
	limits, _ := t.text("proc/self/limits")
	for limit, title := range limitTitles {
		value, ok := parseLimit(limits, title)
		set(limit, value.String(), ok)
	}
	pages, ok := t.hugePages()
	set(settingHugePages, pages, ok)
	if swap := t.meminfo().SwapTotalBytes; swap != nil {
		set(settingSwap, strconv.FormatUint(*swap, 10), true)
	}
	smt, ok := t.smt()
	set(settingSMT, onOff(smt), ok)
	turbo, ok := t.turbo()
	set(settingTurbo, onOff(turbo), ok)
	status, _ := t.text("proc/self/status")
	capabilities, ok := field(status, "CapEff")
	set(settingCapabilities, capabilities, ok)
	ksm, ok := t.value("sys/kernel/mm/ksm/run")
	set(settingSamePages, ksm, ok)
	slack, ok := t.value("proc/self/timerslack_ns")
	set(settingTimerSlack, slack, ok)
	t.mitigations(set)
	quotas, _ := t.quotas()
	slices.Reverse(quotas) // the tightest of each is set last
	for _, q := range quotas {
		set(settingQuota+q.controller, q.String(), true)
	}
}

// mitigations gives what the kernel does about the processor's weaknesses,
// which is much of what system calls cost: as it was booted, and of each
// weakness that the processor has.
func (t tree) mitigations(set func(name, value string, ok bool)) {
	line, _ := ask(t, procfs.FS.CmdLine)
	for _, word := range line {
		if value, ok := strings.CutPrefix(word, settingMitigations+"="); ok {
			set(settingMitigations, clean(value), true)
		}
	}
	paths, _ := fs.Glob(t.files, "sys/devices/system/cpu/vulnerabilities/*")
	for _, path := range paths {
		state, ok := t.value(path)
		set("vulnerability."+clean(path[strings.LastIndex(path, "/")+1:]), state, ok && state != "Not affected")
	}
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// cpuModel is the processor's name, "" where it has none. Processors without
// a name, as on arm64, are told by the numbers of their maker and part.
func (t tree) cpuModel() string {
	text, _ := t.text("proc/cpuinfo")
	for _, name := range []string{"model name", "cpu model", "Model", "cpu"} {
		if model, ok := field(text, name); ok {
			return model
		}
	}
	maker, ok := field(text, "CPU implementer")
	part, ok2 := field(text, "CPU part")
	if !ok || !ok2 {
		return ""
	}
	return "implementer " + maker + " part " + part
}

// governor lists the frequency governors in use, "" where the system has no
// say in the frequency.
func (t tree) governor() string {
	paths, _ := fs.Glob(t.files, "sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor")
	var found []string
	for _, path := range paths {
		if g, ok := t.value(path); ok && !slices.Contains(found, g) {
			found = append(found, g)
		}
	}
	slices.Sort(found)
	return clean(strings.Join(found, ","))
}

// hugePages is which memory gets transparent huge pages: always, madvise or
// never.
func (t tree) hugePages() (string, bool) {
	value, _ := t.value("sys/kernel/mm/transparent_hugepage/enabled")
	return selected(value)
}

// smt reports whether threads share cores.
func (t tree) smt() (on, ok bool) {
	active, ok := t.number("sys/devices/system/cpu/smt/active")
	return active == 1, ok && active <= 1
}

// noTurbo is Intel's switch; others have cpufreq/boost.
const noTurbo = "sys/devices/system/cpu/intel_pstate/no_turbo"

// turbo reports whether cores may exceed their nominal frequency.
func (t tree) turbo() (on, ok bool) {
	if off, ok := t.number(noTurbo); ok {
		return off == 0, true
	}
	boost, ok := t.number("sys/devices/system/cpu/cpufreq/boost")
	return boost == 1, ok
}
