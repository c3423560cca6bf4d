//go:build linux

package oci

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"edgebench/runners"
	"edgebench/runners/elf"
)

// system is a runtime in one mode, and keeps account of its live containers.
type system struct {
	mode     string
	host     *host
	launcher launcher
	once     sync.Once
	err      error // of Close
	mu       sync.Mutex
	live     map[*container]struct{}
}

// Close ends the thread that makes containers.
func (s *system) Close() error {
	s.once.Do(func() {
		s.host.close()
		s.err = s.launcher.close()
	})
	return s.err
}

// Prepare makes a root file system of a static binary.
func (s *system) Prepare(_ context.Context, a runners.Artefact, dir string, t *runners.Trace) (runners.Prepared, error) {
	p := runners.Prepared{Artefact: a, Mode: s.mode}
	root, err := filepath.Abs(filepath.Join(dir, "rootfs"))
	if err != nil {
		return p, fmt.Errorf("find the root file system's place: %w", err)
	}
	binary, err := elf.ReadStatic(a.Path, MaxBinary)
	if err != nil {
		return p, fmt.Errorf("read the workload: %w", err)
	}
	t.Mark(runners.PhaseRead)
	if err := unpack(root, binary); err != nil {
		return p, fmt.Errorf("unpack the root file system: %w", err)
	}
	t.Mark(runners.PhaseUnpack)
	// The one file with something in it, so that others can check its hash.
	p.Path = workloadIn(root)
	p.Shipped, p.Stored = uint64(len(binary)), uint64(len(binary))
	return p, nil
}

// Load finds out that the root file system is there.
func (s *system) Load(_ context.Context, p runners.Prepared, _ *runners.Trace) (runners.Loaded, error) {
	if p.Mode != s.mode {
		return nil, fmt.Errorf("artefact was prepared by mode %q, this is %q", p.Mode, s.mode)
	}
	info, err := os.Stat(p.Path)
	if err != nil {
		return nil, fmt.Errorf("find the root file system: %w", err)
	}
	if !info.Mode().IsRegular() || uint64(info.Size()) != p.Stored {
		return nil, fmt.Errorf("%s is not the file of %d bytes that was prepared: %w", p.Path, p.Stored, runners.ErrMalformed)
	}
	return &loaded{system: s, root: filepath.Dir(p.Path)}, nil
}

// Payers are the processes and groups of the live containers.
func (s *system) Payers(context.Context) (runners.Payers, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var p runners.Payers
	for c := range s.live {
		c.settle()
		if pid := c.id(); pid != 0 {
			p.PIDs = append(p.PIDs, pid)
		}
		if dir := c.group.MemoryDir(); dir != "" {
			p.Cgroups = append(p.Cgroups, dir)
		}
	}
	return p, nil
}

func (s *system) launch(ctx context.Context, root string, t *runners.Trace) (*container, error) {
	c, err := s.launcher.launch(ctx, root, t)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live[c] = struct{}{}
	return c, nil
}

// end ends a container and all that is kept of it.
func (s *system) end(c *container) error {
	s.mu.Lock()
	delete(s.live, c)
	s.mu.Unlock()
	return join(c.end(), s.launcher.forget(c))
}
