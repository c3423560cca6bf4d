package docker

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"edgebench/results"
	"edgebench/runners"
)

// ownWay is what runs in an engine of our own: Docker's defaults.
var ownWay = way{runtime: "runc", network: "bridge"}

// ownMode is the mode of an engine that the run starts itself.
var ownMode = runners.OwnEngine + ownWay.mode()

// ownModeInfo describes the mode. Its engine is the one that is installed, which may be
// another than the one that runs.
func ownModeInfo(ctx context.Context) runners.Mode {
	m := runners.Mode{
		Name: ownMode, Unavailable: ownObstacle(), NoNetwork: true, OwnNetwork: true, OnRequest: true,
		Rungs: []results.Rung{results.Boot, results.Cold},
		Settings: map[string]string{
			"engine":  "started by the run, in mount, process and network namespaces of its own",
			"network": ownWay.network, "runtime": ownWay.runtime, "health": "checks off", "cgroup": "cgroupfs",
			"transport": "unix socket in a bind mount",
		},
	}
	if m.Unavailable != "" {
		return m
	}
	version := strings.TrimPrefix(printedVersion(ctx, "dockerd"), "Docker version ")
	version, _, _ = strings.Cut(version, ",")
	m.Version = together(version, strings.Replace(printedVersion(ctx, ownWay.runtime), " version", "", 1))
	m.Released = released(version, "")
	return m
}

// Files in the folder of what was prepared.
const (
	ownImages = "images" // the engine's data-root
	ownImage  = "image"  // the image's ID
)

// ownSystem is the mode ownMode. Each prepared artefact is the store of an engine of its
// own, which Boot starts if it knows the artefact, and Load if not.
type ownSystem struct {
	runner  *runner
	options runners.Options // with an absolute scratch folder
	systems map[string]*system
}

func (r *runner) bootOwn(ctx context.Context, o runners.Options) (*ownSystem, error) {
	if o.Policy != nil {
		return nil, fmt.Errorf("docker/%s takes no policy: %w", o.Mode, runners.ErrUnavailable)
	}
	s := &ownSystem{runner: r, options: o, systems: map[string]*system{}}
	if o.Prepared == "" {
		return s, nil
	}
	if _, _, err := s.of(ctx, o.Prepared); err != nil {
		return nil, also(err, s.Close())
	}
	return s, nil
}

// of gives the engine of a prepared folder, and the system in it.
func (s *ownSystem) of(ctx context.Context, dir string) (*ownEngine, *system, error) {
	r := s.runner
	own, err := r.engines.get(ctx, r.patience, filepath.Join(dir, ownImages), s.options.Scratch, s.options.Scope)
	if err != nil {
		return nil, nil, err
	}
	if known := s.systems[dir]; known != nil {
		return own, known, nil
	}
	e, err := connectTo(ctx, r.patience, own.socket, "")
	if err != nil {
		return nil, nil, fmt.Errorf("connect to the engine that the run has started: %w", err)
	}
	made := newSystem(e, ownWay, s.options)
	made.apart = true
	s.systems[dir] = made
	return own, made, nil
}

// Prepare loads the image into the store of an engine that is started for it.
func (s *ownSystem) Prepare(ctx context.Context, a runners.Artefact, dir string, t *runners.Trace) (runners.Prepared, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return runners.Prepared{}, fmt.Errorf("find the folder: %w", err)
	}
	_, in, err := s.of(ctx, dir)
	if err != nil {
		return runners.Prepared{}, err
	}
	p, err := in.Prepare(ctx, a, dir, t)
	if err != nil {
		return p, also(err, s.forget(dir))
	}
	if err := os.WriteFile(filepath.Join(dir, ownImage), []byte(p.Path), 0o600); err != nil {
		return p, also(fmt.Errorf("note the image's ID: %w", err), s.forget(dir))
	}
	p.Path = dir
	return p, nil
}

// maxID bounds the file with the image's ID, in bytes.
const maxID = 100

// Load finds the image in the engine's store.
func (s *ownSystem) Load(ctx context.Context, p runners.Prepared, t *runners.Trace) (runners.Loaded, error) {
	f, err := os.Open(filepath.Join(p.Path, ownImage))
	if err != nil {
		return nil, fmt.Errorf("read the image's ID: %w", err)
	}
	defer f.Close()
	id, err := io.ReadAll(io.LimitReader(f, maxID))
	if err != nil {
		return nil, fmt.Errorf("read the image's ID: %w", err)
	}
	own, in, err := s.of(ctx, p.Path)
	if err != nil {
		return nil, err
	}
	p.Path = string(id)
	l, err := in.Load(ctx, p, t)
	if err != nil {
		return nil, err
	}
	s.runner.engines.use(own, 1)
	return &ownLoaded{Loaded: l, engines: &s.runner.engines, own: own}, nil
}

// ownLoaded keeps its engine from being ended. It is no Parker: the mode has starts alone.
type ownLoaded struct {
	runners.Loaded
	engines *fleet
	own     *ownEngine
}

// Close lets the engine go.
func (l *ownLoaded) Close() error {
	l.engines.use(l.own, -1)
	return l.Loaded.Close()
}

// Remove ends the engine of what was prepared, whose folder is the caller's to remove.
func (s *ownSystem) Remove(_ context.Context, p runners.Prepared) error { return s.forget(p.Path) }

func (s *ownSystem) forget(dir string) (err error) {
	if in := s.systems[dir]; in != nil {
		delete(s.systems, dir)
		err = in.Close()
	}
	if ended := s.runner.engines.end(filepath.Join(dir, ownImages)); err == nil {
		err = ended
	}
	return err
}

// Close ends the connections. The engines run on until the runner is closed.
func (s *ownSystem) Close() (err error) {
	for _, in := range s.systems {
		if closed := in.Close(); err == nil {
			err = closed
		}
	}
	clear(s.systems)
	return err
}

// Close ends the engines that this process has started.
func (r *runner) Close() error { return r.engines.Close() }

// sweepOwn removes the control groups of the engines that a dead process has started.
// Their processes, mounts and networks have died with it.
func sweepOwn(scope string) error {
	return removeGroups(func(name string) bool { return strings.HasPrefix(name, groupsOf(scope)) })
}

var (
	_ io.Closer       = (*runner)(nil)
	_ runners.Remover = (*ownSystem)(nil)
)
