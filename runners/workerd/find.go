package workerd

import (
	"context"
	"fmt"
	"os/exec"
	"path"
	"runtime"
	"strings"
	"time"

	"edgebench/runners"
	"edgebench/runners/interfaces"
)

// installed is the folder in which scripts/setup-debian.sh installs workerd.
const installed = "/opt/edgebench/workerd"

// packages are those of npm by GOARCH.
var packages = map[string]string{"amd64": "@cloudflare/workerd-linux-64", "arm64": "@cloudflare/workerd-linux-arm64"}

// find gives the path of workerd.
func find() (string, error) { return findIn(installed) }

// findIn is find for another folder of the set-up script's.
func findIn(folder string) (string, error) {
	if found, err := exec.LookPath("workerd"); err == nil {
		return found, nil
	}
	name, ok := packages[runtime.GOARCH]
	if !ok {
		return "", fmt.Errorf("npm has no workerd for linux/%s: put one into PATH: %w", runtime.GOARCH, runners.ErrUnavailable)
	}
	found, err := exec.LookPath(path.Join(folder, "node_modules", name, "bin", "workerd"))
	if err != nil {
		return "", fmt.Errorf("workerd is not installed: run scripts/setup-debian.sh, or put it into PATH (npm's package %s): %w", name, runners.ErrUnavailable)
	}
	return found, nil
}

// version asks workerd for its version, which is the day of its release.
func version(ctx context.Context, program string) (runners.Release, error) {
	out, err := exec.CommandContext(ctx, program, "--version").Output()
	if err != nil {
		return runners.Release{}, fmt.Errorf("%s --version: %w: install it again", program, err)
	}
	return parseVersion(out)
}

// parseVersion reads "workerd 2026-11-17".
func parseVersion(out []byte) (runners.Release, error) {
	line := interfaces.FirstLine(out)
	day, ok := strings.CutPrefix(line, "workerd ")
	if _, err := time.Parse(time.DateOnly, day); !ok || err != nil {
		return runners.Release{}, fmt.Errorf("workerd --version gives %q, want workerd and a day: install it again: %w", line, runners.ErrUnavailable)
	}
	return runners.Release{Version: day, Day: day}, nil
}
