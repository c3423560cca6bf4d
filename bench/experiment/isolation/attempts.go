package isolation

import (
	"strings"
	"time"
)

// Group is what attempts aim at.
type Group string

// The groups, in the order in which they are shown.
const (
	GroupGiven      Group = "given"
	GroupFiles      Group = "files"
	GroupMemory     Group = "memory"
	GroupKernel     Group = "kernel"
	GroupNeighbours Group = "neighbours"
	GroupExhaustion Group = "exhaustion"
	GroupKnowledge  Group = "knowledge"
)

// Groups lists them.
func Groups() []Group {
	return []Group{GroupGiven, GroupFiles, GroupMemory, GroupKernel, GroupNeighbours, GroupExhaustion, GroupKnowledge}
}

// Goal is what an attacker has won with an attempt that is allowed.
type Goal string

// The goals. An attempt without one tells of the surface alone.
const (
	NoGoal        Goal = ""
	HostFile      Goal = "a host file"
	Tenant        Goal = "another tenant"
	HostResources Goal = "the host's resources"
	HostKnowledge Goal = "knowledge of the host"
)

// Goals lists the goals.
func Goals() []Goal { return []Goal{HostFile, Tenant, HostResources, HostKnowledge} }

// reach says how it is found out whether an attempt has reached its goal.
type reach int

const (
	// succeeds: all calls succeeded.
	succeeds reach = iota
	// readsSecret: the secret of the world is among what was read.
	readsSecret
	// changesFile: a file that the guest must not change has changed.
	changesFile
	// readsMark: the mark of another instance is among what was read.
	readsMark
	// differs: what was read is not the word of the request.
	differs
	// knows: a fact of the host is among what was read.
	knows
	// uses: the whole budget was used.
	uses
)

// Attempt is one question.
type Attempt struct {
	Group Group
	Name  string
	// Explanation is a sentence for people.
	Explanation string
	Goal        Goal

	// steps are the requests, with the places of world.fill.
	steps  []string
	former []string // see agent.Attempt
	tenant []string
	beside string
	own    bool
	reach  reach
	fact   string // of knows: a key of world.facts
	// deadline of each step; 0 is patience.
	deadline time.Duration
	// crowded says that neighbours are watched where the effort asks for them.
	crowded bool
	// counts says that the answer begins with a number of system calls.
	counts bool
	// offered says that the first step asks whether the system has what the attempt
	// needs.
	offered bool
}

// Attempts lists all attempts, by group and in the order in which they are shown.
func Attempts() []Attempt {
	var all []Attempt
	for _, list := range [][]Attempt{given, files, memory, kernel, neighbours, exhaustion, knowledge} {
		all = append(all, list...)
	}
	return all
}

// given are not attempts: what the policy gives must be there, else a denial says
// nothing.
var given = []Attempt{
	{Group: GroupGiven, Name: "read", Explanation: "read a file of the folder that may be read", steps: []string{"read {ro}/given"}},
	{Group: GroupGiven, Name: "write", Explanation: "write a file in the folder that may be written to", steps: []string{"write {rw}/new text"}},
	{Group: GroupGiven, Name: "variable", Explanation: "read the variable of the environment", steps: []string{"environ"}, reach: knows, fact: factVariable},
}

// longPath is how often the path of symlink-slash-race leaves a folder that it has
// entered.
const longPath = 200

