package docker

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/docker/docker/api/types"
	enginesystem "github.com/docker/docker/api/types/system"
	"github.com/docker/docker/client"

	"edgebench/runners"
	"edgebench/runners/internal/spawn"
)

// podmanScript starts Podman's service with mounts and a network of its own, which end
// with it. It sees no other's state, nor the second hierarchy of a hybrid host, which
// crun before 1.9 refuses.
const podmanScript = `
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/lib
if [ -e /sys/fs/cgroup/unified/cgroup.procs ]; then umount /sys/fs/cgroup/unified; fi
exec podman --root "$1/root" --runroot "$1/run" --tmpdir "$1/tmp" system service --time 0 "unix://$1/s"`

// podmanSettings leave limits as they are: without CAP_SYS_RESOURCE nobody can raise
// them to Podman's defaults.
const podmanSettings = `
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
`

// servePodman starts Podman's service for a test, and gives its folder.
func servePodman(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("podman"); err != nil {
		t.Skip("podman is not installed: scripts/setup-debian.sh installs it")
	}
	if os.Geteuid() != 0 {
		t.Skip("Podman's service is started by root alone")
	}
	dir := shortDir(t)
	settings := filepath.Join(dir, "containers.conf")
	if err := os.WriteFile(settings, []byte(podmanSettings), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("unshare", "--mount", "--propagation", "slave", "--net", "sh", "-ec", podmanScript, "sh", dir)
	cmd.Env = append(os.Environ(), "CONTAINERS_CONF="+settings)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := spawn.Start(cmd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		wantNoTrace(t, dir)
	})
	t.Setenv(client.EnvOverrideHost, "unix://"+dir+"/s")
	for until := time.Now().Add(patient.request); ; time.Sleep(20 * time.Millisecond) {
		e, err := connect(t.Context(), patient)
		if err == nil {
			e.close()
			return dir
		}
		if time.Now().After(until) || cmd.Process.Signal(syscall.Signal(0)) != nil {
			t.Fatalf("Podman's service does not answer: %v: %s", err, said.String())
		}
	}
}

// wantNoTrace waits until no process names a folder and no mount is below it.
func wantNoTrace(t *testing.T, dir string) {
	t.Helper()
	var left string
	for range 500 {
		if left = traces(dir); left == "" {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("left: %s", left)
}

func traces(dir string) string {
	all, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range all {
		if line, err := os.ReadFile(path); err == nil && bytes.Contains(line, []byte(dir)) {
			return fmt.Sprintf("%s: %q", path, line)
		}
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil || bytes.Contains(mounts, []byte(dir)) {
		return fmt.Sprintf("a mount below %s (%v)", dir, err)
	}
	return ""
}

// Podman is named as what it is, has the runtimes that are installed, answers right,
// and leaves nothing.
func TestPodman(t *testing.T) {
	guest := probe(t)
	servePodman(t)
	r := newRunner(patient)
	info, err := r.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(info.Version, "Podman ") {
		t.Errorf("the version is %q", info.Version)
	}
	standard := ""
	for _, m := range info.Modes {
		if !strings.HasPrefix(m.Name, podmanModes) || m.Settings["engine"] != "Podman" || strings.Contains(m.Unavailable, "is not at") {
			t.Errorf("mode %s, %v, %s", m.Name, m.Settings, m.Unavailable)
		}
		if m.Default {
			standard = m.Name
		}
	}
	s := boot(t, r, runners.Options{Mode: standard, Scope: newScope(t)})
	l := load(t, s, guest)
	const few = 3
	for range few {
		in, err := l.Instantiate(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		if _, err := in.Call(t.Context(), nil, nil); err != nil {
			t.Error(err)
		}
	}
	owners, err := s.MemoryOwners(t.Context())
	if err != nil || len(owners.PIDs) < 2*few || len(owners.Cgroups) != few || len(owners.Daemons) != 1 {
		t.Errorf("%d instances have the owners %+v (%v), want a shim and a process each, and the service", few, owners, err)
	}
	parked, err := l.Park(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	in, err := parked.Resume(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
}

func TestPodmanIsRecognised(t *testing.T) {
	docker := types.Version{Components: []types.ComponentVersion{{Name: "Engine"}, {Name: "containerd"}}}
	podman := types.Version{Components: []types.ComponentVersion{{Name: "Podman Engine"}, {Name: "Conmon"}}}
	if isPodman(docker) || !isPodman(podman) {
		t.Errorf("Podman is %v and Docker is %v", isPodman(podman), isPodman(docker))
	}
	all := map[string]enginesystem.RuntimeWithStatus{"runc": {}, "kata": {}, "named": {}}
	for name, path := range map[string]string{"runc": os.Args[0], "kata": "/nowhere/kata", "named": "runc"} {
		rt := all[name]
		rt.Path = path
		all[name] = rt
	}
	if keepInstalled(all); len(all) != 2 || all["kata"].Path != "" {
		t.Errorf("installed are %v", all)
	}
	if podmanReleased("4.3.1") != "2022-11-10" || podmanReleased("4.3.2") != "" || built(types.Version{BuildTime: "1970-01-01T00:00:00Z"}) != "" {
		t.Error("a release has a wrong day")
	}
}
