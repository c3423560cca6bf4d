package host

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// scriptOf is what --fix prints for a machine of testdata.
func scriptOf(t testing.TB, name string, a access) string {
	t.Helper()
	return Script(lay(t, machine(t, name)).findings(idle, a))
}

func TestScript(t *testing.T) {
	a := rootAccess
	a.dialled, a.engine = errors.Join(os.ErrNotExist), engine{}
	got := scriptOf(t, "laptop", a)
	for _, want := range []string{
		"#!/bin/sh\n# Nothing of this has been run",
		"\n# governor: powersave\nfor f in /sys/",
		"\n# turbo: on\necho 1 > /sys/devices/system/cpu/intel_pstate/no_turbo  # stay",
		"\necho off > /sys/devices/system/cpu/smt/control  # leave one",
		"\nswapoff -a  # ",
		"\necho madvise > /sys/kernel/mm/transparent_hugepage/enabled  # ",
		"\necho max > '/sys/fs/cgroup/user.slice/cpu.max'  # lift the limit of 1.5 processors\n",
		"\necho max > '/sys/fs/cgroup/user.slice/user-1000.slice/pids.max'  # ",
		"\nsystemctl start docker  # ",
		"# No command applies this remedy: ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	for _, not := range []string{"max_map_count", "aslr", "clock"} {
		if strings.Contains(got, not) {
			t.Errorf("%s is in order, and in the script", not)
		}
	}
	got = scriptOf(t, "microvm", rootAccess)
	for _, want := range []string{
		"\nsysctl -w vm.max_map_count=1048576  # ", "\nsysctl -w kernel.pid_max=4194304  # ",
		"\nsysctl -w kernel.randomize_va_space=2  # ",
		"\necho -1 > '/sys/fs/cgroup/cpu/suite/cpu.cfs_quota_us'  # ",
		"\necho -1 > '/sys/fs/cgroup/memory/suite/memory.limit_in_bytes'  # ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if got := Script([]Finding{{Name: "x", State: OK}, {Name: "y", State: Unknown}}); !strings.Contains(got, "No finding needs a remedy") {
		t.Error(got)
	}
}

// What is printed is a script that sh(1) can read, of known commands alone.
func TestScriptIsOne(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh to read a script: install dash or bash")
	}
	for _, name := range machines {
		text := scriptOf(t, name, rootAccess)
		onlyMending(t, text)
		path := filepath.Join(t.TempDir(), "fix.sh")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(sh, "-n", path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s\n%s", name, err, out, text)
		}
	}
}

// onlyMending checks that each line is empty, a comment, or one of the commands
// that the doctor knows, whatever the machine's files hold.
func onlyMending(t testing.TB, script string) {
	t.Helper()
	for line := range strings.Lines(script) {
		command, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch command {
		case "", "#", "#!/bin/sh", "echo", "sysctl", "swapoff", "mount", "systemctl", "for":
		default:
			t.Errorf("the script has the line %q", line)
		}
	}
}

// A group's name can't leave its quotes.
func TestScriptOfHostileGroups(t *testing.T) {
	for _, name := range []string{"x'; reboot; '", "x\x1b[2J", "x  y"} {
		files := fstest.MapFS{
			"proc/self/mountinfo":                        {Data: []byte("31 24 0:27 / /g rw - cgroup2 cgroup2 rw\n")},
			"proc/self/cgroup":                           {Data: []byte("0::/" + name + "\n")},
			"g/" + strings.TrimSpace(name) + "/pids.max": {Data: []byte("5\n")},
		}
		f := lay(t, files).checkQuotas()
		wellFormed(t, f)
		if f.State != Warn || f.Fix != nil {
			t.Errorf("%q: %+v", name, f)
		}
	}
}

// Printing the script changes nothing: neither the machine's files nor, by a
// program of the path, anything else.
func TestScriptRunsNothing(t *testing.T) {
	dir := t.TempDir()
	witness := filepath.Join(dir, "ran")
	for _, program := range []string{"sh", "sysctl", "swapoff", "mount", "systemctl", "echo", "cpupower"} {
		text := "#!/bin/sh\necho " + program + " >> " + witness + "\n"
		if err := os.WriteFile(filepath.Join(dir, program), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	Script(Check(t.Context()))
	if text, err := os.ReadFile(witness); err == nil {
		t.Errorf("the doctor ran %q", text)
	}
}
