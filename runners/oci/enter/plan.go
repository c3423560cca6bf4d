//go:build linux

// Package enter is the part of a container's start that happens inside it:
// from the first instruction in the new namespaces to the exec of the workload.
//
// # How it comes to run
//
// A process that imports this package starts itself again through
// /proc/self/exe, as process 1 of a new process namespace, with the one
// environment variable Marker. An init function checks both and takes over: the
// program's own main never runs.
//
// Go initialises a package as soon as all its imports are ready, and ready packages
// in the order of their import paths. This package imports only syscall and time,
// not even golang.org/x/sys/unix. So it is initialised before most of the standard
// library and of the program: 0.5 ms after the runtime's start instead of 1.2 ms.
// `GODEBUG=inittrace=1` shows the order, and a test checks it.
//
// # What it does
//
// It reads a Plan from stdin, moves the process into its root file system, drops
// the rights that a workload does not need, writes a Report to stdout and executes
// the workload, so that no memory of this program stays in the container. The data
// after the plan on stdin and after the report on stdout is the workload's.
//
// # Why it is minimal
//
// This is the timed path of a container's start. It makes system calls directly and
// formats nothing; the caller has decided each mount, filter and limit.
package enter

import "time"

// Marker is the environment variable that, in process 1 of a process
// namespace, makes the init function of this package take over.
const Marker = "EDGEBENCH_OCI_ENTER"

// Environ is the environment to start /proc/self/exe with. One processor is
// enough for what is done here, and Go's start is shorter for it.
func Environ() []string { return []string{Marker + "=1", "GOMAXPROCS=1"} }

// Workload is the path of a native workload in its root file system, and its
// argv[0].
const Workload = "/workload"

// Name is the environment variable that tells a workload the name of its
// container, and everyone else to which container a process belongs.
const Name = "EDGEBENCH_CONTAINER"

// WorkloadEnviron is the environment of the workload, whoever starts it.
func WorkloadEnviron(name string) []string { return []string{Name + "=" + name} }

// Plan is what the process inside is told.
type Plan struct {
	// Args are the workload's command. One without a slash is looked for in the
	// folders of the variable PATH in Env.
	Args []string
	// Env is the workload's environment beside that of WorkloadEnviron.
	Env []string
	// Dir is its working folder, "" for the root.
	Dir string
	// Root is the absolute path of the folder that becomes "/".
	Root string
	// Folders of the host and the absolute paths at which the workload may read
	// them, in turn. The root file system has a folder at each path.
	Folders []string
	// Name of the container, which becomes its host name.
	Name string
	// ID is the user and group to become; the process keeps its own if it is
	// zero, as it must in a user namespace that has no other.
	ID uint32
	// Limits are set in their order.
	Limits []Limit
	// Filter is a seccomp program, an array of struct sock_filter.
	Filter []byte
	// Rehearsal ends the process after the report, without a workload.
	Rehearsal bool
}

// Limit is a resource limit, soft and hard alike.
type Limit struct {
	Resource uint32
	Value    uint64
}

// MaxPlan bounds an encoded plan, in bytes: it must fit into a pipe that
// nobody reads yet.
const MaxPlan = 32 << 10

// lengthSize is that of the length which precedes each variable part.
const lengthSize = 4

// Encode gives the plan as it goes through the pipe: its length, then its
// parts, all numbers little endian.
func (p *Plan) Encode() []byte {
	b := make([]byte, lengthSize, 1<<10)
	b = appendParts(b, p.Args)
	b = appendParts(b, p.Env)
	b = appendPart(b, p.Dir)
	b = appendPart(b, p.Root)
	b = appendParts(b, p.Folders)
	b = appendPart(b, p.Name)
	b = appendNumber(b, p.ID)
	b = appendNumber(b, uint32(len(p.Limits)))
	for _, l := range p.Limits {
		b = appendNumber(b, l.Resource)
		b = appendLong(b, l.Value)
	}
	b = appendPart(b, string(p.Filter))
	if p.Rehearsal {
		b = append(b, 1)
	} else {
		b = append(b, 0)
	}
	appendNumber(b[:0], uint32(len(b)-lengthSize))
	return b
}

// Numbers are written by hand: encoding/binary would bring package reflect.
func appendNumber(b []byte, n uint32) []byte {
	return append(b, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
}

func appendLong(b []byte, n uint64) []byte {
	return appendNumber(appendNumber(b, uint32(n)), uint32(n>>32))
}

func number(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

func appendPart(b []byte, part string) []byte {
	b = appendNumber(b, uint32(len(part)))
	return append(b, part...)
}

func appendParts(b []byte, parts []string) []byte {
	b = appendNumber(b, uint32(len(parts)))
	for _, part := range parts {
		b = appendPart(b, part)
	}
	return b
}

// decode takes a plan apart, without its leading length. It is false for what
// Encode did not make.
func decode(b []byte) (p Plan, ok bool) {
	r := reader{rest: b, ok: true}
	p.Args, p.Env = r.parts(), r.parts()
	p.Dir = string(r.part())
	p.Root = string(r.part())
	p.Folders = r.parts()
	p.Name = string(r.part())
	p.ID = r.number()
	for n := r.number(); n > 0 && r.ok; n-- {
		p.Limits = append(p.Limits, Limit{r.number(), uint64(r.number()) | uint64(r.number())<<32})
	}
	p.Filter = r.part()
	last := r.take(1)
	p.Rehearsal = r.ok && last[0] == 1
	return p, r.ok && len(r.rest) == 0
}

// reader reads what appendPart and its like wrote. It is not ok after it has
// come to the end too early.
type reader struct {
	rest []byte
	ok   bool
}

func (r *reader) take(n int) []byte {
	if !r.ok || n < 0 || n > len(r.rest) {
		r.ok = false
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) number() uint32 {
	if b := r.take(lengthSize); r.ok {
		return number(b)
	}
	return 0
}

func (r *reader) part() []byte { return r.take(int(r.number())) }

func (r *reader) parts() (all []string) {
	for n := r.number(); n > 0 && r.ok; n-- {
		all = append(all, string(r.part()))
	}
	return all
}

// Report is what the process inside says before it executes the workload, or
// instead of it.
type Report struct {
	// At is CLOCK_MONOTONIC when all was ready.
	At time.Duration
	// Failure is what could not be done, "" when all was.
	Failure string
}

// ReportSize is the length of a report without its Failure, in bytes.
const ReportSize = 12

func (r Report) encode() []byte {
	b := appendLong(nil, uint64(r.At))
	return appendPart(b, r.Failure)
}

// MaxFailure bounds the text of a failure, in bytes.
const MaxFailure = 1 << 10

// DecodeReport reads the fixed part of a report and gives the length of the
// Failure that follows it. It is false for what no report begins with.
func DecodeReport(b [ReportSize]byte) (r Report, failure int, ok bool) {
	r.At = time.Duration(uint64(number(b[:])) | uint64(number(b[4:]))<<32)
	n := number(b[8:])
	return r, int(n), n <= MaxFailure
}
