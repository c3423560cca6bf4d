package image

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"edgebench/runners"
)

// manifestFile is where a docker archive begins.
const manifestFile = "manifest.json"

// blobs is the folder of what is named by its digest.
const blobs = "blobs/sha256/"

// dockerManifest is an entry of a docker archive's manifest.json.
type dockerManifest struct {
	Config   string
	RepoTags []string
	Layers   []string
}

// docker goes the way of a docker archive, which has names for all parts.
func (s *source) docker() (*pieces, error) {
	text, err := s.small(manifestFile)
	if err != nil {
		return nil, err
	}
	var all []dockerManifest
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
		b := blob{r: s.r, at: p.at, size: p.size}
		if sum, ok := strings.CutPrefix(name, blobs); ok {
			b.digest = digest.NewDigestFromEncoded(digest.SHA256, sum)
		}
		f.layers = append(f.layers, b)
	}
	return f, nil
}

// layout goes the way of an OCI layout: from the index, over further ones, to
// the manifest for this machine.
func (s *source) layout() (*pieces, error) {
	text, err := s.small(ocispec.ImageIndexFile)
	if err != nil {
		return nil, err
	}
	const mostIndices = 4
	for range mostIndices {
		var index ocispec.Index
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
		if !isIndex(chosen.MediaType) {
			return s.manifest(text)
		}
	}
	return nil, fmt.Errorf("an index of indices, %d deep: %w", mostIndices, runners.ErrMalformed)
}

func isIndex(mediaType string) bool {
	return mediaType == ocispec.MediaTypeImageIndex || mediaType == "application/vnd.docker.distribution.manifest.list.v2+json"
}

// choose finds the one manifest for this machine. What builders put beside
// images for other purposes is for an unknown platform.
func choose(all []ocispec.Descriptor) (ocispec.Descriptor, error) {
	fit := slices.DeleteFunc(slices.Clone(all), func(d ocispec.Descriptor) bool {
		return d.Platform != nil && (d.Platform.OS != "linux" || d.Platform.Architecture != runtime.GOARCH)
	})
	if len(fit) != 1 {
		return ocispec.Descriptor{}, fmt.Errorf("an index has %d images of %d for this machine, one is taken: %w", len(fit), len(all), runners.ErrMalformed)
	}
	return fit[0], nil
}

func (s *source) manifest(text []byte) (*pieces, error) {
	var m ocispec.Manifest
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
		p, err := s.find(blobs + d.Digest.Encoded())
		if err != nil {
			return nil, err
		}
		f.layers = append(f.layers, blob{r: s.r, at: p.at, size: p.size, digest: d.Digest})
	}
	return f, nil
}

// blob reads text by its digest.
func (s *source) blob(d digest.Digest) ([]byte, error) {
	if err := known(d); err != nil {
		return nil, err
	}
	text, err := s.small(blobs + d.Encoded())
	if err != nil {
		return nil, err
	}
	if digest.FromBytes(text) != d {
		return nil, fmt.Errorf("%s holds what it does not name: %w", d, runners.ErrMalformed)
	}
	return text, nil
}
