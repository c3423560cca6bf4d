package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"edgebench/runners/dockerhost"

	"golang.org/x/sys/unix"
)

// expect compares findings with "name state part of the value".
func expect(t *testing.T, found map[string]Finding, want ...string) {
	t.Helper()
	for _, line := range want {
		f := strings.SplitN(line, " ", 3)
		got, ok := found[f[0]]
		if !ok || string(got.State) != f[1] || (len(f) == 3 && !strings.Contains(got.Value, f[2])) {
			t.Errorf("%s is %s with %q, want %s", f[0], got.State, got.Value, line)
		}
	}
}

func TestFindings(t *testing.T) {
	user := access{uid: 1000, writable: func(string) bool { return false },
		pageCache: errors.New("needs root"), timer: fineTimer, socket: "/run/docker.sock", dialled: fs.ErrPermission}
	expect(t, judged(t, lay(t, machine(t, "laptop")), idle, user),
		"load ok 0.00 of 2 processors busy, load average 0.52", "steal ok 0.0 % now, 0.0 % since start",
		"clock ok tsc", "governor warn powersave", "turbo warn on", "smt warn on",
		"machine ok no hypervisor", "costs unknown", "container ok none", "memory warn 1024 of 15879 MiB",
		"swap warn 500 of 975 MiB in use", "huge_pages warn always", "map_count ok 1048576",
		"pid_max ok 4194304", "open_files ok 1024/1048576", "privileges warn user 1000 without CAP_SYS_ADMIN",
		"memory_pressure ok tasks waited for 0.00 %", "aslr ok kernel.randomize_va_space is 2",
		"timer ok resolution 1ns, a short wait ends 60µs late, slack 50µs", "storage_driver unknown",
		"cgroup_limits warn 1.5 processors by /sys/fs/cgroup/user.slice/cpu.max, 10000 pids by /sys/fs/cgroup/user.slice/user-1000.slice/pids.max",
		"density ok no modules in one process (memory)",
		"cgroups warn v2, /sys/fs/cgroup is not", "page_cache warn needs root", "docker warn permission")
	expect(t, judged(t, lay(t, machine(t, "microvm")), idle, rootAccess),
		"steal warn 4.9 % since start", "governor unknown", "turbo unknown",
		"smt ok off, as far as", "machine warn virtual machine (KVM)",
		"costs warn system call 1.12 µs, page fault 12.7 µs",
		"container ok none, though files of an image (docker)", "memory ok", "swap ok none", "huge_pages ok madvise",
		"density ok 16000 modules in one process (vm.max_map_count); 630000 modules on the node (memory); 6600 processes (open files); 2700 Docker containers (kernel.pid_max); 1023 of these on a bridge (ports of the bridge)",
		"map_count warn 65530", "pid_max warn 32768", "open_files warn 20000/20000",
		"privileges ok user 0 without CAP_SYS_RESOURCE", "cgroups ok hybrid, /sys/fs/cgroup/memory",
		"memory_pressure warn 4.12 %", "aslr warn 0", "storage_driver ok overlay2, engine 29.1",
		"cgroup_limits warn 0.5 processors by /sys/fs/cgroup/cpu/suite/cpu.cfs_quota_us, 536870912 bytes by",
		"page_cache ok can be dropped", "docker ok /run/docker.sock listens")
	contained := rootAccess
	contained.writable = user.writable
	expect(t, judged(t, lay(t, machine(t, "container")), idle, contained),
		"steal warn 12.5 % since start", "clock bad xen", "governor ok performance", "turbo ok off", "smt unknown",
		"machine warn virtual machine (xen, Amazon EC2 t3.micro)", "container warn container (docker)",
		"memory bad 120 of 964 MiB", "swap ok 0 of 511 MiB", "huge_pages ok never", "map_count ok 262144",
		"open_files ok 1048576/unlimited", "privileges warn user 0 without CAP_SYS_ADMIN", "cgroups warn v2")
	expect(t, judged(t, lay(t, machine(t, "board")), idle, rootAccess),
		"steal unknown", "clock ok arch_sys_counter", "governor warn ondemand,schedutil",
		"machine ok", "memory ok", "swap unknown", "map_count unknown", "open_files unknown",
		"privileges unknown", "cgroups warn v1 without a memory controller")
}

