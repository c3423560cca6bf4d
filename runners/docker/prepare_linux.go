package docker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/client"

	"edgebench/runners"
	"edgebench/runners/interfaces"
)

// MaxExecutable bounds a native workload's file, in bytes: its image is composed
// in memory.
const MaxExecutable = 256 << 20

// Prepare makes an image of the artefact and loads it into the engine.
func (s *system) Prepare(ctx context.Context, a runners.Artefact, dir string, t *runners.Trace) (runners.Prepared, error) {
	p := runners.Prepared{Artefact: a, Mode: s.mode}
	if a.Kind != runners.Native && a.Kind != runners.Image {
		return p, fmt.Errorf("a container runs executables and images and not an artefact of kind %q: %w", a.Kind, runners.ErrMalformed)
	}
	if err := s.checkInterface(a.Interface); err != nil {
		return p, err
	}
	unique, err := filepath.Abs(dir)
	if err != nil {
		return p, fmt.Errorf("find the folder: %w", err)
	}
	buster := sha256.Sum256([]byte(unique))
	shipped, err := ship(a, hex.EncodeToString(buster[:16]), s.scope)
	if err != nil {
		return p, err
	}
	defer shipped.Close()
	p.Shipped = uint64(shipped.Size)
	t.Mark(runners.PhaseRead)
	stored, err := s.engine.load(ctx, shipped)
	if err != nil {
		return p, err
	}
	t.Mark(runners.PhaseImport)
	p.Path, p.Stored = stored.ID, uint64(max(stored.Size, 0))
	return p, nil
}

// load brings an image into the engine's store and finds it there.
func (e *engine) load(ctx context.Context, a *shipment) (image.InspectResponse, error) {
	ctx, cancel := e.within(ctx)
	defer cancel()
	var none image.InspectResponse
	archive := a.Reader()
	defer archive.Close()
	answer, err := e.api.ImageLoad(ctx, archive, client.ImageLoadWithQuiet(true))
	if err != nil {
		return none, fmt.Errorf("load the image: %w", brief(err))
	}
	defer answer.Body.Close()
	if err := reported(answer.Body); err != nil {
		return none, fmt.Errorf("load the image: %w", brief(err))
	}
	stored, err := e.api.ImageInspect(ctx, a.Name)
	if err != nil {
		return none, fmt.Errorf("find the image that was loaded: %w", brief(err))
	}
	if stored.ID != a.ID && !slices.Equal(stored.RootFS.Layers, a.DiffIDs) {
		return none, fmt.Errorf("find the image that was loaded: under its name %s the engine has another, %s", a.Name, stored.ID)
	}
	return stored, nil
}

// reported gives the error that a stream of the engine's progress messages
// ends with: the request itself succeeds whatever happens to the image.
func reported(r io.Reader) error {
	messages := json.NewDecoder(r)
	for {
		var m struct {
			Error       string
			ErrorDetail *struct{ Message string }
		}
		err := messages.Decode(&m)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read the engine's progress: %w", err)
		case m.ErrorDetail != nil:
			return errors.New(m.ErrorDetail.Message)
		case m.Error != "":
			return errors.New(m.Error)
		}
	}
}

var imageID = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// find looks an image of ours up. It is nil where there is none.
func (e *engine) find(ctx context.Context, id string) (*image.InspectResponse, error) {
	if !imageID.MatchString(id) {
		return nil, fmt.Errorf("%.80q is not the ID of an image: %w", id, runners.ErrMalformed)
	}
	found, err := e.api.ImageInspect(ctx, id)
	if errdefs.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find image %.19s: %w", id, brief(err))
	}
	if found.Config == nil || found.Config.Labels[label] == "" {
		return nil, fmt.Errorf("image %.19s was not made by edgebench: %w", id, runners.ErrMalformed)
	}
	return &found, nil
}

// Load finds out that the engine has the image. An engine loads nothing ahead
// of a container.
func (s *system) Load(ctx context.Context, p runners.Prepared, t *runners.Trace) (runners.Loaded, error) {
	if p.Mode != s.mode {
		return nil, fmt.Errorf("the image was prepared by mode %q, this is %q", p.Mode, s.mode)
	}
	ctx, cancel := s.engine.within(ctx)
	defer cancel()
	found, err := s.engine.find(ctx, p.Path)
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, fmt.Errorf("the engine does not have image %.19s: prepare it again", p.Path)
	}
	l := &loaded{system: s, image: p.Path, iface: p.Artefact.Interface, use: p.Artefact.Use, command: found.Config.Cmd}
	if interfaces.IsHTTP(l.iface) {
		if l.endpoint, err = interfaces.ParseEndpoint(l.iface); err != nil {
			return nil, err
		}
	}
	t.Mark(runners.PhaseLoad)
	return l, nil
}

// Remove takes the image out of the engine's store.
func (s *system) Remove(ctx context.Context, p runners.Prepared) error {
	ctx, cancel := s.engine.within(ctx)
	defer cancel()
	found, err := s.engine.find(ctx, p.Path)
	if err != nil || found == nil {
		return err
	}
	return s.engine.removeImage(ctx, p.Path)
}

func (e *engine) removeImage(ctx context.Context, id string) error {
	ctx, cancel := e.within(ctx)
	defer cancel()
	_, err := e.api.ImageRemove(ctx, id, image.RemoveOptions{Force: true, PruneChildren: true})
	if err != nil && !errdefs.IsNotFound(err) {
		return fmt.Errorf("remove image %.19s: %w", id, brief(err))
	}
	return nil
}