// files have the folder {ro} to read and {rw} to write to; {outside} lies beside them.
var files = []Attempt{
	{Group: GroupFiles, Name: "absolute-path", Explanation: "read a file outside by its path on the host", Goal: HostFile, steps: []string{"read {outside}/canary"}, reach: readsSecret},
	{Group: GroupFiles, Name: "dots", Explanation: "read it through ..", Goal: HostFile, steps: []string{"read {ro}/../outside/canary"}, reach: readsSecret},
	{Group: GroupFiles, Name: "dots-writable", Explanation: "read it through .. from the folder that may be written to", Goal: HostFile, steps: []string{"read {rw}/../outside/canary"}, reach: readsSecret},
	{Group: GroupFiles, Name: "absolute-symlink", Explanation: "read it through a symbolic link in the folder with an absolute target", Goal: HostFile, steps: []string{"read {ro}/absolute-link"}, reach: readsSecret},
	{Group: GroupFiles, Name: "relative-symlink", Explanation: "read it through a symbolic link in the folder with a relative target", Goal: HostFile, steps: []string{"read {ro}/relative-link"}, reach: readsSecret},
	{Group: GroupFiles, Name: "made-symlink", Explanation: "make a symbolic link to it, and read through that", Goal: HostFile, steps: []string{"symlink ../outside/canary {rw}/made-link", "read {rw}/made-link"}, reach: readsSecret},
	{Group: GroupFiles, Name: "made-absolute-symlink", Explanation: "the same with an absolute target", Goal: HostFile, steps: []string{"symlink {outside}/canary {rw}/made-link", "read {rw}/made-link"}, reach: readsSecret},
	{Group: GroupFiles, Name: "symlink-slash", Explanation: "open a folder outside through a symbolic link with a slash behind its name", Goal: HostFile, steps: []string{"symlink ../outside {rw}/folder-link", "read-in {rw}/folder-link/ canary"}, reach: readsSecret},
	{Group: GroupFiles, Name: "symlink-slash-make", Explanation: "make a folder outside through a symbolic link with a slash behind its name", Goal: HostFile, steps: []string{"symlink ../outside/made {rw}/made-link", "make-folder {rw}/made-link/"}, reach: changesFile},
	{Group: GroupFiles, Name: "symlink-target-slash", Explanation: "read it through a symbolic link whose target ends with a slash", Goal: HostFile, steps: []string{"symlink ../outside/ {rw}/slashed", "read {rw}/slashed/canary"}, reach: readsSecret},
	{Group: GroupFiles, Name: "hard-link", Explanation: "link a file that may only be read into the writable folder, and write to it", Goal: HostFile, steps: []string{"link {ro}/given {rw}/linked", "write {rw}/linked changed"}, reach: changesFile},
	{Group: GroupFiles, Name: "rename", Explanation: "move a file that may only be read into the writable folder", Goal: HostFile, steps: []string{"rename {ro}/given {rw}/moved"}, reach: changesFile},
	{Group: GroupFiles, Name: "truncate", Explanation: "truncate a file that may only be read, by opening it to read", Goal: HostFile, steps: []string{"truncate {ro}/given"}, reach: changesFile},
	{Group: GroupFiles, Name: "names-truncate", Explanation: "truncate a file that may only be read, in a folder whose names may be changed", steps: []string{"open {names}/given", "truncate {names}/given"}, offered: true, reach: changesFile},
	{Group: GroupFiles, Name: "names-hard-link", Explanation: "link a file of such a folder into the writable one, and write to it", steps: []string{"open {names}/given", "link {names}/given {rw}/linked", "write {rw}/linked changed"}, offered: true, reach: changesFile},
	{Group: GroupFiles, Name: "names-rename", Explanation: "move a second name of a file of such a folder into the writable one, and write to it", steps: []string{"open {names}/given", "link {names}/given {names}/second", "rename {names}/second {rw}/moved", "write {rw}/moved changed"}, offered: true, reach: changesFile},
	{Group: GroupFiles, Name: "overwrite", Explanation: "write to a file that may only be read", Goal: HostFile, steps: []string{"write {ro}/given changed"}, reach: changesFile},
	{Group: GroupFiles, Name: "create", Explanation: "make a file in the folder that may only be read", Goal: HostFile, steps: []string{"write {ro}/made text"}, reach: changesFile},
	{Group: GroupFiles, Name: "remove", Explanation: "remove a file that may only be read", Goal: HostFile, steps: []string{"remove {ro}/given"}, reach: changesFile},
	{Group: GroupFiles, Name: "renumber", Explanation: "put the folder that may be read in the place of the writable one, and write", Goal: HostFile, steps: []string{"renumber {ro}/given {rw}/given", "write {rw}/made text"}, own: true, reach: changesFile},
	{Group: GroupFiles, Name: "zero-byte", Explanation: "open a name with a zero byte and more behind it", steps: []string{"read {ro}/given%00/../more"}},
	{Group: GroupFiles, Name: "rename-race", Explanation: "read a path while another instance exchanges a folder in it for a symbolic link", Goal: HostFile, steps: []string{"symlink ../outside {rw}/other", "make-folder {rw}/swapped", "write {rw}/swapped/canary inside", "race {rw}/swapped/canary {secret} 20000"}, beside: "swap {rw}/swapped {rw}/other {rw}/third 2001", reach: readsSecret},
	{Group: GroupFiles, Name: "symlink-slash-race", Explanation: "the same as symlink-slash, by a long path and while another instance renames files, which makes the kernel refuse to resolve the path", Goal: HostFile, steps: []string{"symlink ../outside {rw}/out", "symlink out/ {rw}/slashed", "make-folder {rw}/d", "write {rw}/one text", "write {rw}/two text", "race-in {rw}" + strings.Repeat("/d/..", longPath) + "/slashed canary {secret} 4000 {rw}/one {rw}/two"}, beside: "swap {rw}/one {rw}/two {rw}/three 100000", reach: readsSecret},
	{Group: GroupFiles, Name: "proc-self-root", Explanation: "read it through /proc/self/root", Goal: HostFile, steps: []string{"read /proc/self/root{outside}/canary"}, reach: readsSecret},
	{Group: GroupFiles, Name: "proc-1-root", Explanation: "read it through /proc/1/root", Goal: HostFile, steps: []string{"read /proc/1/root{outside}/canary"}, reach: readsSecret},
}

