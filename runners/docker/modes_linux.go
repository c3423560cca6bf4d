package docker

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/docker/docker/api/types"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/network"
	enginesystem "github.com/docker/docker/api/types/system"

	"edgebench/results"
	"edgebench/runners"
)

// networks are the built-in ones, in the order in which they are shown.
var networks = []string{"none", "host", "bridge"}

// way is what a mode's name stands for.
type way struct {
	runtime, network string
	podman           bool
}

// mode is its name. Podman's modes are others than Docker's: two runs must not be
// compared as if they were the same system.
func (w way) mode() string {
	name := w.runtime + "-" + w.network
	if w.podman {
		return podmanModes + name
	}
	return name
}

// features are what the engine says about itself.
type features struct {
	info    enginesystem.Info
	version types.Version
	// podman says that it is Podman's service, which answers like Docker's engine.
	podman bool
	ways   []way
	// missing says of a way why it can't be gone.
	missing map[way]string
}

// features asks the engine what it has.
func (e *engine) features(ctx context.Context) (*features, error) {
	ctx, cancel := e.within(ctx)
	defer cancel()
	info, err := e.api.Info(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask the Docker engine about itself: %w: %w", brief(err), runners.ErrUnavailable)
	}
	if strings.Contains(info.OperatingSystem, "Docker Desktop") || info.OSType != "linux" {
		return nil, fmt.Errorf("the engine at %s runs in a virtual machine (%s), which the workload's socket does not reach, use an engine of this system: %w", e.socket, info.OperatingSystem, runners.ErrUnavailable)
	}
	if strings.HasPrefix(info.DockerRootDir, "/var/snap/") {
		return nil, fmt.Errorf("the engine at %s is a snap, which does not see this machine's folders, install Docker from a package: %w", e.socket, runners.ErrUnavailable)
	}
	there, err := e.api.NetworkList(ctx, network.ListOptions{})
	if err != nil {
		return nil, fmt.Errorf("ask the Docker engine for its networks: %w: %w", brief(err), runners.ErrUnavailable)
	}
	version, err := e.api.ServerVersion(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask the Docker engine for its version: %w: %w", brief(err), runners.ErrUnavailable)
	}
	f := &features{info: info, version: version, podman: isPodman(version), missing: map[way]string{}}
	if f.podman {
		keepInstalled(info.Runtimes)
	}
	for _, rt := range distinct(info.Runtimes, info.DefaultRuntime) {
		for _, n := range networks {
			w := way{runtime: rt, network: n, podman: f.podman}
			f.ways = append(f.ways, w)
			if why := obstacle(w, info, there); why != "" {
				f.missing[w] = why
			}
		}
	}
	return f, nil
}

// distinct gives one name for each OCI runtime, the default's first. The engine
// lists its built-in one under further names (io.containerd.runc.v2).
func distinct(all map[string]enginesystem.RuntimeWithStatus, byDefault string) []string {
	names := slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a, byDefault), rank(b, byDefault)), cmp.Compare(a, b))
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(names, func(name string) bool {
		key, err := json.Marshal(all[name].Runtime)
		again := err == nil && seen[string(key)]
		seen[string(key)] = true
		return again
	})
}

func rank(name, byDefault string) int {
	switch {
	case name == byDefault:
		return 0
	case strings.HasPrefix(name, "io.containerd."):
		return 2
	}
	return 1
}

// obstacle says why a way can't be gone and what to do, or "".
func obstacle(w way, info enginesystem.Info, there []network.Summary) string {
	rt := info.Runtimes[w.runtime]
	if filepath.IsAbs(rt.Path) {
		if _, err := os.Stat(rt.Path); err != nil {
			return fmt.Sprintf("the engine's runtime %s is not at %s: install it or take it out of the engine's configuration", w.runtime, rt.Path)
		}
	}
	if isGVisor(w.runtime, rt) && w.network != "none" {
		return "gVisor is measured with the network none alone: on another its own network stack takes the place of the engine's"
	}
	if w.network == "bridge" {
		return noBridge(info, there)
	}
	return ""
}

// defaults are the names of the network that an engine's containers get by default:
// Docker's and Podman's.
var defaults = []string{"bridge", "podman"}

// noBridge says why no container on the default network can start and what to do, or
// "". The networks none and host are modes of a container in each engine and need not be
// in its list.
func noBridge(info enginesystem.Info, there []network.Summary) string {
	at := slices.IndexFunc(there, func(n network.Summary) bool { return slices.Contains(defaults, n.Name) })
	if at < 0 {
		return "the engine has no network bridge: start dockerd without --bridge=none"
	}
	name := there[at].Options["com.docker.network.bridge.name"]
	if name == "" || slices.Contains(info.SecurityOptions, "name=rootless") { // and in a network namespace of its own
		return ""
	}
	if _, err := os.Stat(filepath.Join("/sys/class/net", name)); err != nil {
		return fmt.Sprintf("the engine's bridge %s is missing, so that no container on it starts: restart the engine", name)
	}
	return ""
}

