//go:build linux

package cgroup

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Limits bound a group; 0 is no bound.
type Limits struct {
	Memory uint64 // bytes
	Pids   uint64 // tasks
}

// Group is one container's folder in each place.
type Group struct {
	name string
	dirs []dir
}

// dir is one folder and what it can do.
type dir struct {
	path    string
	unified bool
	gives   []string
	home    *os.File
}

// Make makes the groups of a new container. A name that is taken is an error
// that is fs.ErrExist.
func (t *Tree) Make(name string, l Limits) (*Group, error) {
	g := &Group{name: name, dirs: make([]dir, 0, len(t.places))}
	for _, p := range t.places {
		d := dir{path: p.parent + "/" + name, unified: p.Unified, gives: p.gives, home: p.home}
		err := os.Mkdir(d.path, 0o755)
		if err == nil {
			g.dirs = append(g.dirs, d)
			err = d.limit(l)
		}
		if err != nil {
			return nil, cmp.Or(fmt.Errorf("make a control group: %w", err), g.Remove())
		}
	}
	return g, nil
}

// Named gives the groups of that name which something else makes, such as a
// container runtime: one in each hierarchy.
func (t *Tree) Named(name string) *Group {
	g := &Group{name: name}
	for _, h := range t.hierarchies {
		d := dir{path: filepath.Join(h.Mount, t.below, name), unified: h.Unified}
		if !h.Unified {
			d.gives = h.Controllers
		}
		for _, p := range t.places {
			if p.Unified && h.Unified {
				d.path, d.gives = filepath.Join(p.parent, name), p.gives
			}
		}
		g.dirs = append(g.dirs, d)
	}
	return g
}

// Path gives the group's path as a container runtime takes it: from the root
// of each hierarchy.
func (t *Tree) Path(name string) string {
	for _, p := range t.places {
		if p.Unified {
			return "/" + strings.Trim(strings.TrimPrefix(p.parent, p.Mount)+"/"+name, "/")
		}
	}
	return filepath.Join("/", t.below, name)
}

