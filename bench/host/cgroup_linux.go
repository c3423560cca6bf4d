package host

import (
	"strings"

	"edgebench/runners/cgroup"
)

// hierarchies are those of control groups that are mounted, as far as that can
// be told.
func (t tree) hierarchies() cgroup.Hierarchies {
	all, err := cgroup.Mounted(t.files)
	if err != nil {
		return nil
	}
	return all
}

// ownGroups are the folders of this process's group for a controller and of
// the groups around it, the innermost first and as paths in the tree; nil where
// they can't be told.
func (t tree) ownGroups(controller string) []string {
	h, ok := t.hierarchies().With(controller)
	own, err := cgroup.Of(t.files, "self")
	if !ok || err != nil {
		return nil
	}
	dirs := h.Enclosing(own)
	for i, dir := range dirs {
		dirs[i] = strings.TrimPrefix(dir, "/")
	}
	return dirs
}