var memory = []Attempt{
	{Group: GroupMemory, Name: "out-of-bounds", Explanation: "read beyond the memory's end", Goal: Tenant, steps: []string{"peek 1"}},
	{Group: GroupMemory, Name: "far-out-of-bounds", Explanation: "read a gigabyte beyond the memory's end", Goal: Tenant, steps: []string{"peek 1024"}},
	{Group: GroupMemory, Name: "pointer-over-growth", Explanation: "read through a pointer that was kept while the memory grew, and find something else", steps: []string{"grow-under kept-word"}, own: true, reach: differs},
	{Group: GroupMemory, Name: "table-index", Explanation: "call a function by a number that is in no table", steps: []string{"call 999999"}},
	{Group: GroupMemory, Name: "table-type", Explanation: "call a function with another type than its own", steps: []string{"call "}},
	{Group: GroupMemory, Name: "other-instance", Explanation: "find what an instance beside this one has in its memory", Goal: Tenant, tenant: []string{"plant {hidden}"}, steps: []string{"scan {hidden}"}, own: true, reach: readsMark},
	{Group: GroupMemory, Name: "former-instance", Explanation: "find what an instance before this one had in its memory", Goal: Tenant, former: []string{"plant {hidden}"}, steps: []string{"scan {hidden}"}, own: true, reach: readsMark},
}

// kernel has system calls of which the arguments cannot succeed: allowed is a call whose
// arguments the kernel has looked at.
var kernel = []Attempt{
	systemCall("mount", "mount a file system of an unknown type"),
	systemCall("unshare", "make a namespace of an unknown kind"),
	systemCall("setns", "enter a namespace that is not there"),
	systemCall("ptrace", "trace a process that is not there"),
	systemCall("keyctl", "do an unknown thing to the kernel's keys"),
	systemCall("add_key", "add a key without a name"),
	systemCall("bpf", "do an unknown thing to the kernel's programs"),
	systemCall("userfaultfd", "handle page faults with an unknown option"),
	systemCall("io_uring", "make queues of system calls without a place for them"),
	systemCall("perf_event_open", "count events without saying which"),
	systemCall("process_vm_readv", "read the memory of a process that is not there"),
	systemCall("open_by_handle_at", "open a file by its number without one"),
	systemCall("init_module", "load a kernel module that is empty"),
	systemCall("sethostname", "give the host a name of a negative length"),
	systemCall("swapoff", "end swapping to a file without a name"),
	systemCall("personality", "ask for the execution domain"),
	{Group: GroupKernel, Name: "mknod", Explanation: "make a device that no driver has", steps: []string{"make-device {rw}/device"}},
	{Group: GroupKernel, Name: "raw-socket", Explanation: "open a raw socket", steps: []string{"raw-socket"}},
	{Group: GroupKernel, Name: "host-users", Explanation: "have the users of the host, and no user namespace of its own", steps: []string{"read /proc/self/uid_map"}, reach: knows, fact: factUsers},
	{Group: GroupKernel, Name: "proc-sys", Explanation: "open a setting of the kernel to write", Goal: HostResources, steps: []string{"open-write /proc/sys/kernel/core_pattern"}},
	{Group: GroupKernel, Name: "sysrq", Explanation: "open the kernel's emergency commands to write", Goal: HostResources, steps: []string{"open-write /proc/sysrq-trigger"}},
	{Group: GroupKernel, Name: "dev-mem", Explanation: "open the physical memory", Goal: HostResources, steps: []string{"open /dev/mem"}},
	{Group: GroupKernel, Name: "dev-kmsg", Explanation: "open the kernel's log", Goal: HostKnowledge, steps: []string{"open /dev/kmsg"}},
	{Group: GroupKernel, Name: "dev-kvm", Explanation: "open the hypervisor", Goal: HostResources, steps: []string{"open /dev/kvm"}},
	{Group: GroupKernel, Name: "reachable-calls", Explanation: "make some seventy harmless system calls with invalid arguments; the evidence has how many are not refused", steps: []string{"reachable"}, counts: true},
}

