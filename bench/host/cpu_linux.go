package host

import (
	"slices"
	"strings"
)

// fastClocks are clock sources that a process reads without a system call, in
// some 20 to 50 ns. The others cost a microsecond and more each time.
var fastClocks = []string{"tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "arch_sys_counter", "riscv_clocksource", "timebase", "tod"}

func (t tree) checkClock() Finding {
	f := Finding{Name: "clock", State: OK,
		Meaning: "each reading of a slow clock costs a system call, which distorts every short time"}
	dir := "sys/devices/system/clocksource/clocksource0/"
	clock, ok := t.value(dir + "current_clocksource")
	f.Value = clock
	switch {
	case !ok:
		f.State = Unknown
	case !slices.Contains(fastClocks, clock):
		f.State = Bad
		f.Remedy = "boot with clocksource=tsc where the processor's counter is stable"
		if others, ok := t.value(dir + "available_clocksource"); ok {
			f.Remedy += " (available: " + others + ")"
			f.setFix(fasterClock(dir, others)...)
		}
	}
	return f
}

// fasterClock switches to the first fast clock of those that the kernel trusts.
func fasterClock(dir, available string) []Command {
	for _, clock := range fastClocks {
		if slices.Contains(strings.Fields(available), clock) {
			return []Command{{"echo " + clock + " > /" + dir + "current_clocksource", "read the clock without a system call"}}
		}
	}
	return nil
}

func (t tree) checkGovernor() Finding {
	f := Finding{Name: "governor", State: OK, Value: t.governor(),
		Meaning: "a power-saving governor runs the first microseconds of work at a low frequency"}
	switch f.Value {
	case "performance":
	case "":
		f.State = Unknown
		f.Value = "not under this system's control"
	default:
		f.State = Warn
		f.Remedy = "cpupower frequency-set -g performance"
		choices, ok := t.value("sys/devices/system/cpu/cpu0/cpufreq/scaling_available_governors")
		if !ok || slices.Contains(strings.Fields(choices), "performance") {
			f.setFix(Command{`for f in /sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor; do echo performance > "$f"; done`,
				"keep the processors at a high frequency"})
		}
	}
	return f
}

func (t tree) checkTurbo() Finding {
	f := Finding{Name: "turbo", State: OK,
		Meaning: "with turbo the frequency depends on heat and on how many cores work, so later trials may be slower"}
	on, ok := t.turbo()
	switch {
	case !ok:
		f.State = Unknown
		f.Value = "not under this system's control"
		return f
	case on:
		f.State = Warn
		run := "echo 0 > /sys/devices/system/cpu/cpufreq/boost"
		if t.exists(noTurbo) {
			run = "echo 1 > /" + noTurbo
		}
		f.setFix(Command{run, "stay at the nominal frequency"})
	}
	f.Value = onOff(on)
	return f
}

func (t tree) checkSMT() Finding {
	f := Finding{Name: "smt", State: OK,
		Meaning: "two threads on one core slow each other down, so figures for all cores are figures for threads"}
	on, ok := t.smt()
	switch {
	case !ok:
		f.State = Unknown
		return f
	case on:
		f.State = Warn
		f.Remedy = "echo off > /sys/devices/system/cpu/smt/control, or measure with taskset(1) on one thread a core"
		if control, _ := t.value("sys/devices/system/cpu/smt/control"); control == "on" {
			f.setFix(Command{"echo off > /sys/devices/system/cpu/smt/control", "leave one thread on each core; echo on undoes it"})
		}
	}
	f.Value = onOff(on)
	if machine, yes := t.virtualMachine(); yes && !on {
		f.Value += ", as far as a virtual machine (" + machine + ") can tell"
	}
	return f
}

func (t tree) checkMachine() Finding {
	f := Finding{Name: "machine", State: OK, Value: "no hypervisor",
		Meaning: "page faults and system calls cost more under a hypervisor, and other virtual machines are invisible"}
	if name, yes := t.virtualMachine(); yes {
		f.State, f.Value = Warn, "virtual machine ("+name+")"
		f.Remedy = "publish this with the figures; measure on hardware if absolute figures matter"
	}
	return f
}

func (t tree) checkContainer() Finding {
	f := Finding{Name: "container", State: OK, Value: "none",
		Meaning: "the container that the suite runs in hides other processes, and its limits and seccomp filter affect all measurements"}
	if engine, yes := t.container(); yes {
		f.State, f.Value = Warn, "container ("+engine+")"
		f.Remedy = "measure outside the container, or give it --privileged, --pid=host and --cgroupns=host"
	} else if marker, marked := t.containerMarker(); marked {
		f.Value = "none, though files of an image (" + marker + ") are there"
	}
	return f
}
