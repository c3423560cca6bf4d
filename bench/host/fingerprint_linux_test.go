package host

import (
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"edgebench/results"
)

func TestDescribe(t *testing.T) {
	want := map[string]results.Host{
		"laptop": {
			Kernel: "6.1.0-18-amd64", CPU: "Intel(R) Core(TM) i7-8550U CPU @ 1.80GHz", Memory: 16261036 << 10,
			ClockSource: "tsc", Governor: "powersave", Cgroup: "v2", Microcode: "0xf6",
			Distribution: "Debian GNU/Linux 12 (bookworm)", Libc: "glibc 2.36 (Debian GLIBC 2.36-9+deb12u4)",
			Settings: map[string]string{
				"mitigations": "auto,nosmt", "vulnerability.meltdown": "Mitigation: PTI", "timerslack_ns": "50000",
				"cgroup.cpu": "1.5 processors", "cgroup.pids": "10000 pids",
				"vm.max_map_count": "1048576", "vm.overcommit_memory": "0", "vm.swappiness": "60",
				"kernel.pid_max": "4194304", "kernel.threads-max": "126908", "kernel.randomize_va_space": "2",
				"RLIMIT_NOFILE": "1024/1048576", "RLIMIT_NPROC": "63454/63454",
				"RLIMIT_AS": "unlimited/unlimited", "RLIMIT_MEMLOCK": "2089037824/2089037824",
				settingHugePages: "always", settingSwap: "1023406080", settingSMT: "on", settingTurbo: "on",
				settingCapabilities: "0000000000000000",
			},
		},
		"microvm": {
			Kernel: "6.18.44", CPU: "Intel(R) Xeon(R) Processor", Memory: 24684092 << 10,
			ClockSource: "tsc", Virtual: "virtual machine (KVM)", Cgroup: "hybrid",
			Settings: map[string]string{
				"vm.max_map_count": "65530", "kernel.pid_max": "32768", "RLIMIT_NOFILE": "20000/20000",
				"kernel.randomize_va_space": "0", "cgroup.cpu": "0.5 processors", "cgroup.memory": "536870912 bytes",
				settingHugePages: "madvise", settingSwap: "0", settingSMT: "off",
				settingCapabilities: "000001fffeffffff",
			},
		},
		"container": {
			Kernel: "5.15.0-1051-aws", CPU: "Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz", Memory: 987654 << 10,
			ClockSource: "xen", Governor: "performance", Cgroup: "v2",
			Virtual: "container (docker) in a virtual machine (xen, Amazon EC2 t3.micro)",
			Settings: map[string]string{
				"vm.max_map_count": "262144", "kernel.pid_max": "4194304", "RLIMIT_NOFILE": "1048576/unlimited",
				settingHugePages: "never", settingSwap: "536866816", settingTurbo: "off",
				settingCapabilities: "00000000a80425fb",
			},
		},
		"board": {
			Kernel: "5.10.0-arm64", CPU: "implementer 0x41 part 0xd08", Memory: 3884360 << 10,
			ClockSource: "arch_sys_counter", Governor: "ondemand,schedutil", Cgroup: "v1",
			Settings: map[string]string{},
		},
	}
	for _, name := range machines {
		got := described(lay(t, machine(t, name)))
		if diff := cmp.Diff(want[name], got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
		printableHost(t, got)
	}
}

// Firmware names tell virtual machines from hardware of the same makers.
func TestVirtualProduct(t *testing.T) {
	cases := map[[2]string]bool{
		{"Amazon EC2", "m5.large"}:                     true,
		{"Amazon EC2", "u-6tb1.112xlarge"}:             true,
		{"Amazon EC2", "m5.metal"}:                     false,
		{"Amazon EC2", "c7g.metal-48xl"}:               false,
		{"QEMU", "Standard PC (i440FX + PIIX, 1996)"}:  true,
		{"Microsoft Corporation", "Virtual Machine"}:   true,
		{"Microsoft Corporation", "Surface Laptop 3"}:  false,
		{"Google", "Google Compute Engine"}:            true,
		{"Google", "Eve"}:                              false,
		{"innotek GmbH", "VirtualBox"}:                 true,
		{"VMware, Inc.", "VMware Virtual Platform"}:    true,
		{"Apple Inc.", "Apple Virtualization Generic"}: true,
		{"Apple Inc.", "MacBookPro16,1"}:               false,
		{"Dell Inc.", "PowerEdge R740"}:                false,
		{"Xenon Corp.", "KVMachine 9000"}:              false,
		{"", ""}:                                       false,
	}
	for names, want := range cases {
		files := fstest.MapFS{
			"sys/class/dmi/id/sys_vendor":   {Data: []byte(names[0] + "\n")},
			"sys/class/dmi/id/product_name": {Data: []byte(names[1] + "\n")},
		}
		_, got := lay(t, files).virtualMachine()
		if got != want {
			t.Errorf("%q is a virtual machine: %v, want %v", names, got, want)
		}
	}
}

func TestContainer(t *testing.T) {
	const initialPID, ownPID = "pid:[4026531836]", "pid:[4026532300]"
	type files = map[string]string
	cases := []struct {
		name   string
		files  files
		engine string
		yes    bool
	}{
		{"nothing", files{}, unnamed, false},
		{"marker alone, namespaces unseen", files{".dockerenv": ""}, "docker", true},
		{"marker in the initial namespaces", files{".dockerenv": "", "proc/self/ns/pid": initialPID}, "docker", false},
		{"own namespace without a marker", files{"proc/self/ns/pid": ownPID}, unnamed, true},
		{"podman", files{"run/.containerenv": "", "proc/self/ns/pid": ownPID}, "podman", true},
		{"named by its manager", files{"run/systemd/container": "systemd-nspawn\n", "proc/self/ns/pid": ownPID}, "systemd-nspawn", true},
		{"named by its group", files{"proc/self/cgroup": "5:memory:/kubepods/besteffort/x\n", "proc/self/ns/pid": ownPID}, "kubepods", true},
		{"user namespace alone", files{"proc/self/ns/pid": initialPID, "proc/self/ns/user": "user:[4026532000]"}, unnamed, true},
	}
	for _, c := range cases {
		fsys := fstest.MapFS{}
		for path, text := range c.files {
			fsys[path] = &fstest.MapFile{Data: []byte(text)}
			if strings.Contains(path, "/ns/") {
				fsys[path].Mode = fs.ModeSymlink
			}
		}
		engine, yes := lay(t, fsys).container()
		if yes != c.yes || (yes && engine != c.engine) {
			t.Errorf("%s: %q, %v, want %q, %v", c.name, engine, yes, c.engine, c.yes)
		}
	}
}

func TestParseLimit(t *testing.T) {
	const title = "Max open files"
	cases := map[string]string{
		"Max open files            1024                 524288               files\n": "1024/524288",
		"Max open files  unlimited unlimited files":                                   "unlimited/unlimited",
		"Max open files 1":                      "",
		"Max open files -1 5 files":             "",
		"Max open filesystems 1 2":              "",
		" Max open files 1 2":                   "",
		"Max open files 1 99999999999999999999": "",
	}
	for text, want := range cases {
		got, ok := parseLimit(text, title)
		if ok != (want != "") || (ok && got.String() != want) {
			t.Errorf("%q: %v, %v, want %q", text, got, ok, want)
		}
	}
}

// The fingerprint of this machine agrees with what system calls tell.
func TestFingerprintOfThisMachine(t *testing.T) {
	h := Fingerprint(t.Context())
	var name unix.Utsname
	var info unix.Sysinfo_t
	var limit unix.Rlimit
	if unix.Uname(&name) != nil || unix.Sysinfo(&info) != nil || unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil {
		t.Fatal("no system calls to compare with")
	}
	if want := unix.ByteSliceToString(name.Release[:]); h.Kernel != want {
		t.Errorf("kernel %q, want %q", h.Kernel, want)
	}
	if want := uint64(info.Totalram) * uint64(info.Unit); h.Memory != want {
		t.Errorf("memory %d, want %d", h.Memory, want)
	}
	if want := limitText(limit.Max); !strings.HasSuffix(h.Settings["RLIMIT_NOFILE"], "/"+want) {
		t.Errorf("open files %q, want a hard limit of %s", h.Settings["RLIMIT_NOFILE"], want)
	}
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err == nil && h.Cores != set.Count() {
		t.Errorf("%d cores, want %d", h.Cores, set.Count())
	}
	if h.OS != runtime.GOOS || h.Arch != runtime.GOARCH || h.CPU == "" || h.Settings["GOMAXPROCS"] == "" {
		t.Errorf("%+v", h)
	}
	printableHost(t, h)
}

func TestLibc(t *testing.T) {
	cases := []struct{ path, text, want string }{
		{"lib64/libc.so.6", "\x7fELF\x00GNU C Library (GNU libc) stable release version 2.34.\n", "glibc 2.34 (GNU libc)"},
		{"usr/lib/libc.so.6", "GNU C Library stable release version 2.5, by", "glibc 2.5"},
		{"lib/aarch64-linux-gnu/libc.so.6", "GNU C Library (Ubuntu GLIBC 2.39-0ubuntu8) stable release version 2.39.", "glibc 2.39 (Ubuntu GLIBC 2.39-0ubuntu8)"},
		{"lib/ld-musl-x86_64.so.1", "", "musl"},
		{"lib64/libc.so.6", "no banner", ""},
		{"lib64/libm.so.6", "GNU C Library stable release version 2.5.", ""},
	}
	for _, c := range cases {
		if got := lay(t, fstest.MapFS{c.path: {Data: []byte(c.text)}}).libc(); got != c.want {
			t.Errorf("%s with %q: %q, want %q", c.path, c.text, got, c.want)
		}
	}
}
