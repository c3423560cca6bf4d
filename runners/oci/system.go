//go:build linux

package oci

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"

	"edgebench/runners"
	"edgebench/runners/interfaces"
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

// Prepare makes a root file system of a static binary or of an image.
func (s *system) Prepare(ctx context.Context, a runners.Artefact, dir string, t *runners.Trace) (runners.Prepared, error) {
	p := runners.Prepared{Artefact: a, Mode: s.mode}
	if interfaces.IsHTTP(a.Interface) {
		return p, fmt.Errorf("an HTTP server cannot be reached in oci/%s, whose containers have a network namespace without an interface: use docker with the network bridge: %w", s.mode, runners.ErrUnavailable)
	}
	if a.Interface != runners.Frames && a.Interface != runners.Stdio {
		return p, fmt.Errorf("oci does not support the interface %.40q: %w", a.Interface, runners.ErrUnavailable)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return p, fmt.Errorf("find the root file system's place: %w", err)
	}
	switch a.Kind {
	case runners.Native:
		err = prepareNative(&p, dir, t)
	case runners.Image:
		err = prepareImage(ctx, &p, dir, t)
	default:
		err = fmt.Errorf("a container runs executables and images and not an artefact of kind %q: %w", a.Kind, runners.ErrMalformed)
	}
	return p, err
}

// Load finds out that the root file system is there.
func (s *system) Load(_ context.Context, p runners.Prepared, _ *runners.Trace) (runners.Loaded, error) {
	if p.Mode != s.mode {
		return nil, fmt.Errorf("artefact was prepared by mode %q, this is %q", p.Mode, s.mode)
	}
	runs, err := load(p)
	if err != nil {
		return nil, err
	}
	use := p.Artefact.Use
	runs.iface, runs.folders, runs.right = p.Artefact.Interface, use.Dirs, use.ExitCode
	runs.setHome(s.host.user())
	if err := makeMountPoints(runs.Root, s.host.folders(runs)); err != nil {
		return nil, err
	}
	return &loaded{system: s, program: runs}, nil
}

// MemoryOwners are the processes and groups of the live containers.
func (s *system) MemoryOwners(context.Context) (runners.MemoryOwners, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var p runners.MemoryOwners
	for c := range s.live {
		c.settle()
		if pid := c.id(); pid != 0 {
			p.PIDs = append(p.PIDs, pid)
		}
		if dir := c.group.MemoryDir(); dir != "" {
			p.Cgroups = append(p.Cgroups, dir)
		}
	}
	if l, ok := s.launcher.(interface{ helpers() []int }); ok {
		p.PIDs = append(p.PIDs, l.helpers()...)
	}
	return p, nil
}

func (s *system) launch(ctx context.Context, p *program, t *runners.Trace) (*container, error) {
	c, err := s.launcher.launch(ctx, p, t)
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
