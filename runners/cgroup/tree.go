//go:build linux

package cgroup

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

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
	hierarchies Hierarchies
	// places are those in which we make groups.
	places []place
	// below is the path of the group within which they are made, "" for none.
	below string
}

// place is a folder in which groups are made, and what they control.
type place struct {
	Hierarchy
	parent string
	// gives are those of our controllers that groups in this place have.
	gives []string
	// home is the file tasks of our own group, which a thread of ours writes
	// itself back to. Version 1 alone.
	home *os.File
}

// Discover finds the hierarchies and the places where this process may make
// groups. The groups have those of the controllers that are wanted, by default all
// three.
func Discover(wanted ...string) (*Tree, error) {
	if len(wanted) == 0 {
		wanted = []string{Memory, Pids, Freezer}
	}
	files := os.DirFS("/")
	hierarchies, err := Mounted(files)
	if err != nil {
		return nil, err
	}
	own, err := Of(files, "self")
	if err != nil {
		return nil, err
	}
	t := &Tree{hierarchies: hierarchies}
	wanted = slices.Clone(wanted)
	for _, h := range hierarchies {
		p, ok := h.place(own, wanted)
		if !ok {
			continue
		}
		t.places = append(t.places, p)
		wanted = slices.DeleteFunc(wanted, func(c string) bool { return slices.Contains(p.gives, c) })
	}
	return t, nil
}

// Below gives the tree whose groups are made within the group of a path, which is
// there in each place of version 1. Closing either tree closes both.
func (t *Tree) Below(path string) *Tree {
	inner := &Tree{hierarchies: t.hierarchies, places: slices.Clone(t.places), below: path}
	for i, p := range inner.places {
		if !p.Unified {
			inner.places[i].parent = filepath.Join(p.parent, path)
		}
	}
	return inner
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

// Divides reports whether groups of this tree have the controller and may have both
// processes and groups within them that have it too, as in version 1.
func (t *Tree) Divides(controller string) bool {
	return slices.ContainsFunc(t.places, func(p place) bool { return !p.Unified && slices.Contains(p.gives, controller) })
}

// CountsSwap reports whether groups of this tree can be kept from swapping. In version 2
// only a group that is not the root tells.
func (t *Tree) CountsSwap() bool {
	return slices.ContainsFunc(t.places, func(p place) bool {
		file := "memory.memsw.limit_in_bytes"
		if p.Unified {
			file = "memory.swap.max"
		}
		return slices.Contains(p.gives, Memory) &&
			(p.Unified && p.parent == p.Mount || unix.Access(filepath.Join(p.parent, file), unix.F_OK) == nil)
	})
}

// Hybrid reports whether both versions are mounted.
func (t *Tree) Hybrid() bool { return t.hierarchies.Version() == Hybrid }

// HideUnified detaches version 2 where version 1 is mounted too, in the mount
// namespace of the calling thread.
func (t *Tree) HideUnified() error {
	if !t.Hybrid() {
		return nil
	}
	return unix.Unmount(t.hierarchies[len(t.hierarchies)-1].Mount, unix.MNT_DETACH)
}

// String describes the tree in a few words for the environment's record.
func (t *Tree) String() string {
	if len(t.places) == 0 {
		return "none that we may use"
	}
	var parts []string
	for _, p := range t.places {
		parts = append(parts, p.version()+" "+strings.Join(p.gives, ","))
	}
	return strings.Join(parts, "; ")
}

// place finds where in a hierarchy groups can be made that have some of the
// wanted controllers. own is the membership of this process.
func (h Hierarchy) place(own Membership, wanted []string) (place, bool) {
	if h.Unified {
		return h.placeUnified(own, wanted)
	}
	p := place{Hierarchy: h, parent: h.Mount}
	for _, c := range wanted {
		if h.Has(c) {
			p.gives = append(p.gives, c)
		}
	}
	if len(p.gives) == 0 || unix.Access(p.parent, unix.W_OK) != nil {
		return p, false
	}
	home, ok := h.Dir(own)
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
func (h Hierarchy) placeUnified(own Membership, wanted []string) (place, bool) {
	if _, ok := h.Dir(own); !ok || len(wanted) == 0 {
		return place{}, false
	}
	var best place
	found := false
	for _, dir := range h.Enclosing(own) {
		if !mayMake(dir) {
			continue
		}
		p := place{Hierarchy: h, parent: dir, gives: handedDown(dir, wanted)}
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
