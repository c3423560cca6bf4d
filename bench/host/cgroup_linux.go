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

func hasWord(list, separator, word string) bool {
	return strings.Contains(separator+list+separator, separator+word+separator)
}
