package host

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"edgebench/runners/cgroup"
	"edgebench/runners/dockerhost"
)

// neededCapabilities are those that parts of a run ask for, by their bit.
var neededCapabilities = []struct {
	bit  int
	name string
}{
	{unix.CAP_SYS_ADMIN, "CAP_SYS_ADMIN"},
	{unix.CAP_NET_ADMIN, "CAP_NET_ADMIN"},
	{unix.CAP_SYS_PTRACE, "CAP_SYS_PTRACE"},
	{unix.CAP_SYS_RESOURCE, "CAP_SYS_RESOURCE"},
}

// checkPrivileges reports the user's privileges. Root in a container often does not
// have all capabilities.
func (t tree) checkPrivileges(uid int) Finding {
	f := Finding{Name: "privileges", State: OK, Value: "user " + strconv.Itoa(uid),
		Meaning: "dropping the page cache, control groups and complete containers need root; without it their cells are skipped or differ"}
	status, _ := t.text("proc/self/status")
	text, ok := field(status, "CapEff")
	held, err := strconv.ParseUint(text, 16, 64)
	if !ok || err != nil {
		f.State = Unknown
		return f
	}
	var missing []string
	for _, c := range neededCapabilities {
		if held&(1<<c.bit) == 0 {
			missing = append(missing, c.name)
		}
	}
	if missing != nil {
		f.Value += " without " + strings.Join(missing, ", ")
	}
	switch {
	case uid != 0:
		f.State, f.Remedy = Warn, "run as root for the full matrix"
	case held&(1<<unix.CAP_SYS_ADMIN) == 0:
		f.State, f.Remedy = Warn, "run outside the container, or give it --privileged"
	}
	return f
}

// checkCgroups reports whether instances can have their own control groups.
func (t tree) checkCgroups(writable func(dir string) bool) Finding {
	f := Finding{Name: "cgroups", State: OK,
		Meaning: "an instance without its own control group has no memory limit and no readable memory charge"}
	all := t.hierarchies()
	version := all.Version()
	memory, ok := all.With(cgroup.Memory)
	switch {
	case version == "":
		f.State, f.Value = Warn, "not mounted"
		f.setFix(Command{"mount -t cgroup2 none /sys/fs/cgroup", "let instances have groups"})
	case !ok || !memory.Has(cgroup.Memory):
		f.State, f.Value = Warn, version+" without a memory controller"
		f.Remedy = "boot with cgroup_enable=memory"
	case !writable(memory.Mount):
		f.State, f.Value = Warn, version+", "+clean(memory.Mount)+" is not writable"
		f.Remedy = "run as root, outside of a container or in a privileged one"
	default:
		f.Value = version + ", " + clean(memory.Mount) + " is writable"
	}
	return f
}

// checkPageCache takes the error of dropping the page cache, or nil.
func checkPageCache(hindrance error) Finding {
	f := Finding{Name: "page_cache", State: OK, Value: "can be dropped",
		Meaning: "without this, files of a first start are already in memory, and cells with a dropped page cache are skipped"}
	if hindrance != nil {
		f.State, f.Value = Warn, clean(hindrance.Error())
		f.Remedy = "run as root, outside of a container or in a privileged one"
	}
	return f
}

// dockerSocket is the unix socket of an engine's address, "" if that is none or could not
// be found out.
func dockerSocket(a dockerhost.Address, err error) string {
	socket, ok := strings.CutPrefix(a.Host, "unix://")
	if err != nil || !ok {
		return ""
	}
	return socket
}

// dial reports why a unix socket can't be connected to, or nil.
func dial(ctx context.Context, socket string) error {
	d := net.Dialer{Timeout: time.Second}
	conn, err := d.DialContext(ctx, "unix", socket)
	if err != nil {
		return err
	}
	return conn.Close()
}

// checkDocker reports whether an engine listens, and whether the bridge of its default
// network is there, without which no container of that network starts.
func (t tree) checkDocker(socket string, dialled error, e engine) Finding {
	f := Finding{Name: "docker", State: OK, Value: clean(socket) + " listens",
		Meaning: "without an engine the cells of docker are skipped"}
	if socket == "" {
		f.State, f.Value = Unknown, "neither DOCKER_HOST nor the docker context names a unix socket"
		return f
	}
	if e.podman {
		f.Value = clean(socket) + " listens, which is Podman " + e.version
	}
	if dialled == nil && e.bridge != "" && !t.exists("sys/class/net/"+e.bridge) {
		f.State, f.Value = Warn, clean(socket)+" listens, but its bridge "+e.bridge+" is missing"
		f.Meaning = "no container of the engine's default network starts"
		f.Remedy = "restart the engine, which makes its bridge again"
		return f
	}
	if dialled == nil {
		return f
	}
	f.State, f.Value = Warn, clean(dialled.Error())
	switch {
	case errors.Is(dialled, fs.ErrPermission):
		f.Remedy = "run as root or as a member of the socket's group (docker)"
	case errors.Is(dialled, fs.ErrNotExist):
		f.Remedy = "install Docker and start dockerd"
		f.setFix(t.startDocker()...)
	case errors.Is(dialled, unix.ECONNREFUSED):
		f.Remedy = "start dockerd: the socket exists, but no process listens"
		f.setFix(t.startDocker()...)
	default:
		f.Remedy = "check whether dockerd runs and answers"
	}
	return f
}

// startDocker gives the command that starts the engine if it is a systemd
// service, else nothing.
func (t tree) startDocker() []Command {
	for _, dir := range []string{"usr/lib", "lib", "etc"} {
		if t.exists("run/systemd/system") && t.exists(dir+"/systemd/system/docker.service") {
			return []Command{{"systemctl start docker", "start the engine"}}
		}
	}
	return nil
}
