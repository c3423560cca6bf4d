// Package host describes the machine that a run is measured on: its
// fingerprint, which stands in the run's environment; the doctor's findings,
// which say what on it disturbs or limits a measurement; what went on beside a
// trial; and what processes, control groups and the node as a whole take of
// its memory. It has no opinion on when to look.
//
// # The machine
//
// On Linux the machine is read from /proc and /sys, by functions that take the
// root folder, so that a test can lay out any machine as a tree of files. None
// of them fails: what can't be read, or is not what it should be, is left out
// of the fingerprint and unknown to the doctor. Elsewhere there is what the Go
// runtime and the system's own calls tell.
//
// github.com/prometheus/procfs parses what it can. Parsed here are
//   - /proc/stat, since it is read beside each trial: for 64 processors procfs
//     takes 0.68 ms and 945 allocations, and this package 0.07 ms and 16
//     (BenchmarkStat);
//   - /proc/cpuinfo: procfs knows the format of the architecture alone that it
//     was built for, has not the names of boards, and panics on a first line
//     without a value;
//   - /proc/self/limits, of which procfs has the soft limits alone;
//   - the capabilities in /proc/self/status: procfs panics on a fifth user ID,
//     and does not end on a list of all numbers of processors. Only of real
//     processes, by Memory, is it asked for this file;
//   - /proc/zoneinfo, of which procfs has not the free pages of each processor;
//   - files that hold one value, and those of control groups. Where these lie
//     is found by package cgroup.
//
// # What memory costs
//
// Adding up RSS counts a page that k processes share k times, which overstates
// many small processes several times over. PSS counts it 1/k for each of them,
// so that a sum of PSS over processes that share among themselves counts each
// page once. Page tables are on top of it: no process shares them, PSS does
// not contain them, and for sparse address spaces, as WebAssembly runtimes
// reserve them, they can be as large as the memory itself. Kernel stacks,
// namespaces, mounts and sockets are in neither; of those, Cgroup sees most
// and Available sees all, each with a grain of its own (see there).
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
	// Warn: it adds noise, or sets a limit that a run may reach. Figures hold
	// under this condition, which is to be stated with them.
	Warn State = "warn"
	// Bad: figures that depend on it are not to be trusted.
	Bad State = "bad"
	// Unknown: it could not be found out.
	Unknown State = "unknown"
)

// Finding is what the doctor says about one property of the machine. All texts
// are one line.
type Finding struct {
	// Name is a stable word with underscores, such as "huge_pages".
	Name  string `json:"name"`
	State State  `json:"state"`
	// Value is what was found, "" where nothing was.
	Value string `json:"value"`
	// Meaning is what that does to a measurement.
	Meaning string `json:"meaning"`
	// Mend is what to do about it, "" where nothing is to be done.
	Mend string `json:"mend,omitempty"`
	// Fix is what a superuser can run to mend it at once; absent where no
	// command does. Nothing here runs them.
	Fix []Command `json:"fix,omitempty"`
}

// Command is one line for sh(1).
type Command struct {
	Run string `json:"run"`
	// Does is what it does, and how to take it back where that is not plain.
	Does string `json:"does"`
}

// mendBy sets the commands, which are also the advice where there is no other.
func (f *Finding) mendBy(commands ...Command) {
	f.Fix = commands
	if f.Mend == "" && len(commands) > 0 {
		f.Mend = commands[0].Run
	}
}
