package limits

import (
	"bufio"
	"bytes"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"strconv"
	"strings"

	"edgebench/results"
	"edgebench/runners/cgroup"
)

// Read gives the limits of this process and of its node.
func Read() []Limit { return read(os.DirFS("/")) }

// Mapped gives the limits of this process on what it maps. It takes longer the more
// that is: some 30 ms for 65,530 mappings.
func Mapped() []Limit {
	r := reader{files: os.DirFS("/")}
	r.mapped(r.text("proc/self/limits"))
	return r.found
}

// addressSpace is what a process of amd64 and arm64 may map, in bytes, with page
// tables of four levels.
const addressSpace = 1 << 47

// bridgePorts is how many ports a bridge of Linux has: BR_MAX_PORTS less the number
// that is never given out.
const bridgePorts = 1<<10 - 1

// noLimit is the least value that stands for no limit of a control group in version
// 1, which rounds 2^63 down to pages.
const noLimit = math.MaxInt64 >> 1

// read reads the limits from a root file system. What cannot be read is left out.
func read(files fs.FS) []Limit {
	r := reader{files: files}
	r.process()
	r.tasks()
	r.memory()
	r.groups()
	r.bridges()
	return r.found
}

type reader struct {
	files fs.FS
	found []Limit
}

func (r *reader) add(l Limit) {
	if l.Most > 0 {
		r.found = append(r.found, l)
	}
}

func (r *reader) text(name string) string {
	b, err := fs.ReadFile(r.files, name)
	if err != nil {
		return ""
	}
	return string(b)
}

// number reads a file that holds one number, 0 for any other.
func (r *reader) number(name string) uint64 {
	n, _ := strconv.ParseUint(strings.TrimSpace(r.text(strings.TrimPrefix(name, "/"))), 10, 64)
	return n
}

// process reads the limits that each process has for itself.
func (r *reader) process() {
	limits := r.text("proc/self/limits")
	r.mapped(limits)
	r.add(Limit{Resource: results.ResourceFiles, Setting: "RLIMIT_NOFILE",
		Used: r.entries("proc/self/fd"), Most: softLimit(limits, "Max open files")})
	if open := strings.Fields(r.text("proc/sys/fs/file-nr")); len(open) == 3 {
		used, _ := strconv.ParseUint(open[0], 10, 64)
		most, _ := strconv.ParseUint(open[2], 10, 64)
		r.add(Limit{Resource: results.ResourceFiles, Setting: "fs.file-max", Used: used, Most: most, Node: true})
	}
}

// mapped reads the limits of what the process maps.
func (r *reader) mapped(limits string) {
	if size := field(r.text("proc/self/status"), "VmSize:"); size > 0 {
		l := Limit{Resource: results.ResourceAddressSpace, Setting: "TASK_SIZE", Used: size << 10, Most: addressSpace}
		if most := softLimit(limits, "Max address space"); most > 0 && most < addressSpace { // unlimited reads as 0
			l.Setting, l.Most = "RLIMIT_AS", most
		}
		r.add(l)
	}
	r.add(Limit{Resource: results.ResourceMaps, Setting: "vm.max_map_count",
		Used: r.lines("proc/self/maps"), Most: r.number("proc/sys/vm/max_map_count")})
}

// tasks reads how many processes and threads there may be.
func (r *reader) tasks() {
	_, total, _ := strings.Cut(r.text("proc/loadavg"), "/")
	total, _, _ = strings.Cut(total, " ")
	tasks, err := strconv.ParseUint(total, 10, 64)
	if err != nil {
		return
	}
	for _, name := range []string{"pid_max", "threads-max"} {
		r.add(Limit{Resource: results.ResourceProcesses, Setting: "kernel." + name, Used: tasks, Most: r.number("proc/sys/kernel/" + name), Node: true})
	}
	status := r.text("proc/self/status")
	if most := softLimit(r.text("proc/self/limits"), "Max processes"); most > 0 && bound(status) {
		r.add(Limit{Resource: results.ResourceProcesses, Setting: "RLIMIT_NPROC", Used: r.tasksOf(field(status, "Uid:")), Most: most, Node: true})
	}
}

// Capabilities with either of which RLIMIT_NPROC does not hold (clone(2)).
const capabilities = 1<<21 | 1<<24 // CAP_SYS_ADMIN, CAP_SYS_RESOURCE

