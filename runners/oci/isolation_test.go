//go:build linux

package oci

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestIsolation(t *testing.T) {
	forEachMode(t, func(t *testing.T, mode string) {
		if mode == modeRunsc {
			t.Skip("gVisor's kernel answers in place of the host's, with errors and files of its own")
		}
		_, l := open(t, mode, 0)
		in := instantiate(t, l)
		t.Run("privileges", func(t *testing.T) { privileges(t, in) })
		t.Run("processes", func(t *testing.T) { processes(t, in) })
		t.Run("files", func(t *testing.T) { rootFileSystem(t, in) })
		t.Run("network", func(t *testing.T) { network(t, in) })
		t.Run("system-calls", func(t *testing.T) { systemCalls(t, in) })
	})
}

func privileges(t *testing.T, in *instance) {
	status := ask(t, in, "read /proc/self/status")
	for _, line := range []string{
		"CapInh:\t0000000000000000", "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000",
		"CapBnd:\t0000000000000000", "CapAmb:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2",
	} {
		if !strings.Contains(status, line) {
			t.Errorf("%q is missing from the status:\n%s", line, status)
		}
	}
	want := fmt.Sprint(nobody, nobody)
	if !privileged() {
		want = "0 0"
	}
	if got := ask(t, in, "user"); got != want {
		t.Errorf("user and group are %s, want %s", got, want)
	}
	if privileged() {
		if groups := ask(t, in, "read /proc/self/status"); !strings.Contains(groups, "Groups:\t \n") && !strings.Contains(groups, "Groups:\t\n") {
			t.Errorf("there are further groups:\n%s", groups)
		}
	}
}

func processes(t *testing.T, in *instance) {
	for name := range strings.FieldsSeq(ask(t, in, "list /proc")) {
		if strings.Trim(name, "0123456789") == "" && name != "1" {
			t.Errorf("process %s is visible", name)
		}
	}
	if got := ask(t, in, "host"); got != in.container.name {
		t.Errorf("the host name is %q, want %q", got, in.container.name)
	}
	if got := ask(t, in, "arguments"); got != "/workload" {
		t.Errorf("the arguments are %q", got)
	}
	for variable := range strings.FieldsSeq(ask(t, in, "environment")) {
		name, _, _ := strings.Cut(variable, "=")
		if name != "EDGEBENCH_CONTAINER" && name != "HOME" && name != "container" {
			t.Errorf("the environment has %q", variable)
		}
	}
	if got := ask(t, in, "read /proc/self/cgroup"); strings.Contains(got, "edgebench") {
		t.Errorf("the host's control groups are visible:\n%s", got)
	}
}

func rootFileSystem(t *testing.T, in *instance) {
	for name := range strings.FieldsSeq(ask(t, in, "list /")) {
		if !strings.Contains(" dev proc sys tmp workload ", " "+name+" ") {
			t.Errorf("/%s is visible", name)
		}
	}
	if got := ask(t, in, "files"); got != "0=pipe 1=pipe 2=pipe" {
		t.Errorf("the open files are %s", got)
	}
	cases := map[string]string{
		"write /x":                       "read-only file system",
		"write /workload":                "denied",
		"write /tmp/x":                   "ok",
		"write /dev/null":                "ok",
		"read /proc/kcore":               "error",
		"write /proc/sys/kernel/domain":  "error",
		"write /proc/sysrq-trigger":      "error",
		"read /proc/1/root/etc/passwd":   "no such file",
		"read /proc/1/cwd/../etc/passwd": "no such file",
	}
	for request, want := range cases {
		got := ask(t, in, request)
		if want == "denied" { // by its mode where the user is another, else by the mount
			if !strings.Contains(got, "permission denied") && !strings.Contains(got, "read-only") && !strings.Contains(got, "text file busy") {
				t.Errorf("%s: %s", request, got)
			}
		} else if !strings.Contains(got, want) && !(want == "error" && got == "") {
			t.Errorf("%s: %.100s, want %s", request, got, want)
		}
	}
	for line := range strings.Lines(ask(t, in, "read /proc/self/mountinfo")) {
		if at := strings.Fields(line)[4]; !strings.HasPrefix(at, "/dev") && !strings.HasPrefix(at, "/proc") && !strings.HasPrefix(at, "/sys") && at != "/" && at != "/tmp" {
			t.Errorf("a mount is visible: %s", line)
		}
	}
}

func network(t *testing.T, in *instance) {
	if got := ask(t, in, "interfaces"); got != "lo" {
		t.Errorf("the interfaces are %q", got)
	}
	for _, to := range []string{"tcp 192.0.2.1:80", "udp 192.0.2.1:53", "tcp 127.0.0.1:22"} {
		if got := ask(t, in, "dial "+to); !strings.HasPrefix(got, "error") {
			t.Errorf("dial %s: %s", to, got)
		}
	}
}

func systemCalls(t *testing.T, in *instance) {
	cases := map[string]struct {
		number int
		args   string
		want   string
	}{
		"mount":               {unix.SYS_MOUNT, "@tmpfs @/tmp @tmpfs 0 0", "EPERM"},
		"umount":              {unix.SYS_UMOUNT2, "@/tmp 2", "EPERM"},
		"pivot_root":          {unix.SYS_PIVOT_ROOT, "@/ @/", "EPERM"},
		"chroot":              {unix.SYS_CHROOT, "@/tmp", "EPERM"},
		"ptrace traceme":      {unix.SYS_PTRACE, "0 0 0 0", "EPERM"},
		"reboot (bad magic)":  {unix.SYS_REBOOT, "0 0 0 0", "EPERM"},
		"kexec_load":          {unix.SYS_KEXEC_LOAD, "0 0 0 0", "EPERM"},
		"init_module":         {unix.SYS_INIT_MODULE, "0 0 @", "EPERM"},
		"bpf":                 {unix.SYS_BPF, "0 0 0", "EPERM"},
		"perf_event_open":     {unix.SYS_PERF_EVENT_OPEN, "0 0 0 0 0", "EPERM"},
		"unshare user":        {unix.SYS_UNSHARE, fmt.Sprint(unix.CLONE_NEWUSER), "EPERM"},
		"setns":               {unix.SYS_SETNS, "0 0", "EPERM"},
		"clone of namespaces": {unix.SYS_CLONE, fmt.Sprint(unix.CLONE_NEWUSER | int(unix.SIGCHLD)), "EPERM"},
		"clone3":              {unix.SYS_CLONE3, "0 0", "function not implemented"},
		"keyctl":              {unix.SYS_KEYCTL, "0 0", "EPERM"},
		"io_uring_setup":      {unix.SYS_IO_URING_SETUP, "1 0", "EPERM"},
		"userfaultfd":         {unix.SYS_USERFAULTFD, "1", "EPERM"},
		"open_by_handle_at":   {unix.SYS_OPEN_BY_HANDLE_AT, "0 0 0", "EPERM"},
		"socket of a vsock":   {unix.SYS_SOCKET, fmt.Sprint(unix.AF_VSOCK, unix.SOCK_STREAM, 0), "EPERM"},
		"mknod of a disk":     {unix.SYS_MKNODAT, fmt.Sprint("0 @/tmp/disk ", unix.S_IFBLK|0o600, unix.Mkdev(8, 0)), "EPERM"},
		"getpid":              {unix.SYS_GETPID, "", "ok"},
	}
	for name, c := range cases {
		if got := ask(t, in, fmt.Sprintf("call %d %s", c.number, c.args)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
