package image

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"edgebench/runners"
)

// Archive is an image in a file. Its methods may be called from several
// goroutines.
type Archive struct {
	file   io.Closer
	size   int64
	text   []byte // of the configuration
	config v1.ConfigFile
	layers []Layer
	bounds bounds
}

// Open reads what the image in a file consists of, but not its layers.
func Open(path string) (_ *Archive, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file: %w", path, runners.ErrMalformed)
	}
	a, err := read(io.NewSectionReader(f, 0, info.Size()), standard)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	a.file = f
	return a, nil
}

// Close closes the file. Layers can't be opened any more.
func (a *Archive) Close() error { return a.file.Close() }

// Size is the file's, in bytes.
func (a *Archive) Size() int64 { return a.size }

// Config is what a container of this image runs, and how.
func (a *Archive) Config() v1.Config { return a.config.Config }

// Architecture is what the image is made for, by Go's name; "" where it does not say.
func (a *Archive) Architecture() string { return a.config.Architecture }

// Layers are the image's, from the lowest to the uppermost.
func (a *Archive) Layers() []Layer { return a.layers }

func read(r *io.SectionReader, b bounds) (*Archive, error) {
	if err := uncompressed(r); err != nil {
		return nil, err
	}
	parts, err := index(r, b)
	if err != nil {
		return nil, err
	}
	s := &source{r, parts, b}
	d, err := s.describe()
	if err != nil {
		return nil, err
	}
	return s.archive(d)
}

// uncompressed refuses what `docker load` would take and we do not.
func uncompressed(r *io.SectionReader) error {
	var head [2]byte
	if n, _ := r.ReadAt(head[:], 0); n == len(head) && bytes.Equal(head[:], gzipMagic) {
		return fmt.Errorf("the archive is compressed, unpack it with gunzip: %w", runners.ErrMalformed)
	}
	return nil
}

// archive reads the configuration, and finds the layers that belong to it.
func (s *source) archive(d tarball.Descriptor) (*Archive, error) {
	text, err := s.small(d.Config)
	if err != nil {
		return nil, err
	}
	a := &Archive{size: s.r.Size(), text: text, bounds: s.bounds}
	if err := decode("the configuration", text, &a.config); err != nil {
		return nil, err
	}
	if a.config.OS != "linux" || a.config.Architecture != runtime.GOARCH {
		return nil, fmt.Errorf("an image for %.20q on %.20q, and containers here are for linux on %s: %w", a.config.OS, a.config.Architecture, runtime.GOARCH, runners.ErrMalformed)
	}
	ids := a.config.RootFS.DiffIDs
	if len(ids) != len(d.Layers) {
		return nil, fmt.Errorf("the configuration is of %d layers, the archive has %d: %w", len(ids), len(d.Layers), runners.ErrMalformed)
	}
	if len(ids) > s.bounds.layers {
		return nil, fmt.Errorf("%d layers, at most %d are taken: %w", len(ids), s.bounds.layers, runners.ErrTooLarge)
	}
	for i, name := range d.Layers {
		// What has one digest is one layer, also for who writes the image.
		if twin := slices.Index(ids, ids[i]); twin < i {
			a.layers = append(a.layers, a.layers[twin])
			continue
		}
		layer, err := s.layer(name, ids[i])
		if err != nil {
			return nil, fmt.Errorf("layer %d: %w", i+1, err)
		}
		a.layers = append(a.layers, layer)
	}
	return a, nil
}

func (s *source) layer(name string, diffID v1.Hash) (Layer, error) {
	if err := known(diffID); err != nil {
		return Layer{}, err
	}
	p, err := s.find(name)
	if err != nil {
		return Layer{}, err
	}
	return p.layer(s.r, diffID, digestIn(name))
}
