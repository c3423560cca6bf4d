//go:build linux

package cgroup

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/moby/sys/mountinfo"
	"golang.org/x/sys/unix"
)

// Controllers that a container is given groups of.
const (
	Memory  = "memory"
	Pids    = "pids"
	Freezer = "freezer" // in version 2 every group can freeze
)

// Tree is where groups are made on this machine.
type Tree struct {
	// hierarchies are all that are mounted: an engine makes groups in each.
	hierarchies []hierarchy
	// places are those in which we make groups.
	places []place
}

// hierarchy is one mounted tree of groups.
type hierarchy struct {
	mount string
	// root is the group that is seen at the mount.
	root string
	// controllers of version 1; in version 2 each group has its own.
	controllers []string
	unified     bool
}

// place is a folder in which groups are made, and what they control.
type place struct {
	hierarchy
	parent string
	// gives are those of our controllers that groups in this place have.
	gives []string
	// home is the file tasks of our own group, which a thread of ours writes
	// itself back to. Version 1 alone.
	home *os.File
}

// Discover finds the hierarchies and the places where this process may make
// groups.
func Discover() (*Tree, error) {
	hierarchies, err := mounted()
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, fmt.Errorf("find our own control groups: %w", err)
	}
	t := &Tree{hierarchies: hierarchies}
	wanted := []string{Memory, Pids, Freezer}
	// Version 1 first: what is bound there is not to be had in version 2.
	for _, unified := range []bool{false, true} {
		for _, h := range hierarchies {
			if h.unified != unified {
				continue
			}
			p, ok := h.place(string(b), wanted)
			if !ok {
				continue
			}
			t.places = append(t.places, p)
			wanted = slices.DeleteFunc(wanted, func(c string) bool { return slices.Contains(p.gives, c) })
		}
	}
	return t, nil
}

// Close lets go of our own groups' files.
func (t *Tree) Close() error {
	for _, p := range t.places {
		if p.home != nil {
			p.home.Close()
		}
	}
	return nil
}

// Has reports whether groups of this tree have the controller.
func (t *Tree) Has(controller string) bool {
	return slices.ContainsFunc(t.places, func(p place) bool { return slices.Contains(p.gives, controller) })
}

// Hybrid reports whether both versions are mounted.
func (t *Tree) Hybrid() bool {
	_, both := t.unifiedBeside()
	return both
}

// unifiedBeside gives the mount of version 2 and whether version 1 is mounted
// as well.
func (t *Tree) unifiedBeside() (mount string, both bool) {
	var one bool
	for _, h := range t.hierarchies {
		if h.unified {
			mount = h.mount
		} else {
			one = true
		}
	}
	return mount, one && mount != ""
}

// HideUnified detaches version 2 where version 1 is mounted too, in the mount
// namespace of the calling thread.
func (t *Tree) HideUnified() error {
	mount, both := t.unifiedBeside()
	if !both {
		return nil
	}
	return unix.Unmount(mount, unix.MNT_DETACH)
}

// String describes the tree in a few words for the environment's record.
func (t *Tree) String() string {
	if len(t.places) == 0 {
		return "none that we may use"
	}
	var parts []string
	for _, p := range t.places {
		version := "v1"
		if p.unified {
			version = "v2"
		}
		parts = append(parts, version+" "+strings.Join(p.gives, ","))
	}
	return strings.Join(parts, "; ")
}

// mounted lists the hierarchies, each once.
func mounted() ([]hierarchy, error) {
	infos, err := mountinfo.GetMounts(mountinfo.FSTypeFilter("cgroup", "cgroup2"))
	if err != nil {
		return nil, fmt.Errorf("list the mounts of control groups: %w", err)
	}
	var all []hierarchy
	for _, m := range infos {
		h := hierarchy{mount: m.Mountpoint, root: m.Root, unified: m.FSType == "cgroup2"}
		if !h.unified {
			h.controllers = strings.Split(m.VFSOptions, ",")
		}
		if !slices.ContainsFunc(all, h.same) {
			all = append(all, h)
		}
	}
	return all, nil
}

func (h hierarchy) same(o hierarchy) bool {
	return h.unified == o.unified && slices.Equal(h.controllers, o.controllers)
}

// place finds where in a hierarchy groups can be made that have some of the
// wanted controllers; own is the content of /proc/self/cgroup.
func (h hierarchy) place(own string, wanted []string) (place, bool) {
	if h.unified {
		return h.placeUnified(own, wanted)
	}
	p := place{hierarchy: h, parent: h.mount}
	for _, c := range wanted {
		if slices.Contains(h.controllers, c) {
			p.gives = append(p.gives, c)
		}
	}
	if len(p.gives) == 0 || unix.Access(p.parent, unix.W_OK) != nil {
		return p, false
	}
	home, ok := h.own(own)
	if !ok {
		return p, false
	}
	f, err := os.OpenFile(filepath.Join(home, "tasks"), os.O_WRONLY, 0)
	if err != nil {
		return p, false
	}
	p.home = f
	return p, true
}

// placeUnified walks up from our own group to one that hands down the wanted
// controllers, or else to the first that lets us make groups at all: they can
// be frozen and killed.
func (h hierarchy) placeUnified(own string, wanted []string) (place, bool) {
	home, ok := h.own(own)
	if !ok || len(wanted) == 0 {
		return place{}, false
	}
	var best place
	found := false
	for dir := home; strings.HasPrefix(dir, h.mount); dir = filepath.Dir(dir) {
		if !mayMake(dir) {
			continue
		}
		p := place{hierarchy: h, parent: dir, gives: handedDown(dir, wanted)}
		if !found || len(p.gives) > len(best.gives) {
			best, found = p, true
		}
	}
	return best, found && len(best.gives) > 0
}

// mayMake reports whether groups may be made in dir and processes moved there.
func mayMake(dir string) bool {
	return unix.Access(dir, unix.W_OK) == nil && unix.Access(filepath.Join(dir, "cgroup.procs"), unix.W_OK) == nil
}

// handedDown gives those of the wanted controllers that the children of dir
// have.
func handedDown(dir string, wanted []string) (gives []string) {
	b, err := os.ReadFile(filepath.Join(dir, "cgroup.subtree_control"))
	if err != nil {
		return nil
	}
	has := append(strings.Fields(string(b)), Freezer)
	for _, c := range wanted {
		if slices.Contains(has, c) {
			gives = append(gives, c)
		}
	}
	return gives
}

// own gives the folder of our own group, as far as the mount shows it.
func (h hierarchy) own(file string) (string, bool) {
	for line := range strings.Lines(file) {
		_, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		controllers, path, _ := strings.Cut(rest, ":")
		if !h.is(controllers) {
			continue
		}
		inside, err := filepath.Rel(h.root, path)
		if err != nil || strings.HasPrefix(inside, "..") {
			return "", false
		}
		return filepath.Join(h.mount, inside), true
	}
	return "", false
}

// is reports whether a line of /proc/self/cgroup with these controllers is
// about the hierarchy.
func (h hierarchy) is(controllers string) bool {
	if h.unified || controllers == "" {
		return h.unified && controllers == ""
	}
	for c := range strings.SplitSeq(controllers, ",") {
		if !slices.Contains(h.controllers, c) {
			return false
		}
	}
	return true
}