func systemCall(name, explanation string) Attempt {
	return Attempt{Group: GroupKernel, Name: name, Explanation: explanation, steps: []string{"system-call " + name}}
}

var neighbours = []Attempt{
	{Group: GroupNeighbours, Name: "list-processes", Explanation: "find a process of the host in /proc", Goal: HostKnowledge, steps: []string{"read /proc/{pid}/cmdline"}, reach: readsSecret},
	{Group: GroupNeighbours, Name: "read-process", Explanation: "read the environment of a process of the same user", Goal: Tenant, steps: []string{"read /proc/{pid}/environ"}, reach: readsSecret},
	{Group: GroupNeighbours, Name: "signal-process", Explanation: "be allowed to send signals to a process of the same user", Goal: Tenant, steps: []string{"probe-process {pid}"}},
	{Group: GroupNeighbours, Name: "engine-socket", Explanation: "connect to the socket of a container engine", Goal: HostResources, steps: []string{"connect-local /run/docker.sock"}},
	{Group: GroupNeighbours, Name: "shim-socket", Explanation: "connect to the socket of the engine's runtime", Goal: HostResources, steps: []string{"connect-local /run/containerd/containerd.sock"}},
	{Group: GroupNeighbours, Name: "control-group", Explanation: "open the list of the first control group's processes to write, as one who leaves its own does", Goal: HostResources, steps: []string{"open-write {group}"}},
	{Group: GroupNeighbours, Name: "control-group-list", Explanation: "read which processes are in the control group of another program", Goal: HostKnowledge, steps: []string{"read {group-list}"}, reach: knows, fact: factTenant},
	{Group: GroupNeighbours, Name: "control-group-join", Explanation: "open that list to write, as one who joins it does", Goal: HostResources, steps: []string{"open-write {group-list}"}},
	{Group: GroupNeighbours, Name: "control-group-limit", Explanation: "halve the limit of that control group", Goal: Tenant, steps: []string{"write {group-limit} 33554432"}, reach: changesFile},
	{Group: GroupNeighbours, Name: "shared-memory", Explanation: "read shared memory of another program (POSIX)", Goal: Tenant, steps: []string{"read {shm}"}, reach: readsSecret},
	{Group: GroupNeighbours, Name: "shared-segment", Explanation: "read shared memory of another program (System V)", Goal: Tenant, steps: []string{"read-shared {segment}"}, reach: readsSecret},
	{Group: GroupNeighbours, Name: "abstract-socket", Explanation: "connect to an abstract unix socket of another program", Goal: Tenant, steps: []string{"connect-local %00{abstract}"}, reach: readsSecret},
	{Group: GroupNeighbours, Name: "loopback", Explanation: "connect to a program that listens on the host's loopback interface", Goal: Tenant, steps: []string{"connect 127.0.0.1 {port}"}, reach: readsSecret},
	{Group: GroupNeighbours, Name: "namespace-loopback", Explanation: "connect to a program that listens on the loopback interface of another network namespace", Goal: Tenant, steps: []string{"connect 127.0.0.1 {namespace-port}"}, reach: readsSecret},
	{Group: GroupNeighbours, Name: "namespace-entered", Explanation: "enter that namespace first", Goal: Tenant, steps: []string{"connect-in /proc/{pid}/ns/net 127.0.0.1 {namespace-port}"}, own: true, reach: readsSecret},
	{Group: GroupNeighbours, Name: "host-address", Explanation: "connect to a program that listens on another address of the host", Goal: Tenant, steps: []string{"connect {address} {address-port}"}, reach: readsSecret},
}

