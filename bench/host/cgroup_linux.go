package host

import (
	"path"
	"strings"

	"github.com/moby/sys/mountinfo"
)

// groups are the control group hierarchies that are mounted.
type groups struct{ mounts []*mountinfo.Info }

func (t tree) cgroups() groups {
	text, _ := t.text("proc/self/mountinfo")
	mounts, err := mountinfo.GetMountsFromReader(strings.NewReader(text), func(m *mountinfo.Info) (skip, stop bool) {
		return m.FSType != "cgroup" && m.FSType != "cgroup2", false
	})
	if err != nil {
		return groups{}
	}
	return groups{mounts}
}

// version is v1, v2 or hybrid, "" where nothing is mounted.
func (g groups) version() string {
	kinds := map[string]bool{}
	for _, m := range g.mounts {
		kinds[m.FSType] = true
	}
	switch {
	case kinds["cgroup"] && kinds["cgroup2"]:
		return "hybrid"
	case kinds["cgroup"]:
		return "v1"
	case kinds["cgroup2"]:
		return "v2"
	}
	return ""
}

// memory is the folder under which groups that account for memory are made,
// as an absolute path; "" where there is none. In a hybrid the controller is
// in one of the two, as a rule in v1.
func (g groups) memory(t tree) string {
	for _, m := range g.mounts {
		if m.FSType == "cgroup" && hasWord(m.VFSOptions, ",", "memory") {
			return m.Mountpoint
		}
	}
	for _, m := range g.mounts {
		controllers, _ := t.value(strings.TrimPrefix(path.Join(m.Mountpoint, "cgroup.controllers"), "/"))
		if m.FSType == "cgroup2" && hasWord(controllers, " ", "memory") {
			return m.Mountpoint
		}
	}
	return ""
}

// ownGroups are the folders of this process's group of a controller and of the
// groups around it, the innermost first and as paths in the tree; nil where
// they can't be told. A group that lies outside of what is mounted here, as in
// a container, is seen from the mount on.
func (t tree) ownGroups(controller string) []string {
	text, _ := t.text("proc/self/cgroup")
	lines := [2]string{} // by version, v2 first
	for line := range strings.Lines(text) {
		f := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		switch {
		case len(f) != 3:
		case f[0] == "0" && f[1] == "":
			lines[0] = f[2]
		case hasWord(f[1], ",", controller):
			lines[1] = f[2]
		}
	}
	kind, group := "cgroup2", lines[0]
	if lines[1] != "" {
		kind, group = "cgroup", lines[1]
	}
	for _, m := range t.cgroups().mounts {
		if m.FSType == kind && group != "" && (kind == "cgroup2" || hasWord(m.VFSOptions, ",", controller)) {
			below := strings.TrimPrefix(path.Clean(group)+"/", strings.TrimSuffix(m.Root, "/")+"/")
			return upTo(m.Mountpoint, below)
		}
	}
	return nil
}

// maxGroups bounds how deep groups may lie in one another.
const maxGroups = 64

// upTo lists a folder below a mount point and those around it, up to the mount
// point, without the leading slash.
func upTo(mount, below string) []string {
	mount = path.Clean("/" + mount)
	var dirs []string
	for dir := path.Join(mount, path.Clean("/"+below)); len(dirs) < maxGroups; dir = path.Dir(dir) {
		dirs = append(dirs, strings.TrimPrefix(dir, "/"))
		if dir == mount || dir == "/" {
			break
		}
	}
	return dirs
}

func hasWord(list, separator, word string) bool {
	return strings.Contains(separator+list+separator, separator+word+separator)
}
