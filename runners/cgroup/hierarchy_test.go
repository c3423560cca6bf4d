//go:build linux

package cgroup

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// Lines of /proc/self/mountinfo.
const (
	mountOfMemory  = "26 25 0:24 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
	mountOfCPU     = "27 25 0:25 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
	mountOfSystemd = "28 25 0:26 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd\n"
	mountOfUnified = "31 24 0:27 / /sys/fs/cgroup/unified rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
	mountOfOthers  = "20 1 0:3 / /proc rw - proc proc rw\n25 20 0:23 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n"
)

// machine is a root file system with mounts and with the groups of process 7.
func machine(mounts, groups string) fstest.MapFS {
	return fstest.MapFS{
		"proc/self/mountinfo": {Data: []byte(mounts)}, "proc/7/cgroup": {Data: []byte(groups)},
		"sys/fs/cgroup/unified/cgroup.controllers": {Data: []byte("cpuset memory\n")},
	}
}

func TestMounted(t *testing.T) {
	memory := Hierarchy{Mount: "/sys/fs/cgroup/memory", Root: "/", Controllers: []string{"rw", "memory"}}
	cpu := Hierarchy{Mount: "/sys/fs/cgroup/cpu", Root: "/", Controllers: []string{"rw", "cpu", "cpuacct"}}
	unified := Hierarchy{Mount: "/sys/fs/cgroup/unified", Root: "/", Controllers: []string{"cpuset", "memory"}, Unified: true}
	again := strings.ReplaceAll(mountOfMemory+mountOfUnified, "/sys/fs/cgroup", "/again")
	cases := []struct {
		name, mounts, version string
		want                  Hierarchies
	}{
		{"none", mountOfOthers, "", nil},
		{"v1", mountOfOthers + mountOfMemory + mountOfCPU, "v1", Hierarchies{memory, cpu}},
		{"v2", mountOfUnified, "v2", Hierarchies{unified}},
		{"v1 comes first", mountOfUnified + mountOfCPU + mountOfMemory, Hybrid, Hierarchies{cpu, memory, unified}},
		{"mounted twice", mountOfMemory + mountOfUnified + again, Hybrid, Hierarchies{memory, unified}},
	}
	for _, c := range cases {
		got, err := Mounted(machine(c.mounts, ""))
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" || got.Version() != c.version {
			t.Errorf("%s: version %q, want %q, %v\n%s", c.name, got.Version(), c.version, err, diff)
		}
	}
	if all, err := Mounted(fstest.MapFS{}); err == nil {
		t.Errorf("a machine without /proc has %+v", all)
	}
}

func TestWith(t *testing.T) {
	all, err := Mounted(machine(mountOfUnified+mountOfCPU, ""))
	if err != nil {
		t.Fatal(err)
	}
	for controller, want := range map[string]struct {
		mount string
		has   bool
	}{"cpu": {"/sys/fs/cgroup/cpu", true}, "memory": {"/sys/fs/cgroup/unified", true}, "pids": {"/sys/fs/cgroup/unified", false}} {
		if h, ok := all.With(controller); !ok || h.Mount != want.mount || h.Has(controller) != want.has {
			t.Errorf("groups for %s are at %q, %v, and have it: %v", controller, h.Mount, ok, h.Has(controller))
		}
	}
	if h, ok := (Hierarchies{all[0]}).With("memory"); ok {
		t.Errorf("groups for memory are at %q", h.Mount)
	}
}

// membership is that of a process with such a file.
func membership(t *testing.T, file string) Membership {
	t.Helper()
	of, err := Of(machine("", file), "7")
	if err != nil {
		t.Fatal(err)
	}
	return of
}

