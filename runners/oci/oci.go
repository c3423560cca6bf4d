//go:build linux

package oci

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/cgroup"
)

// The modes.
const (
	modeEmbedded = "embedded"
	modeRunc     = "runc"
	modeCrun     = "crun"
	modeRunsc    = "runsc"
)

// modeNames are those of all modes, in the order in which they are shown.
var modeNames = []string{modeEmbedded, modeRunc, modeCrun, modeRunsc}

// New returns the runner.
func New() runners.Runner { return runner{} }

type runner struct{}

// Check tries to make an embedded container and looks for runc and crun.
func (r runner) Check(ctx context.Context) (runners.Info, error) {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return runners.Info{}, fmt.Errorf("ask for the kernel's release: %w", err)
	}
	kernel := "Linux " + unix.ByteSliceToString(name.Release[:])
	tree, err := cgroup.Discover()
	if err != nil {
		return runners.Info{}, err
	}
	defer tree.Close()
	settings := settings(tree)
	why := rehearse(ctx)
	info := runners.Info{Version: kernel}
	for _, name := range modeNames {
		m := runners.Mode{
			Name: name, Default: name == modeEmbedded, Parks: true, Processes: true, Confines: true, Settings: settings, Unavailable: why,
			Engine: name != modeEmbedded, NoNetwork: true,
			Rungs: []results.Rung{results.Deploy, results.Cold, results.Pooled, results.Hot},
		}
		if name != modeEmbedded && why == "" {
			m.Version, m.Unavailable = version(ctx, name, tree)
		}
		info.Modes = append(info.Modes, m)
	}
	return info, nil
}

// settings are what bears on figures, alike in all modes.
func settings(tree *cgroup.Tree) map[string]string {
	s := map[string]string{
		"transport":      "pipes",
		"network":        "none",
		"root":           "read-only",
		"control groups": tree.String(),
		"user":           fmt.Sprint(nobody),
		"memory limit":   "control group",
	}
	if !privileged() {
		s["user"] = "user namespace"
	}
	if !tree.Has(cgroup.Memory) {
		s["memory limit"] = "RLIMIT_DATA"
	}
	return s
}

// rehearsal is the scope of rehearse, with the process's number after it.
const rehearsal = "rehearsal"

// rehearse starts an embedded container up to its workload and says in one
// line what stands against it, "" if nothing does.
func rehearse(ctx context.Context) string {
	dir, err := os.MkdirTemp("", "edgebench-oci-")
	if err != nil {
		return "no container can be tried: " + err.Error()
	}
	defer os.RemoveAll(dir)
	if err := makeRoot(dir); err != nil {
		return "no container can be tried: " + err.Error()
	}
	h, err := newHost(runners.Options{Scope: fmt.Sprintf("%s-%d", rehearsal, os.Getpid())}, noSetUp)
	if err != nil {
		return err.Error()
	}
	defer h.close()
	e, err := newEmbedded(h)
	if err == nil {
		err = e.rehearse(ctx, dir)
	}
	switch {
	case err == nil:
		return ""
	case h.rootless:
		return err.Error() + ": become root, or allow user namespaces (sysctl -w user.max_user_namespaces=10000 kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0, as far as these exist)"
	}
	return err.Error() + ": it needs Linux 5.9 or later and all capabilities of root, which a container usually does not have"
}

func noSetUp(*cgroup.Tree) error { return nil }

// version asks an OCI runtime for its name and version, as "crun 1.8.1"; unavailable says in one line why
// it has none.
func version(ctx context.Context, name string, tree *cgroup.Tree) (version, unavailable string) {
	switch {
	case name == modeCrun && tree.Hybrid() && !privileged():
		return "", hybridRefused
	case name == modeRunsc && !privileged():
		return "", "runsc needs root for control groups and namespaces: become root"
	}
	path, err := find(name)
	if err != nil {
		return "", err.Error()
	}
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return "", fmt.Sprintf("%s --version: %v: reinstall it (apt-get install %s)", path, err, name)
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return strings.Replace(strings.TrimSpace(line), " version", "", 1), ""
}

// find looks for a command where root has it too.
func find(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return filepath.Abs(path)
	}
	for _, dir := range []string{"/usr/local/sbin", "/usr/sbin", "/sbin"} {
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s is not installed: apt-get install %s", name, name)
}

// Boot makes the thread from which containers are started.
func (r runner) Boot(_ context.Context, o runners.Options) (runners.Runtime, error) {
	if !slices.Contains(modeNames, o.Mode) {
		return nil, fmt.Errorf("oci has no mode %q: %w", o.Mode, runners.ErrUnavailable)
	}
	if !validScope(o.Scope) {
		return nil, fmt.Errorf("boot %s: scope %q must be 1 to 40 letters, digits and dashes", o.Mode, o.Scope)
	}
	setUp := noSetUp
	if o.Mode == modeCrun {
		setUp = hideUnified
	}
	h, err := newHost(o, setUp)
	if err != nil {
		return nil, fmt.Errorf("boot %s: %w", o.Mode, err)
	}
	l, err := newLauncher(h, o)
	if err != nil {
		h.close()
		return nil, fmt.Errorf("boot %s: %w", o.Mode, err)
	}
	return &system{mode: o.Mode, host: h, launcher: l, live: map[*container]struct{}{}}, nil
}

func newLauncher(h *host, o runners.Options) (launcher, error) {
	if o.Mode == modeEmbedded {
		return newEmbedded(h)
	}
	path, err := find(o.Mode)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", runners.ErrUnavailable, err)
	}
	return newTool(h, o.Mode, path, o.Scratch)
}
