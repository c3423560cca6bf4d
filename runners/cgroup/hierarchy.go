//go:build linux

package cgroup

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/moby/sys/mountinfo"
)

// Hierarchy is one mounted tree of groups.
type Hierarchy struct {
	// Mount is where it is mounted, as an absolute path.
	Mount string
	// Root is the group that is seen at the mount, by its path in the
	// hierarchy.
	Root string
	// Controllers are in version 1 those that all groups of this hierarchy
	// have, among the mount's other options; in version 2 those that the group
	// at the mount has.
	Controllers []string
	// Unified is true for version 2.
	Unified bool
}

// Hierarchies are those of a machine, version 1 first: a controller that is
// bound there is not to be had in version 2.
type Hierarchies []Hierarchy

// Mounted lists the hierarchies that this process sees, each once. files is the
// root file system, os.DirFS("/") or a test's.
func Mounted(files fs.FS) (Hierarchies, error) {
	mounts, err := mounted(files)
	if err != nil {
		return nil, fmt.Errorf("list the mounts of control groups: %w", err)
	}
	var all Hierarchies
	for _, m := range mounts {
		h := Hierarchy{Mount: path.Clean("/" + m.Mountpoint), Root: m.Root, Unified: m.FSType == "cgroup2"}
		if h.Unified { // without the file, the group has no controllers that can be known
			text, _ := read(files, strings.TrimPrefix(h.Mount, "/")+"/cgroup.controllers")
			h.Controllers = strings.Fields(text)
		} else {
			h.Controllers = strings.Split(m.VFSOptions, ",")
		}
		if !slices.ContainsFunc(all, h.same) {
			all = append(all, h)
		}
	}
	slices.SortStableFunc(all, func(a, b Hierarchy) int { return cmp.Compare(a.version(), b.version()) })
	return all, nil
}

// maxMounts bounds what is read of a table of mounts, in bytes. A machine with
// thousands of containers has some megabytes of it.
const maxMounts = 64 << 20

func mounted(files fs.FS) ([]*mountinfo.Info, error) {
	file, err := files.Open("proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return mountinfo.GetMountsFromReader(io.LimitReader(file, maxMounts), mountinfo.FSTypeFilter("cgroup", "cgroup2"))
}

func (h Hierarchy) same(o Hierarchy) bool {
	return h.Unified == o.Unified && (h.Unified || slices.Equal(h.Controllers, o.Controllers))
}

func (h Hierarchy) version() string {
	if h.Unified {
		return "v2"
	}
	return "v1"
}

// Hybrid is the Version of a machine that has both.
const Hybrid = "hybrid"

// Version is "v1", "v2" or Hybrid, "" where nothing is mounted.
func (all Hierarchies) Version() string {
	if len(all) == 0 {
		return ""
	}
	first, last := all[0].version(), all[len(all)-1].version()
	if first != last {
		return Hybrid
	}
	return first
}

// With gives the hierarchy in which groups for a controller are looked for: the
// one of version 1 that has it, else that of version 2, of which Has tells
// whether it really does.
func (all Hierarchies) With(controller string) (Hierarchy, bool) {
	for _, h := range all {
		if h.Unified || h.Has(controller) {
			return h, true
		}
	}
	return Hierarchy{}, false
}

// Has reports whether the hierarchy has the controller.
func (h Hierarchy) Has(controller string) bool { return slices.Contains(h.Controllers, controller) }

// Membership tells which group a process is in, for each hierarchy.
type Membership []member

// member is a line of /proc/PID/cgroup: the controllers of a hierarchy of
// version 1, nil for version 2, and the path of the process's group in it.
type member struct {
	controllers []string
	path        string
}

// Of reads the membership of a process, which is its ID or "self". A line that
// is none of cgroups(7) is left out.
func Of(files fs.FS, process string) (Membership, error) {
	text, err := read(files, "proc/"+process+"/cgroup")
	if err != nil {
		return nil, fmt.Errorf("find the control groups of process %s: %w", process, err)
	}
	var all Membership
	for line := range strings.Lines(text) {
		f := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		switch {
		case len(f) != 3:
		case f[1] != "":
			all = append(all, member{strings.Split(f[1], ","), f[2]})
		case f[0] == "0":
			all = append(all, member{nil, f[2]})
		}
	}
	return all, nil
}

// group gives the path of a process's group in the hierarchy.
func (h Hierarchy) group(of Membership) (string, bool) {
	for _, m := range of {
		missing := func(c string) bool { return !h.Has(c) }
		if h.Unified == (m.controllers == nil) && !slices.ContainsFunc(m.controllers, missing) {
			return m.path, true
		}
	}
	return "", false
}

// Dir gives the folder of a process's group. It has none where the group lies
// outside of what the mount shows, as it may in a container.
func (h Hierarchy) Dir(of Membership) (string, bool) {
	group, ok := h.group(of)
	if !ok {
		return "", false
	}
	inside, err := filepath.Rel(h.Root, group)
	if err != nil || inside == ".." || strings.HasPrefix(inside, "../") {
		return "", false
	}
	return path.Join(h.Mount, inside), true
}

// maxGroups bounds how deep groups may lie in one another.
const maxGroups = 64

// Enclosing lists the folders of a process's group and of the groups around it,
// the innermost first, as far as the mount shows them.
func (h Hierarchy) Enclosing(of Membership) []string {
	if _, ok := h.group(of); !ok {
		return nil
	}
	dir, ok := h.Dir(of)
	if !ok {
		dir = h.Mount
	}
	dirs := []string{dir}
	for dir != h.Mount && len(dirs) < maxGroups {
		dir = path.Dir(dir)
		dirs = append(dirs, dir)
	}
	return dirs
}

// maxText bounds what is read of one file about groups, in bytes.
const maxText = 1 << 20

func read(files fs.FS, name string) (string, error) {
	file, err := files.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxText))
	return string(text), err
}
