//go:build linux

package oci

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"edgebench/runners/cgroup"
	"edgebench/runners/oci/enter"
)

// Sweep kills what a dead process has left running under the scope and removes
// its control groups, and those of a Check that was killed. Mounts and
// namespaces go with the processes.
func (runner) Sweep(ctx context.Context, scope string) error {
	tree, err := cgroup.Discover()
	if err != nil {
		return fmt.Errorf("sweep %s: %w", scope, err)
	}
	defer tree.Close()
	matches := func(name string) bool { return named(name, scope) || abandoned(name) }
	if err := join(tree.Sweep(matches), killAll(ctx, matches)); err != nil {
		return fmt.Errorf("sweep %s: %w", scope, err)
	}
	return nil
}

// killAll kills all processes of matching containers, those without a control
// group too, and waits until they are gone.
func killAll(ctx context.Context, matches func(name string) bool) error {
	ctx, cancel := context.WithTimeout(ctx, killedWithin)
	defer cancel()
	for {
		pids := members(matches)
		if len(pids) == 0 {
			return nil
		}
		for _, pid := range pids {
			unix.Kill(pid, unix.SIGKILL)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d processes do not die: %w", len(pids), ctx.Err())
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// members are the processes whose environment names a matching container. What
// is not for us to see is not ours.
func members(matches func(name string) bool) (pids []int) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		environ, err := os.ReadFile("/proc/" + e.Name() + "/environ")
		if err == nil && names(environ, matches) {
			pids = append(pids, pid)
		}
	}
	return pids
}

func names(environ []byte, matches func(name string) bool) bool {
	for variable := range bytes.SplitSeq(environ, []byte{0}) {
		if name, ok := strings.CutPrefix(string(variable), enter.Name+"="); ok && matches(name) {
			return true
		}
	}
	return false
}
