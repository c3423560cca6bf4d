//go:build linux

package oci

import (
	"archive/tar"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestWorld makes one list of what a program finds, in each mode and in a container of
// Docker with the same restrictions, and compares it with that of runc.
func TestWorld(t *testing.T) {
	worlds := map[string][]string{}
	forEachMode(t, func(t *testing.T, mode string) {
		_, l := open(t, mode, 0)
		worlds[mode] = strings.Split(ask(t, instantiate(t, l), "world"), "\n")
	})
	t.Run("docker", func(t *testing.T) { worlds["docker"] = dockerWorld(t) })
	if worlds[modeRunc] == nil || !privileged() {
		t.Skip("there is no runc that may do all of this here: install it with scripts/setup-debian.sh and run as root")
	}
	// What may differ from runc, and why.
	allowed := map[string][]string{
		// The embedded container's root has neither devices nor set-user-ID programs.
		modeEmbedded: {"mount / root"},
		modeCrun:     {"device /dev/core"}, // crun links it also where runc does not
		// An engine gives files of its own for names and addresses, a PATH, control groups,
		// and no /tmp, and adds the user's group; its container is not ours.
		"docker": {"mount /", fmt.Sprintf("user %d:%d, groups", nobody, nobody), "device /dev/core", "variable", "limit of files", "writable /tmp/x", "readable /proc/timer_list"},
	}
	delete(worlds, modeRunsc) // gVisor's kernel answers in place of the host's
	for mode, found := range worlds {
		for _, line := range difference(found, worlds[modeRunc]) {
			if !slices.ContainsFunc(allowed[mode], func(prefix string) bool { return strings.HasPrefix(line[1:], prefix) }) {
				t.Errorf("%s: %s", mode, line)
			}
		}
	}
}

// TestWhatProgramsNeed asks in each mode for what programs of others were missing in
// containers.
func TestWhatProgramsNeed(t *testing.T) {
	cases := []struct{ source, request, want string }{
		{"https://github.com/moby/moby/issues/6880", "write /dev/stderr", "ok"},
		{"https://github.com/lensapp/lens-sandbox/issues/17", "list /dev/fd", "0 1 2"},
		{"https://github.com/cloudflare/containers/issues/252", "write /dev/shm/sem.x", "ok"},
		{"https://github.com/docker/cli/issues/2067", "list /dev/pts", "ptmx"},
		{"https://github.com/maelstrom-software/maelstrom/issues/169", "write /dev/ptmx", "ok"},
		{"https://github.com/Roblox/nomad-driver-containerd/issues/64", "loopback", "ok"},
		{"https://github.com/google/gvisor/issues/293", "environment", "HOME=/"},
		{"https://github.com/QuarkContainer/Quark/pull/403", "read /proc/meminfo", "MemTotal:"},
		{"https://github.com/GuillaumeGomez/sysinfo/pull/1715", "read /proc/cpuinfo", "processor"},
		{"https://github.com/rr-debugger/rr/pull/3059", "list /sys/devices/system/cpu", "cpu0"},
	}
	forEachMode(t, func(t *testing.T, mode string) {
		_, l := open(t, mode, 0)
		in := instantiate(t, l)
		for _, c := range cases {
			if got := ask(t, in, c.request); !strings.Contains(got, c.want) || strings.HasPrefix(got, "error") {
				t.Errorf("%s gives %.100q, want %q (%s)", c.request, got, c.want, c.source)
			}
		}
	})
}

// difference marks what only the first has by + and what only the second has by -.
func difference(a, b []string) (lines []string) {
	for _, line := range a {
		if !slices.Contains(b, line) {
			lines = append(lines, "+"+line)
		}
	}
	for _, line := range b {
		if !slices.Contains(a, line) {
			lines = append(lines, "-"+line)
		}
	}
	return lines
}

// dockerWorld asks the guest in a container of an engine.
func dockerWorld(t *testing.T) []string {
	if out, err := exec.CommandContext(t.Context(), "docker", "info").CombinedOutput(); err != nil {
		t.Skipf("no engine answers (%v, %.100s): start one with scripts/dockerd.sh start", err, out)
	}
	path, err := guest()
	if err != nil {
		t.Skipf("%v (a Go toolchain is needed)", err)
	}
	program, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var layer bytes.Buffer
	w := tar.NewWriter(&layer)
	if err := w.WriteHeader(&tar.Header{Name: "workload", Mode: 0o755, Size: int64(len(program))}); err != nil {
		t.Fatal(err)
	}
	w.Write(program)
	w.Close()
	name := fmt.Sprintf("edgebench-world-%d", os.Getpid())
	engine := func(stdin io.Reader, args ...string) []byte {
		cmd := exec.Command("docker", args...)
		var said bytes.Buffer
		cmd.Stdin, cmd.Stderr = stdin, &said
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("docker %s: %v: %s", args[0], err, said.String())
		}
		return out
	}
	engine(&layer, "import", "-", name)
	defer engine(nil, "image", "rm", "--force", name)
	const request = "world"
	frame := append(binary.LittleEndian.AppendUint32(nil, uint32(len(request))), request...)
	user := fmt.Sprintf("%d:%d", nobody, nobody)
	answer := engine(bytes.NewReader(frame), "run", "--rm", "--interactive", "--network", "none", "--read-only", "--user", user,
		"--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--ulimit", "core=0", name, "/workload")
	const length = 4
	if len(answer) < length {
		t.Fatalf("the guest answers %q", answer)
	}
	return strings.Split(string(answer[length:]), "\n")
}

// An image's user has the home that its /etc/passwd says:
// https://github.com/superradcompany/microsandbox/issues/699,
// https://github.com/kata-containers/kata-containers/issues/498.
func TestHome(t *testing.T) {
	const passwd = "root:x:0:0:root:/root:/bin/sh\nbroken:x:65534\nrelative:x:65534:1::home:/bin/sh\nnobody:x:65534:65534:nobody:/var/empty:/bin/false\n"
	for user, want := range map[uint32]string{0: "/root", 65534: "/var/empty", 7: "/"} {
		if got := homeIn(strings.NewReader(passwd), user); got != want {
			t.Errorf("the home of %d is %q, want %q", user, got, want)
		}
	}
	p := &program{Env: []string{"HOME=/given"}}
	if p.setHome(0); len(p.Env) != 1 {
		t.Errorf("an image's own HOME is replaced: %q", p.Env)
	}
}
