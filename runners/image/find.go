package image

import (
	"bytes"
	"encoding/json"
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

// describe gives the names of the image's parts.
func (s *source) describe() (d tarball.Descriptor, err error) {
	if s.has(manifestFile) {
		var all tarball.Manifest
		if err := s.decode(manifestFile, &all); err != nil {
			return d, err
		}
		if len(all) != 1 {
			return d, fmt.Errorf("the archive holds %d images, one is taken (docker save IMAGE): %w", len(all), runners.ErrMalformed)
		}
		return all[0], nil
	}
	if !s.has(indexFile) {
		return d, fmt.Errorf("a tar without %s and %s, which is not an image: %w", manifestFile, indexFile, runners.ErrMalformed)
	}
	name, err := s.manifest()
	if err != nil {
		return d, err
	}
	var m v1.Manifest
	if err := s.decode(name, &m); err != nil {
		return d, err
	}
	if d.Config, err = blobName(m.Config); err != nil {
		return d, err
	}
	for _, l := range m.Layers {
		name, err := blobName(l)
		if err != nil {
			return d, err
		}
		d.Layers = append(d.Layers, name)
	}
	return d, nil
}

// manifest goes from an OCI layout's index, over further ones, to the manifest
// for this machine, and gives its name.
func (s *source) manifest() (name string, err error) {
	const mostIndices = 4
	name = indexFile
	for range mostIndices {
		var index v1.IndexManifest
		if err := s.decode(name, &index); err != nil {
			return "", err
		}
		// What builders put beside images for other purposes is for an unknown
		// platform.
		fit := slices.DeleteFunc(slices.Clone(index.Manifests), func(d v1.Descriptor) bool {
			return d.Platform != nil && (d.Platform.OS != "linux" || d.Platform.Architecture != runtime.GOARCH)
		})
		if len(fit) != 1 {
			return "", fmt.Errorf("an index has %d images of %d for this machine, one is taken: %w", len(fit), len(index.Manifests), runners.ErrMalformed)
		}
		if name, err = blobName(fit[0]); err != nil || !fit[0].MediaType.IsIndex() {
			return name, err
		}
	}
	return "", fmt.Errorf("an index of indices, %d deep: %w", mostIndices, runners.ErrMalformed)
}

// blobName gives the name of what a layout says the digest of.
func blobName(d v1.Descriptor) (string, error) {
	return blobs + d.Digest.Hex, known(d.Digest)
}

// known refuses digests of other kinds than that which all engines write.
func known(h v1.Hash) error {
	if h.Algorithm != "sha256" {
		return fmt.Errorf("%q is not a digest of SHA-256: %w", clip(h.String()), runners.ErrMalformed)
	}
	return nil
}

// digestIn gives the digest that a name consists of, and else the zero value.
func digestIn(name string) (h v1.Hash) {
	if sum, ok := strings.CutPrefix(name, blobs); ok {
		h, _ = v1.NewHash("sha256:" + sum)
	}
	return h
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

// small reads content that is text, and compares it with the digest in its name
// if there is one.
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
	if want := digestIn(name); want != (v1.Hash{}) {
		if got, _, err := v1.SHA256(bytes.NewReader(b)); err != nil || got != want {
			return nil, fmt.Errorf("%q does not match the digest in its name: %w", clip(name), runners.ErrMalformed)
		}
	}
	return b, nil
}

func (s *source) decode(name string, v any) error {
	text, err := s.small(name)
	if err != nil {
		return err
	}
	return decode(clip(name), text, v)
}

func decode(what string, text []byte, v any) error {
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%q is invalid (%s): %w", what, clip(err.Error()), runners.ErrMalformed)
	}
	return nil
}
