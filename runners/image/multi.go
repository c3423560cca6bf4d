package image

import (
	"fmt"
	"slices"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/google/go-containerregistry/pkg/v1/validate"

	"edgebench/runners"
)

// Member is an image of a multi-architecture index.
type Member struct {
	// Architecture is Go's name.
	Architecture string
	// Digest is that of the manifest.
	Digest string
	// Size is what a registry holds of the image: manifest, configuration and compressed
	// layers, in bytes.
	Size uint64
}

// WriteIndex writes images into a folder as an OCI layout, with one index that names
// them by architecture. Each must be made for another one.
func WriteIndex(folder string, images ...*Image) error {
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, i := range images {
		config, err := i.ConfigFile()
		if err != nil {
			return fmt.Errorf("write the index: %w", err)
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add:        i.Image,
			Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: config.OS, Architecture: config.Architecture}},
		})
	}
	if _, err := layout.Write(folder, index); err != nil {
		return fmt.Errorf("write the index: %w", err)
	}
	return nil
}

// ReadIndex reads an OCI layout, compares all digests and sizes with the content, and
// lists the images. One whose configuration names another architecture than the index
// is an error that wraps runners.ErrMalformed.
func ReadIndex(folder string) ([]Member, error) {
	index, err := layout.ImageIndexFromPath(folder)
	if err != nil {
		return nil, fmt.Errorf("read the index: %w", err)
	}
	if err := validate.Index(index); err != nil {
		return nil, fmt.Errorf("read the index: %w: %w", runners.ErrMalformed, err)
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, fmt.Errorf("read the index: %w", err)
	}
	var all []Member
	for _, d := range manifest.Manifests {
		i, err := index.Image(d.Digest)
		if err != nil {
			return nil, fmt.Errorf("read the image %s: %w", d.Digest, err)
		}
		m, err := member(i, d)
		if err != nil {
			return nil, fmt.Errorf("read the image %s: %w", d.Digest, err)
		}
		if slices.ContainsFunc(all, func(x Member) bool { return x.Architecture == m.Architecture }) {
			return nil, fmt.Errorf("the index has two images for %s: %w", m.Architecture, runners.ErrMalformed)
		}
		all = append(all, m)
	}
	return all, nil
}

func member(i v1.Image, d v1.Descriptor) (m Member, err error) {
	config, err := i.ConfigFile()
	if err != nil {
		return m, err
	}
	if d.Platform == nil || d.Platform.Architecture != config.Architecture || d.Platform.OS != config.OS {
		return m, fmt.Errorf("its configuration is for %s/%s, which the index does not say: %w", config.OS, config.Architecture, runners.ErrMalformed)
	}
	manifest, err := i.Manifest()
	if err != nil {
		return m, err
	}
	m = Member{Architecture: config.Architecture, Digest: d.Digest.String(), Size: uint64(d.Size + manifest.Config.Size)}
	for _, l := range manifest.Layers {
		m.Size += uint64(l.Size)
	}
	return m, nil
}

// Gzip gives the same layer compressed at a level, as a registry holds it.
func (l Layer) Gzip(level int) (Layer, error) {
	made, err := tarball.LayerFromOpener(l.Uncompressed, tarball.WithCompressionLevel(level), tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return Layer{}, fmt.Errorf("compress the layer: %w", err)
	}
	return Layer{made}, nil
}