func TestDir(t *testing.T) {
	of := membership(t, "9:name=systemd:/init\nx\n1:\n4:memory:/a/b\n3:cpu,cpuacct:/c\n0::/user.slice/me\n")
	cases := []struct {
		h    Hierarchy
		want string
		ok   bool
	}{
		{Hierarchy{Mount: "/m", Root: "/", Controllers: []string{"rw", "memory"}}, "/m/a/b", true},
		{Hierarchy{Mount: "/m", Root: "/a", Controllers: []string{"rw", "memory"}}, "/m/b", true},
		{Hierarchy{Mount: "/m", Root: "/elsewhere", Controllers: []string{"rw", "memory"}}, "", false},
		{Hierarchy{Mount: "/m", Root: "/a/bc", Controllers: []string{"rw", "memory"}}, "", false},
		{Hierarchy{Mount: "/c", Root: "/", Controllers: []string{"rw", "cpu", "cpuacct"}}, "/c/c", true},
		{Hierarchy{Mount: "/s", Root: "/", Controllers: []string{"rw", "xattr", "name=systemd"}}, "/s/init", true},
		{Hierarchy{Mount: "/u", Root: "/", Unified: true}, "/u/user.slice/me", true},
		{Hierarchy{Mount: "/p", Root: "/", Controllers: []string{"rw", "pids"}}, "", false},
	}
	for _, c := range cases {
		if got, ok := c.h.Dir(of); got != c.want || ok != c.ok {
			t.Errorf("the folder in %+v is %q, %v; want %q, %v", c.h, got, ok, c.want, c.ok)
		}
	}
	if of, err := Of(machine("", ""), "8"); err == nil {
		t.Errorf("a process that is not there is in %+v", of)
	}
}

func TestEnclosing(t *testing.T) {
	v1 := Hierarchy{Mount: "/g/cpu", Root: "/", Controllers: []string{"rw", "cpu", "cpuacct"}}
	contained := Hierarchy{Mount: "/g/cpu", Root: "/docker/1", Controllers: v1.Controllers}
	v2 := Hierarchy{Mount: "/g", Root: "/", Unified: true}
	cases := []struct {
		name       string
		h          Hierarchy
		file, want string
	}{
		{"v2", v2, "0::/a.slice/b.scope\n", "/g/a.slice/b.scope /g/a.slice /g"},
		{"v2 at the root", v2, "0::/\n", "/g"},
		{"v1 beside v2", v1, "2:cpuacct,cpu:/x\n0::/y\n", "/g/cpu/x /g/cpu"},
		{"v1 of a container", contained, "2:cpu:/docker/1/x\n", "/g/cpu/x /g/cpu"},
		{"outside of what the mount shows", contained, "2:cpu:/docker/2/x\n", "/g/cpu"},
		{"above the namespace", v2, "0::/../../x\n", "/g/x /g"},
		{"another controller", v1, "2:memory:/x\n", ""},
		{"nonsense", v2, "::\nx\n0:", ""},
	}
	for _, c := range cases {
		if got := strings.Join(c.h.Enclosing(membership(t, c.file)), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	deep := v2.Enclosing(membership(t, "0::"+strings.Repeat("/a", 10*maxGroups)+"\n"))
	if len(deep) != maxGroups {
		t.Errorf("%d groups around one that lies deep, want %d", len(deep), maxGroups)
	}
}

// Whatever a machine's files hold, the folders lie below the mounts.
func FuzzMounted(f *testing.F) {
	f.Add(mountOfOthers+mountOfSystemd+mountOfCPU+mountOfUnified, "2:cpu:/a\n0::/b/../../c\n")
	f.Add("1 2 3 4 5 6 - cgroup2", "0::x")
	f.Add("1 1 0:1 / /.. rw - cgroup2 x \n", "0::/..")
	f.Add("1 1 0:1 .. x rw - cgroup x memory,\n", "::\n1:,:\n0::")
	f.Fuzz(func(t *testing.T, mounts, groups string) {
		files := machine(mounts, groups)
		of, err := Of(files, "7")
		if err != nil {
			t.Fatal(err)
		}
		all, _ := Mounted(files)
		for _, h := range all {
			for _, dir := range h.Enclosing(of) {
				if !fs.ValidPath(dir[1:]) && dir != "/" && strings.ToValidUTF8(dir, "") == dir {
					t.Errorf("%q is no folder", dir)
				}
				if !strings.HasPrefix(dir+"/", strings.TrimSuffix(h.Mount, "/")+"/") {
					t.Errorf("%q lies outside of %q", dir, h.Mount)
				}
			}
		}
	})
}
