// Package host describes the machine that a run is measured on. It gives the
// machine's fingerprint for the run's environment, the doctor's findings on what
// disturbs or limits a measurement, readings of the machine's activity during a
// trial, and the memory that processes, control groups and the node use. Callers
// decide when to read.
//
// # The machine
//
// On Linux the machine is read from /proc and /sys, by functions that take the
// root folder, so that a test can lay out any machine as a tree of files. None of
// them fails: a value that can't be read or parsed is omitted from the
// fingerprint and unknown to the doctor. Other systems report only what the Go
// runtime and system calls tell.
//
// github.com/prometheus/procfs parses the other files. This package parses
//   - /proc/stat, since it is read beside each trial: for 64 processors procfs
//     takes 0.68 ms and 945 allocations, and this package 0.07 ms and 16
//     (BenchmarkStat);
//   - /proc/cpuinfo: procfs knows only the format of the architecture that it
//     was built for, does not read names of boards, and panics on a first line
//     without a value;
//   - /proc/self/limits: procfs reads only the soft limits;
//   - the capabilities in /proc/self/status: procfs panics on a fifth user ID,
//     and does not end on a list of all numbers of processors. Memory uses it
//     for this file, but only for real processes;
//   - /proc/zoneinfo: procfs does not read the free pages of each processor;
//   - files that hold one value, and those of control groups, which package
//     cgroup locates.
//
// # What memory costs
//
// Adding up RSS counts a page that k processes share k times, which overstates
// many small processes several times over. PSS counts it 1/k for each of them, so
// that a sum of PSS over processes that share among themselves counts each page
// once. Page tables are additional: no process shares them, PSS does not contain
// them, and for sparse address spaces, as WebAssembly runtimes reserve them, they
// can be as large as the memory itself. Neither PSS nor page tables include
// kernel stacks, namespaces, mounts and sockets. Cgroup includes most of these
// and Available includes all; their documentation describes their resolution.
//
// Readings of memory work on Linux; elsewhere they give an error that wraps
// errors.ErrUnsupported. All sizes are bytes.
//
// Sources: proc(5), the kernel's Documentation/filesystems/proc.rst and
// Documentation/admin-guide/cgroup-v1/memory.rst, cgroup-v2.rst.
package host

// State is the verdict of a finding.
type State string

// The states.
const (
	// OK: nothing to do.
	OK State = "ok"
	// Warn: the property adds noise, or sets a limit that a run may reach.
	// Figures must be published together with this condition.
	Warn State = "warn"
	// Bad: figures that depend on the property are unreliable.
	Bad State = "bad"
	// Unknown: the property could not be determined.
	Unknown State = "unknown"
)

// Finding is what the doctor says about one property of the machine. All texts
// are one line.
type Finding struct {
	// Name is a stable word with underscores, such as "huge_pages".
	Name  string `json:"name"`
	State State  `json:"state"`
	// Value is the property's value, "" if it is unknown.
	Value string `json:"value"`
	// Meaning is the effect on a measurement.
	Meaning string `json:"meaning"`
	// Remedy is what to do, "" if none is needed.
	Remedy string `json:"remedy,omitempty"`
	// Fix lists commands that apply the remedy when a superuser runs them; absent
	// if no command does. This package never runs them.
	Fix []Command `json:"fix,omitempty"`
}

// Command is one line for sh(1).
type Command struct {
	Run string `json:"run"`
	// Does is the command's effect, and how to undo it where that is not obvious.
	Does string `json:"does"`
}

// setFix sets the commands. The first is also the remedy if no other is set.
func (f *Finding) setFix(commands ...Command) {
	f.Fix = commands
	if f.Remedy == "" && len(commands) > 0 {
		f.Remedy = commands[0].Run
	}
}