// bound says whether RLIMIT_NPROC holds for a process with this status. It does not
// for root.
func bound(status string) bool {
	_, rest, _ := strings.Cut(status, "CapEff:")
	text, _, _ := strings.Cut(strings.TrimSpace(rest), "\n")
	effective, err := strconv.ParseUint(text, 16, 64)
	return field(status, "Uid:") != 0 && err == nil && effective&capabilities == 0
}

// tasksOf counts the threads of all processes of a user.
func (r *reader) tasksOf(uid uint64) (n uint64) {
	all, _ := fs.ReadDir(r.files, "proc")
	for _, e := range all {
		if _, err := strconv.Atoi(e.Name()); err != nil {
			continue
		}
		if status := r.text("proc/" + e.Name() + "/status"); strings.Contains(status, "Uid:") && field(status, "Uid:") == uid {
			n += field(status, "Threads:")
		}
	}
	return n
}

// memory reads what of the node's memory is not available.
func (r *reader) memory() {
	info := r.text("proc/meminfo")
	total, available := field(info, "MemTotal:")<<10, field(info, "MemAvailable:")<<10
	r.add(Limit{Resource: results.ResourceMemory, Setting: "MemTotal", Used: total - min(total, available), Most: total, Node: true})
}

// groups reads the limits of the control groups around this process.
func (r *reader) groups() {
	all, err := cgroup.Mounted(r.files)
	if err != nil {
		return
	}
	own, err := cgroup.Of(r.files, "self")
	if err != nil {
		return
	}
	for controller, c := range map[string]struct {
		resource results.Resource
		names    [][2]string
	}{
		cgroup.Memory: {results.ResourceMemory, [][2]string{{"memory.usage_in_bytes", "memory.limit_in_bytes"}, {"memory.current", "memory.max"}}},
		cgroup.Pids:   {results.ResourceProcesses, [][2]string{{"pids.current", "pids.max"}}},
	} {
		h, ok := all.With(controller)
		if !ok {
			continue
		}
		for _, dir := range h.Enclosing(own) {
			for _, name := range c.names {
				used, most := r.number(path.Join(dir, name[0])), r.number(path.Join(dir, name[1]))
				if most < noLimit {
					r.add(Limit{Resource: c.resource, Setting: path.Join(dir, name[1]), Used: used, Most: most, Node: true})
				}
			}
		}
	}
}

// bridges reads the number of ports of the bridge that has the most.
func (r *reader) bridges() {
	dirs, _ := fs.Glob(r.files, "sys/class/net/*/brif")
	var used uint64
	for _, dir := range dirs {
		used = max(used, r.entries(dir))
	}
	if len(dirs) > 0 {
		r.add(Limit{Resource: results.ResourceBridgePorts, Setting: "BR_MAX_PORTS", Used: used, Most: bridgePorts, Node: true})
	}
}

// lines counts the lines of a file, which may be long.
func (r *reader) lines(name string) (n uint64) {
	file, err := r.files.Open(name)
	if err != nil {
		return 0
	}
	defer file.Close()
	buffer := make([]byte, 64<<10)
	for {
		k, err := file.Read(buffer)
		n += uint64(bytes.Count(buffer[:k], []byte{'\n'}))
		if err != nil {
			return n
		}
	}
}

// entries counts what is in a folder.
func (r *reader) entries(dir string) uint64 {
	list, _ := fs.ReadDir(r.files, dir)
	return uint64(len(list))
}

// field gives the first number after a title at the beginning of a line, 0 for none.
func field(text, title string) uint64 {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, title); ok {
			words := strings.Fields(rest)
			if len(words) == 0 {
				return 0
			}
			n, _ := strconv.ParseUint(words[0], 10, 64)
			return n
		}
	}
	return 0
}

// softLimit gives a soft limit of /proc/PID/limits, 0 where there is none.
func softLimit(text, title string) uint64 { return field(text, title+" ") }

// Available is the node's MemAvailable in bytes, as the kernel tells it now.
func Available() (uint64, error) {
	file, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0, err
	}
	defer file.Close()
	lines := bufio.NewScanner(io.LimitReader(file, 4<<10))
	for lines.Scan() {
		if kib := field(lines.Text(), "MemAvailable:"); kib > 0 {
			return kib << 10, nil
		}
	}
	return 0, fs.ErrNotExist
}
