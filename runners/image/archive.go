package image

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"edgebench/runners"
)

// Archive is an image in a file. Its methods may be called from several
// goroutines.
type Archive struct {
	file   io.Closer
	size   int64
	text   []byte // of the configuration
	config ocispec.Image
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
func (a *Archive) Config() ocispec.ImageConfig { return a.config.Config }

// Layers are the image's, from the lowest to the uppermost.
func (a *Archive) Layers() []Layer { return a.layers }

// source is an archive that is being read.
type source struct {
	r      *io.SectionReader
	parts  map[string]part
	bounds bounds
}

func read(r *io.SectionReader, b bounds) (*Archive, error) {
	if err := uncompressed(r); err != nil {
		return nil, err
	}
	parts, err := index(r, b)
	if err != nil {
		return nil, err
	}
	s := &source{r, parts, b}
	var found *pieces
	switch {
	case s.has(manifestFile):
		found, err = s.docker()
	case s.has(ocispec.ImageIndexFile):
		found, err = s.layout()
	default:
		err = fmt.Errorf("a tar without %s and %s, which is no image: %w", manifestFile, ocispec.ImageIndexFile, runners.ErrMalformed)
	}
	if err != nil {
		return nil, err
	}
	return s.archive(found)
}

// uncompressed refuses what `docker load` would take and we do not.
func uncompressed(r *io.SectionReader) error {
	var head [2]byte
	if n, _ := r.ReadAt(head[:], 0); n == len(head) && bytes.Equal(head[:], gzipMagic) {
		return fmt.Errorf("the archive is compressed, unpack it with gunzip: %w", runners.ErrMalformed)
	}
	return nil
}

// pieces are what an image consists of.
type pieces struct {
	config []byte
	layers []blob
}

// archive checks that the configuration and the layers belong together.
func (s *source) archive(f *pieces) (*Archive, error) {
	a := &Archive{size: s.r.Size(), text: f.config, bounds: s.bounds}
	if err := decode("the configuration", f.config, &a.config); err != nil {
		return nil, err
	}
	if a.config.OS != "linux" || a.config.Architecture != runtime.GOARCH {
		return nil, fmt.Errorf("an image for %.20q on %.20q, and containers here are for linux on %s: %w", a.config.OS, a.config.Architecture, runtime.GOARCH, runners.ErrMalformed)
	}
	ids := a.config.RootFS.DiffIDs
	if len(ids) != len(f.layers) {
		return nil, fmt.Errorf("the configuration is of %d layers, the archive has %d: %w", len(ids), len(f.layers), runners.ErrMalformed)
	}
	if len(ids) > s.bounds.layers {
		return nil, fmt.Errorf("%d layers, at most %d are taken: %w", len(ids), s.bounds.layers, runners.ErrTooLarge)
	}
	for i, b := range f.layers {
		if err := known(ids[i]); err != nil {
			return nil, err
		}
		layer, err := b.layer(ids[i])
		if err != nil {
			return nil, fmt.Errorf("layer %d: %w", i+1, err)
		}
		a.layers = append(a.layers, layer)
	}
	return a, nil
}

// known refuses digests of other kinds than that which all engines write.
func known(d digest.Digest) error {
	if err := d.Validate(); err != nil || d.Algorithm() != digest.SHA256 {
		return fmt.Errorf("%q is no digest of SHA-256: %w", clip(d.String()), runners.ErrMalformed)
	}
	return nil
}

func decode(what string, text []byte, v any) error {
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%s is not what it should be (%s): %w", what, clip(err.Error()), runners.ErrMalformed)
	}
	return nil
}

// has reports whether the archive has content by that name.
func (s *source) has(name string) bool {
	_, err := s.find(name)
	return err == nil
}

// find follows links inside the archive to content.
func (s *source) find(name string) (part, error) {
	const mostLinks = 8
	at, err := inside(name, s.bounds)
	if err != nil {
		return part{}, err
	}
	for range mostLinks {
		p, ok := s.parts[at]
		if !ok {
			break
		}
		if p.link == "" {
			return p, nil
		}
		at = p.link
	}
	return part{}, fmt.Errorf("the archive has no %q: %w", clip(name), runners.ErrMalformed)
}

// small reads content that is text.
func (s *source) small(name string) ([]byte, error) {
	p, err := s.find(name)
	if err != nil {
		return nil, err
	}
	if p.size > s.bounds.text {
		return nil, fmt.Errorf("%q has %d bytes, at most %d are read: %w", clip(name), p.size, s.bounds.text, runners.ErrTooLarge)
	}
	b := make([]byte, p.size)
	if _, err := s.r.ReadAt(b, p.at); err != nil {
		return nil, fmt.Errorf("read %q: %w", clip(name), malformed(err))
	}
	return b, nil
}
