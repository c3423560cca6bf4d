package docker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/docker/docker/api/types/container"
	"github.com/prometheus/procfs"
)

// remover removes containers that a dead process has left.
type remover struct {
	engine *engine
	// hung says that a container has taken all the time that it had.
	hung atomic.Bool
}

// remove removes one, in whatever state it is. Where the engine fails to, or does not come
// to an end with it, the container's shim may hang: it is killed, and the engine takes the
// container for dead. The first that hangs is waited for, the others less long.
func (r *remover) remove(ctx context.Context, c container.Summary) error {
	wait := r.engine.request / 3
	if r.hung.Load() {
		wait /= 10
	}
	paused := c.State == container.StatePaused
	first, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	err := r.engine.removeContainer(first, c.ID, paused)
	if err == nil || ctx.Err() != nil {
		return err
	}
	if first.Err() != nil {
		r.hung.Store(true)
	}
	killed := killShim(c.ID)
	if err := r.engine.removeContainer(ctx, c.ID, paused); err != nil {
		return errors.Join(err, killed)
	}
	return nil
}

// killShim kills the shim of a container. It takes the rights of root, and a shim:
// Podman's containers have none that keeps the engine waiting.
func killShim(container string) error {
	all, err := procfs.AllProcs()
	if err != nil {
		return fmt.Errorf("look for the shim of container %.12s: %w", container, err)
	}
	for _, p := range all {
		// Opened before its command line is read, so that it is this process that is
		// killed and no later one with its number.
		process, err := os.FindProcess(p.PID)
		if err != nil {
			continue // others end meanwhile
		}
		words, err := p.CmdLine()
		if err == nil && isShimOf(words, container) {
			err = process.Kill()
			if err != nil {
				err = fmt.Errorf("kill the shim of container %.12s, which hangs: %w", container, err)
			}
			return errors.Join(err, process.Release())
		}
		_ = process.Release() // it fails for none that was found
	}
	return fmt.Errorf("container %.12s has no shim that could be killed", container)
}

// shimName begins the names of containerd's shims.
const shimName = "containerd-shim"

// isShimOf says whether a command line is that of a container's shim.
func isShimOf(words []string, container string) bool {
	if len(words) == 0 || !strings.HasPrefix(filepath.Base(words[0]), shimName) {
		return false
	}
	i := slices.Index(words, "-id")
	return i >= 0 && i+1 < len(words) && words[i+1] == container
}
