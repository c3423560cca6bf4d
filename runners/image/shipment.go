package image

import (
	"fmt"
	"io"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// Shipment is an image as it is sent: a docker archive, which every engine
// reads.
type Shipment struct {
	// Name is REPOSITORY:TAG.
	Name string
	// ID is the digest of the configuration. Docker's own store and Podman's name
	// the image by it; containerd's by a manifest that it writes itself.
	ID string
	// DiffIDs are the digests of the layers' tars, from the lowest.
	DiffIDs []string
	// Size of what Reader gives, in bytes.
	Size int64

	tag   name.Tag
	image *Image
}

// Ship puts the image under a name into an archive.
func (m *Image) Ship(repository, tag string) (*Shipment, error) {
	s := &Shipment{Name: repository + ":" + tag, image: m}
	var err error
	if s.tag, err = name.NewTag(s.Name); err != nil {
		return nil, fmt.Errorf("name the image: %w", err)
	}
	id, err := m.ConfigName()
	if err != nil {
		return nil, fmt.Errorf("compose the image's archive: %w", err)
	}
	s.ID = id.String()
	config, err := m.ConfigFile()
	if err != nil {
		return nil, fmt.Errorf("compose the image's archive: %w", err)
	}
	for _, h := range config.RootFS.DiffIDs {
		s.DiffIDs = append(s.DiffIDs, h.String())
	}
	if s.Size, err = tarball.CalculateSize(map[name.Reference]v1.Image{s.tag: m}); err != nil {
		return nil, fmt.Errorf("compose the image's archive: %w", err)
	}
	return s, nil
}

// Reader gives the archive from its beginning. It must be read to its end or be
// closed.
func (s *Shipment) Reader() io.ReadCloser {
	r, w := io.Pipe()
	go func() { w.CloseWithError(tarball.Write(s.tag, s.image, w)) }()
	return r
}
