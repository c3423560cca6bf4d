package host

import (
	"context"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"edgebench/results"
)

// root is this machine.
func root() tree { return tree{os.DirFS("/")} }

func describe(_ context.Context, h *results.Host) { describeTree(root(), h) }

// describeTree fills in what the files of a machine tell.
func describeTree(t tree, h *results.Host) {
	h.Kernel, _ = t.value("proc/sys/kernel/osrelease")
	h.CPU = t.cpuModel()
	cpuinfo, _ := t.text("proc/cpuinfo")
	h.Microcode, _ = field(cpuinfo, "microcode")
	h.Memory, _ = t.meminfo("MemTotal")
	h.Distribution = t.distribution()
	h.Libc = t.libc()
	h.ClockSource, _ = t.value("sys/devices/system/clocksource/clocksource0/current_clocksource")
	h.Governor = t.governor()
	h.Virtual = t.surroundings()
	h.Cgroup = t.cgroups().version()
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
		value, ok := t.value(sysctl(name))
		set(name, value, ok)
	}
	limits, _ := t.text("proc/self/limits")
	for limit, title := range limitTitles {
		value, ok := parseLimit(limits, title)
		set(limit, value.String(), ok)
	}
	pages, ok := t.hugePages()
	set(SettingHugePages, pages, ok)
	swap, ok := t.meminfo("SwapTotal")
	set(SettingSwap, strconv.FormatUint(swap, 10), ok)
	smt, ok := t.smt()
	set(SettingSMT, onOff(smt), ok)
	turbo, ok := t.turbo()
	set(SettingTurbo, onOff(turbo), ok)
	status, _ := t.text("proc/self/status")
	capabilities, ok := field(status, "CapEff")
	set(SettingCapabilities, capabilities, ok)
	ksm, ok := t.value("sys/kernel/mm/ksm/run")
	set(SettingSamePages, ksm, ok)
	slack, ok := t.value("proc/self/timerslack_ns")
	set(SettingTimerSlack, slack, ok)
	t.mitigations(set)
	quotas, _ := t.quotas()
	slices.Reverse(quotas) // the tightest of each is set last
	for _, q := range quotas {
		set(SettingQuota+q.controller, q.String(), true)
	}
}

// mitigations gives what the kernel does about the processor's weaknesses,
// which is much of what system calls cost: as it was booted, and of each
// weakness that the processor has.
func (t tree) mitigations(set func(name, value string, ok bool)) {
	line, _ := t.text("proc/cmdline")
	for word := range strings.FieldsSeq(line) {
		if value, ok := strings.CutPrefix(word, SettingMitigations+"="); ok {
			set(SettingMitigations, clean(value), true)
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

// sysctl gives the path of a setting by its name in sysctl(8).
func sysctl(name string) string { return "proc/sys/" + strings.ReplaceAll(name, ".", "/") }

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

// meminfo reads a line of /proc/meminfo, in bytes.
func (t tree) meminfo(name string) (uint64, bool) {
	text, _ := t.text("proc/meminfo")
	value, ok := field(text, name)
	number, unit, _ := strings.Cut(value, " ")
	n, err := strconv.ParseUint(number, 10, 54)
	return n << 10, ok && err == nil && unit == "kB"
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