func (d dir) limit(l Limits) error {
	for _, c := range d.gives {
		var err error
		switch {
		case c == Memory && l.Memory > 0:
			err = d.limitMemory(l.Memory)
		case c == Pids && l.Pids > 0:
			err = d.write("pids.max", strconv.FormatUint(l.Pids, 10))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// limitMemory forbids swap too, where it is counted: a container that swaps
// would neither fail nor be fast.
func (d dir) limitMemory(bytes uint64) error {
	limit, swap, swapLimit := "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", strconv.FormatUint(bytes, 10)
	if d.unified {
		limit, swap, swapLimit = "memory.max", "memory.swap.max", "0"
	}
	if err := d.write(limit, strconv.FormatUint(bytes, 10)); err != nil {
		return err
	}
	if err := d.write(swap, swapLimit); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Around lets the calling thread, which must be locked and must not be the
// process's main thread, spawn a process that is born in the group. In version 2
// spawn is given the group's folder to pass to clone3, else -1.
func (g *Group) Around(spawn func(unified int) error) (err error) {
	unified := -1
	for _, d := range g.dirs {
		if d.unified {
			unified, err = unix.Open(d.path, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
			if err != nil {
				return fmt.Errorf("open the control group %s: %w", d.path, err)
			}
			defer unix.Close(unified)
			continue
		}
		if err := d.write("tasks", "0"); err != nil {
			return err
		}
		defer func() { err = cmp.Or(err, d.leave()) }()
	}
	return spawn(unified)
}

// leave takes the calling thread back to where our process is.
func (d dir) leave() error {
	if _, err := d.home.WriteString("0"); err != nil {
		return fmt.Errorf("leave the control group %s: %w", d.path, err)
	}
	return nil
}

// MemoryDir gives the folder in which the group's memory is counted, "" if
// none.
func (g *Group) MemoryDir() string {
	if d, ok := g.with(Memory); ok {
		return d.path
	}
	return ""
}

// OutOfMemory reports whether the kernel has killed a member for exceeding the
// group's limit.
func (g *Group) OutOfMemory() bool {
	d, ok := g.with(Memory)
	if !ok {
		return false
	}
	file := "memory.oom_control"
	if d.unified {
		file = "memory.events"
	}
	for line := range strings.Lines(d.read(file)) {
		if n, ok := strings.CutPrefix(line, "oom_kill "); ok {
			return strings.TrimSpace(n) != "0"
		}
	}
	return false
}

// CanFreeze reports whether Freeze works.
func (g *Group) CanFreeze() bool {
	_, ok := g.with(Freezer)
	return ok
}

// freezeWithin is how long the kernel may take to bring a group to a halt.
const freezeWithin = 5 * time.Second

// Freeze holds all members and waits until they stand still.
func (g *Group) Freeze() error {
	d, ok := g.with(Freezer)
	if !ok {
		return fmt.Errorf("freeze the control group %s: %w", g.name, errors.ErrUnsupported)
	}
	file, value, state, frozen := "freezer.state", "FROZEN", "freezer.state", "FROZEN"
	if d.unified {
		file, value, state, frozen = "cgroup.freeze", "1", "cgroup.events", "frozen 1"
	}
	if err := d.write(file, value); err != nil {
		return err
	}
	for until := time.Now().Add(freezeWithin); !strings.Contains(d.read(state), frozen); {
		if time.Now().After(until) {
			return fmt.Errorf("freeze the control group %s: it is not frozen after %v", g.name, freezeWithin)
		}
		time.Sleep(200 * time.Microsecond)
	}
	return nil
}

// Thaw lets all members go on.
func (g *Group) Thaw() error {
	d, ok := g.with(Freezer)
	if !ok {
		return fmt.Errorf("thaw the control group %s: %w", g.name, errors.ErrUnsupported)
	}
	return d.thaw()
}

func (d dir) thaw() error {
	if d.unified {
		return d.write("cgroup.freeze", "0")
	}
	return d.write("freezer.state", "THAWED")
}

func (g *Group) with(controller string) (dir, bool) {
	for _, d := range g.dirs {
		if slices.Contains(d.gives, controller) {
			return d, true
		}
	}
	return dir{}, false
}

// Kill kills all members.
func (g *Group) Kill() { kill(g.dirs) }

// Remove kills all members and removes the group. A group that is not there is
// removed already.
func (g *Group) Remove() error { return remove(g.dirs) }

// removeWithin is how long killed members may take to be gone.
const removeWithin = 5 * time.Second

// remove removes folders together: what holds the members of one may be
// another's, as being frozen is in version 1.
func remove(dirs []dir) error {
	for until := time.Now().Add(removeWithin); ; time.Sleep(time.Millisecond) {
		var left []dir
		var err error
		for _, d := range dirs {
			if e := unix.Rmdir(d.path); e != nil && e != unix.ENOENT {
				left = append(left, d)
				err = fmt.Errorf("remove the control group %s: %w", d.path, e)
			}
		}
		if err == nil || time.Now().After(until) {
			return err
		}
		dirs = left
		kill(dirs)
	}
}

func kill(dirs []dir) {
	for _, d := range dirs {
		d.kill()
	}
}

// kill does what it can: a member may be gone, or in another group, before it
// is reached, and remove looks again.
func (d dir) kill() {
	if slices.Contains(d.gives, Freezer) {
		defer d.thaw() // in version 1 the frozen die when they are let go
	}
	if d.unified && d.write("cgroup.kill", "1") == nil {
		return
	}
	own := os.Getpid() // never ourselves, should a thread of ours be stuck here
	for member := range strings.FieldsSeq(d.read("cgroup.procs")) {
		if pid, err := strconv.Atoi(member); err == nil && pid > 1 && pid != own {
			unix.Kill(pid, unix.SIGKILL)
		}
	}
}

func (d dir) write(file, value string) error {
	fd, err := unix.Open(d.path+"/"+file, unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open %s/%s: %w", d.path, file, err)
	}
	defer unix.Close(fd)
	if _, err := unix.Write(fd, []byte(value)); err != nil {
		return fmt.Errorf("write %s to %s/%s: %w", value, d.path, file, err)
	}
	return nil
}

// read gives the content of a file, "" where it cannot be read.
func (d dir) read(file string) string {
	b, err := os.ReadFile(d.path + "/" + file)
	if err != nil {
		return ""
	}
	return string(b)
}
