//go:build linux

package cgroup

import (
	"io/fs"
	"path/filepath"
	"strings"
)

// Sweep kills and removes every group, in every hierarchy and at any depth,
// whose name matches.
func (t *Tree) Sweep(matches func(name string) bool) error {
	var dirs []dir
	for _, h := range t.hierarchies {
		for _, path := range h.find(matches) {
			d := dir{path: path, unified: h.Unified, gives: h.Controllers}
			if h.Unified {
				d.gives = []string{Freezer}
			}
			dirs = append(dirs, d)
		}
	}
	return remove(dirs)
}

// find lists matching folders and all folders within them, the inner before the outer.
// What disappears while it looks, or is not for us to see, is left out.
func (h Hierarchy) find(matches func(name string) bool) (paths []string) {
	within := "" // the last matching folder, with a slash
	filepath.WalkDir(h.Mount, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return fs.SkipDir
		}
		inner := within != "" && strings.HasPrefix(path, within)
		if !e.IsDir() || !inner && !matches(e.Name()) {
			return nil
		}
		if !inner {
			within = path + "/"
		}
		paths = append([]string{path}, paths...)
		return nil
	})
	return paths
}