// A machine that shows nothing, not even a /proc, is one of which nothing is
// known.
func TestFindingsOfNothing(t *testing.T) {
	found := judged(t, at(t.TempDir()), cpuTimes{}, access{writable: func(string) bool { return true }})
	for name, f := range found {
		switch name {
		case "machine", "container", "page_cache": // judged by what is not there
		case "cgroups": // not mounted, as far as can be seen
			expect(t, found, "cgroups warn not mounted")
		default:
			if f.State != Unknown {
				t.Errorf("%s is %s with %q", name, f.State, f.Value)
			}
		}
	}
	if h := described(at(t.TempDir())); len(h.Settings) != 0 || h.Kernel+h.CPU+h.Virtual+h.Cgroup != "" {
		t.Errorf("%+v", h)
	}
}

func TestLoadAndSteal(t *testing.T) {
	files := machine(t, "laptop")
	cases := []struct {
		spent cpuTimes
		want  []string
	}{
		{cpuTimes{busy: 2, idle: 58, cpus: 2}, []string{"load ok 0.07", "steal ok"}},
		{cpuTimes{busy: 4, idle: 56, cpus: 2}, []string{"load warn 0.13 of 2", "steal ok"}},
		{cpuTimes{busy: 15, idle: 45, cpus: 2}, []string{"load bad 0.50 of 2"}},
		{cpuTimes{busy: 60, cpus: 2}, []string{"load bad 2.00 of 2"}},
		{cpuTimes{idle: 59, steal: 1, cpus: 2}, []string{"load ok", "steal warn 1.7 % now"}},
		{cpuTimes{idle: 50, steal: 10, cpus: 2}, []string{"steal bad 16.7 % now"}},
		{cpuTimes{cpus: 2}, []string{"load unknown", "steal unknown"}},
	}
	for _, c := range cases {
		expect(t, judged(t, lay(t, files), c.spent, rootAccess), c.want...)
	}
}

func TestCPUTimes(t *testing.T) {
	got := lay(t, machine(t, "microvm")).cpuTimes()
	want := cpuTimes{busy: 11493 + 7504 + 554, idle: 270399 + 1116, steal: 15108, cpus: 2}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if d := want.since(want); d.total() != 0 || d.cpus != 2 {
		t.Errorf("no time at all is %+v", d)
	}
	later := want
	later.busy += 7
	later.idle -= 3 // runs backwards
	if d := later.since(want); d.busy != 7 || d.idle != 0 {
		t.Errorf("%+v", d)
	}
	for _, text := range []string{"", "cpu", "cpu 1 2 3", "cpu -1 2 3 4 5 6 7 8", "cpu 1 2 3 4 5 6 7 99999999999999999999"} {
		if got := lay(t, fstest.MapFS{"proc/stat": {Data: []byte(text)}}).cpuTimes(); got.total() != 0 {
			t.Errorf("%q gives %+v", text, got)
		}
	}
}

func TestDockerSocket(t *testing.T) {
	for host, want := range map[string]string{
		dockerhost.Default: "/var/run/docker.sock", "unix:///x/y.sock": "/x/y.sock", "tcp://10.0.0.1:2375": "", "ssh://a": "",
	} {
		if got := dockerSocket(dockerhost.Address{Host: host}, nil); got != want {
			t.Errorf("%q names %q, want %q", host, got, want)
		}
	}
	if got := dockerSocket(dockerhost.Address{}, errors.New("broken")); got != "" {
		t.Errorf("an address that could not be found names %q", got)
	}
}

// Each way in which a socket can fail has advice of its own.
func TestDial(t *testing.T) {
	dir := t.TempDir()
	missing, deaf, good := filepath.Join(dir, "m"), filepath.Join(dir, "d"), filepath.Join(dir, "g")
	listener, err := net.Listen("unix", good)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: deaf, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	left.SetUnlinkOnClose(false)
	left.Close()
	for socket, want := range map[string]string{good: "", missing: "install", deaf: "no process listens"} {
		f := lay(t, fstest.MapFS{}).checkDocker(socket, dial(t.Context(), socket), engine{})
		wellFormed(t, f)
		if (f.State == OK) != (want == "") || !strings.Contains(f.Remedy, want) {
			t.Errorf("%s: %+v, want %q", socket, f, want)
		}
	}
	for err, want := range map[error]string{unix.EACCES: "group", unix.EIO: "answers"} {
		if f := lay(t, fstest.MapFS{}).checkDocker(good, fmt.Errorf("dial: %w", err), engine{}); !strings.Contains(f.Remedy, want) {
			t.Errorf("%v: %+v, want %q", err, f, want)
		}
	}
}

func TestCheckOfThisMachine(t *testing.T) {
	found := map[string]bool{}
	for _, f := range Check(t.Context()) {
		wellFormed(t, f)
		found[f.Name] = true
	}
	if len(found) != 26 {
		t.Errorf("%d findings, want 26", len(found))
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, f := range Check(cancelled) {
		wellFormed(t, f)
	}
}