func isGVisor(name string, rt enginesystem.RuntimeWithStatus) bool {
	return strings.Contains(name+" "+rt.Path+" "+rt.Type, "runsc")
}

// find gives the way of a mode.
func (f *features) find(mode string) (way, error) {
	for _, w := range f.ways {
		if w.mode() != mode {
			continue
		}
		if why := f.missing[w]; why != "" {
			return way{}, fmt.Errorf("docker/%s: %s: %w", mode, why, runners.ErrUnavailable)
		}
		return w, nil
	}
	return way{}, fmt.Errorf("docker has no mode %q here: %w", mode, runners.ErrUnavailable)
}

// networked names the modes whose containers can be reached.
func (f *features) networked() (modes []string) {
	for _, w := range f.ways {
		if w.network != "none" && f.missing[w] == "" {
			modes = append(modes, w.mode())
		}
	}
	return modes
}

// Check asks the engine for its runtimes and networks. It starts nothing: a
// runtime that does not work fails in Instantiate, with what it says.
func (r *runner) Check(ctx context.Context) (runners.Info, error) {
	e, err := connect(ctx, r.patience)
	if err != nil {
		return runners.Info{}, err
	}
	defer e.close()
	f, err := e.features(ctx)
	if err != nil {
		return runners.Info{}, err
	}
	out := runners.Info{Version: f.info.ServerVersion, Released: released(f.info.ServerVersion, built(f.version))}
	if f.podman {
		out.Version, out.Released = "Podman "+out.Version, podmanReleased(out.Version)
	}
	versions := map[string]string{}
	for _, w := range f.ways {
		if _, known := versions[w.runtime]; !known {
			versions[w.runtime] = together(out.Version, f.runtimeVersion(ctx, w.runtime))
		}
		out.Modes = append(out.Modes, runners.Mode{
			Name: w.mode(), Version: versions[w.runtime], Released: out.Released, Unavailable: f.missing[w], Parks: true, Processes: true, Confines: true, Engine: true,
			OwnNetwork: w.network != "host", NoNetwork: w.network == "none",
			Rungs:    []results.Rung{results.Deploy, results.Cold, results.Pooled, results.Hot},
			Default:  w.runtime == f.info.DefaultRuntime && w.network == "bridge",
			Settings: f.settings(w, e.api.ClientVersion()),
		})
	}
	if !f.podman {
		out.Modes = append(out.Modes, ownModeInfo(ctx))
	}
	return out, nil
}

// userns is the user namespace of a container. An engine that remaps users by default
// can't use private folders of this user's, so that its containers do without.
func (f *features) userns() container.UsernsMode {
	if slices.Contains(f.info.SecurityOptions, "name=userns") {
		return "host"
	}
	return ""
}

// settings are those that bear on figures.
func (f *features) settings(w way, api string) map[string]string {
	s := map[string]string{
		"api":       api,
		"cgroup":    "v" + cmp.Or(f.info.CgroupVersion, "1") + ", " + f.info.CgroupDriver,
		"health":    "checks off",
		"log":       f.info.LoggingDriver,
		"network":   w.network,
		"runtime":   w.runtime,
		"security":  strings.Join(f.info.SecurityOptions, " "),
		"storage":   f.info.Driver,
		"transport": "unix socket in a bind mount",
	}
	if f.podman {
		s["engine"] = "Podman"
	}
	if f.userns() != "" {
		s["user namespace"] = "host, the engine's remapping is off"
	}
	if day := built(f.version); day != "" {
		s["built"] = day
	}
	for _, c := range f.version.Components {
		if c.Name == "containerd" {
			s["containerd"] = c.Version
		}
	}
	return s
}

// versionWithin is how long an OCI runtime may take to tell its version. A run is
// resumed only where it tells the same again, so a busy machine must not cut it off.
const versionWithin = 10 * time.Second

// runtimeVersion asks an OCI runtime for its version, such as "crun 1.8.1", and
// gives "" where it does not tell.
func (f *features) runtimeVersion(ctx context.Context, name string) string {
	path := f.info.Runtimes[name].Path
	for _, c := range f.version.Components {
		if c.Name == path {
			return c.Name + " " + c.Version
		}
	}
	if path == "" {
		return ""
	}
	return strings.Replace(printedVersion(ctx, path), " version", "", 1)
}

// printedVersion is the first line that a program prints when it is asked for its
// version, "" where it does not tell.
func printedVersion(ctx context.Context, program string) string {
	ctx, cancel := context.WithTimeout(ctx, versionWithin)
	defer cancel()
	b, err := exec.CommandContext(ctx, program, "--version").Output()
	if err != nil {
		return ""
	}
	first, _, _ := strings.Cut(string(b), "\n")
	return line(first, 80)
}