// spinDeadline is when a computation is to be stopped that lasts for longer.
const spinDeadline = 250 * time.Millisecond

// exhaustion has budgets: numbers of milliseconds, MiB, calls, files and processes.
var exhaustion = []Attempt{
	{Group: GroupExhaustion, Name: "processor", Explanation: "compute for 0.8 s without a call of the host, against a deadline of 0.25 s", Goal: HostResources, steps: []string{"spin 800"}, reach: uses, deadline: spinDeadline, crowded: true},
	{Group: GroupExhaustion, Name: "memory", Explanation: "take 192 MiB", Goal: HostResources, steps: []string{"take-memory 192"}, own: true, reach: uses, crowded: true},
	{Group: GroupExhaustion, Name: "stack", Explanation: "call itself a million times", steps: []string{"recurse 1000000"}, reach: uses},
	{Group: GroupExhaustion, Name: "table", Explanation: "add two million elements to a table", Goal: HostResources, steps: []string{"grow-table 2000"}, own: true, reach: uses},
	{Group: GroupExhaustion, Name: "descriptors", Explanation: "open 2000 files", Goal: HostResources, steps: []string{"open-many {ro}/given 2000"}, reach: uses},
	{Group: GroupExhaustion, Name: "processes", Explanation: "start 100 processes", Goal: HostResources, steps: []string{"fork-many 100"}, reach: uses, crowded: true},
	{Group: GroupExhaustion, Name: "inodes", Explanation: "make 1000 files", Goal: HostResources, steps: []string{"make-many {rw}/many 1000"}, reach: uses},
	{Group: GroupExhaustion, Name: "disk", Explanation: "write 24 MiB to a file", Goal: HostResources, steps: []string{"fill-disk {rw}/large 24"}, reach: uses, crowded: true},
	{Group: GroupExhaustion, Name: "output", Explanation: "write 4 MiB to standard error", steps: []string{"complain 4"}, reach: uses},
	{Group: GroupExhaustion, Name: "clocks", Explanation: "read the clock 100,000 times", steps: []string{"clocks 100000"}, reach: uses, crowded: true},
	{Group: GroupExhaustion, Name: "polls", Explanation: "wait for nothing 1000 times", steps: []string{"polls 1000"}, reach: uses},
	{Group: GroupExhaustion, Name: "syncs", Explanation: "have a byte stored on the disk 10 times", steps: []string{"syncs {rw}/synced 10"}, reach: uses, crowded: true},
}

var knowledge = []Attempt{
	{Group: GroupKnowledge, Name: "environment", Explanation: "see a variable of the host's environment", Goal: HostKnowledge, steps: []string{"environ"}, reach: knows, fact: factEnvironment},
	{Group: GroupKnowledge, Name: "host-name", Explanation: "ask for the host's name", Goal: HostKnowledge, steps: []string{"host-name"}, reach: knows, fact: factHostName},
	{Group: GroupKnowledge, Name: "host-name-file", Explanation: "read the host's name in /proc/sys", Goal: HostKnowledge, steps: []string{"read /proc/sys/kernel/hostname"}, reach: knows, fact: factHostName},
	{Group: GroupKnowledge, Name: "user", Explanation: "be the same user as the harness", Goal: HostKnowledge, steps: []string{"user"}, reach: knows, fact: factUser},
	{Group: GroupKnowledge, Name: "mounts", Explanation: "find the host's paths among the mounts", Goal: HostKnowledge, steps: []string{"read /proc/self/mountinfo"}, reach: knows, fact: factPath},
	{Group: GroupKnowledge, Name: "clock", Explanation: "measure times below 0.1 ms", Goal: HostKnowledge, steps: []string{"clock"}, reach: knows, fact: factClock},
	{Group: GroupKnowledge, Name: "cpu", Explanation: "ask the processor for its model", Goal: HostKnowledge, steps: []string{"cpu"}, reach: knows, fact: factCPU},
	{Group: GroupKnowledge, Name: "cpu-file", Explanation: "read the processor's model in /proc/cpuinfo", Goal: HostKnowledge, steps: []string{"read /proc/cpuinfo"}, reach: knows, fact: factCPU},
	{Group: GroupKnowledge, Name: "addresses", Explanation: "list the host's addresses", Goal: HostKnowledge, steps: []string{"addresses"}, reach: knows, fact: factAddress},
}
