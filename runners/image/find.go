package image

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"edgebench/runners"
)

const (
	manifestFile = "manifest.json" // where a docker archive begins
	indexFile    = "index.json"    // where an OCI layout begins
	blobs        = "blobs/sha256/" // the folder of what is named by its digest
)

// source is an archive that is being read.
type source struct {
	r      *io.SectionReader
	parts  map[string]part
	bounds bounds
}

// pieces are what an image consists of.
type pieces struct {
	config []byte
	layers []foundLayer
}

// foundLayer is a layer's part of an archive. The digest of its bytes is the
// zero value where the archive does not say it.
type foundLayer struct {
	part
	digest v1.Hash
}

// docker follows a docker archive, which has names for all parts.
func (s *source) docker() (*pieces, error) {
	text, err := s.small(manifestFile)
	if err != nil {
		return nil, err
	}
	var all tarball.Manifest
	if err := decode(manifestFile, text, &all); err != nil {
		return nil, err
	}
	if len(all) != 1 {
		return nil, fmt.Errorf("the archive holds %d images, one is taken (docker save IMAGE): %w", len(all), runners.ErrMalformed)
	}
	f := &pieces{}
	if f.config, err = s.small(all[0].Config); err != nil {
		return nil, err
	}
	for _, name := range all[0].Layers {
		p, err := s.find(name)
		if err != nil {
			return nil, err
		}
		l := foundLayer{part: p}
		if sum, ok := strings.CutPrefix(name, blobs); ok {
			l.digest, _ = v1.NewHash("sha256:" + sum) // else it is computed
		}
		f.layers = append(f.layers, l)
	}
	return f, nil
}

// layout follows an OCI layout: from the index, over further ones, to the
// manifest for this machine.
func (s *source) layout() (*pieces, error) {
	text, err := s.small(indexFile)
	if err != nil {
		return nil, err
	}
	const mostIndices = 4
	for range mostIndices {
		var index v1.IndexManifest
		if err := decode("an index", text, &index); err != nil {
			return nil, err
		}
		chosen, err := choose(index.Manifests)
		if err != nil {
			return nil, err
		}
		if text, err = s.blob(chosen.Digest); err != nil {
			return nil, err
		}
		if !chosen.MediaType.IsIndex() {
			return s.manifest(text)
		}
	}
	return nil, fmt.Errorf("an index of indices, %d deep: %w", mostIndices, runners.ErrMalformed)
}

// choose finds the one manifest for this machine. What builders put beside
// images for other purposes is for an unknown platform.
func choose(all []v1.Descriptor) (v1.Descriptor, error) {
	fit := slices.DeleteFunc(slices.Clone(all), func(d v1.Descriptor) bool {
		return d.Platform != nil && (d.Platform.OS != "linux" || d.Platform.Architecture != runtime.GOARCH)
	})
	if len(fit) != 1 {
		return v1.Descriptor{}, fmt.Errorf("an index has %d images of %d for this machine, one is taken: %w", len(fit), len(all), runners.ErrMalformed)
	}
	return fit[0], nil
}

func (s *source) manifest(text []byte) (*pieces, error) {
	var m v1.Manifest
	if err := decode("the manifest", text, &m); err != nil {
		return nil, err
	}
	f := &pieces{}
	var err error
	if f.config, err = s.blob(m.Config.Digest); err != nil {
		return nil, err
	}
	for _, d := range m.Layers {
		if err := known(d.Digest); err != nil {
			return nil, err
		}
		p, err := s.find(blobs + d.Digest.Hex)
		if err != nil {
			return nil, err
		}
		f.layers = append(f.layers, foundLayer{p, d.Digest})
	}
	return f, nil
}

// blob reads text by its digest.
func (s *source) blob(h v1.Hash) ([]byte, error) {
	if err := known(h); err != nil {
		return nil, err
	}
	text, err := s.small(blobs + h.Hex)
	if err != nil {
		return nil, err
	}
	if got, _, err := v1.SHA256(bytes.NewReader(text)); err != nil || got != h {
		return nil, fmt.Errorf("%s holds what it does not name: %w", h, runners.ErrMalformed)
	}
	return text, nil
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
