package docker

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/prometheus/procfs"
	"golang.org/x/sys/unix"
)

// removeDead removes a container that a dead process has left. Where the engine does not
// come to an end with it in a third of the usual time, the container's shim hangs, as with
// a workload that can't be killed; then the shim is killed, and the engine takes the
// container for dead.
func (e *engine) removeDead(ctx context.Context, c container.Summary) error {
	paused := c.State == container.StatePaused
	first, cancel := context.WithTimeout(ctx, e.request/3)
	err := e.removeContainer(first, c.ID, paused)
	cancel()
	if err == nil || ctx.Err() != nil || first.Err() == nil {
		return err
	}
	if killed := killShim(c.ID); killed != nil {
		return errors.Join(err, killed)
	}
	return e.removeContainer(ctx, c.ID, false)
}

// killShim kills the shim of a container. It takes the rights of root.
func killShim(container string) error {
	all, err := procfs.AllProcs()
	if err != nil {
		return fmt.Errorf("look for the shim of container %.12s: %w", container, err)
	}
	for _, p := range all {
		words, err := p.CmdLine()
		if err != nil || len(words) == 0 || !strings.HasPrefix(filepath.Base(words[0]), "containerd-shim") {
			continue // others end meanwhile
		}
		if i := slices.Index(words, "-id"); i < 0 || i+1 == len(words) || words[i+1] != container {
			continue
		}
		if err := unix.Kill(p.PID, unix.SIGKILL); err != nil {
			return fmt.Errorf("kill the shim of container %.12s, which hangs: %w", container, err)
		}
		return nil
	}
	return fmt.Errorf("container %.12s has no shim that could be killed", container)
}
