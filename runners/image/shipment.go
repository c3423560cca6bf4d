package image

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// Shipment is an image as it is sent: a docker archive, which every engine
// reads, and an OCI layout at once.
type Shipment struct {
	// Name is REPOSITORY:TAG.
	Name string
	// IDs are the names under which a store may then have the image: an older
	// one by the digest of its configuration, a newer one by its manifest's.
	IDs []string
	// Size of what Reader gives, in bytes.
	Size int64

	pieces []io.ReaderAt
	sizes  []int64
	held   map[digest.Digest]bool
	err    error
}

// Ship puts the image under a name into an archive. It reads a layer only if
// nobody has said what the digest of its compressed bytes is.
func (m *Image) Ship(repository, tag string) (*Shipment, error) {
	s := &Shipment{Name: repository + ":" + tag, held: map[digest.Digest]bool{}}
	s.dir("blobs")
	s.dir("blobs/sha256")
	docker := dockerManifest{RepoTags: []string{s.Name}, Layers: []string{}}
	manifest := ocispec.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest,
		Config: s.text(ocispec.MediaTypeImageConfig, m.config), Layers: []ocispec.Descriptor{},
	}
	docker.Config = pathOf(manifest.Config)
	for _, l := range m.layers {
		d := s.layer(l)
		manifest.Layers = append(manifest.Layers, d)
		docker.Layers = append(docker.Layers, pathOf(d))
	}
	at := s.text(ocispec.MediaTypeImageManifest, s.marshal(manifest))
	s.IDs = []string{manifest.Config.Digest.String(), at.Digest.String()}
	at.Annotations = map[string]string{
		"io.containerd.image.name": "docker.io/library/" + s.Name,
		ocispec.AnnotationRefName:  tag,
	}
	s.file(ocispec.ImageIndexFile, s.marshal(ocispec.Index{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageIndex,
		Manifests: []ocispec.Descriptor{at},
	}))
	s.file(manifestFile, s.marshal([]dockerManifest{docker}))
	s.file(ocispec.ImageLayoutFile, s.marshal(ocispec.ImageLayout{Version: ocispec.ImageLayoutVersion}))
	s.add(bytes.NewReader(make([]byte, 2*blockSize)), 2*blockSize) // the end of a tar
	if s.err != nil {
		return nil, fmt.Errorf("compose the image's archive: %w", s.err)
	}
	return s, nil
}

func pathOf(d ocispec.Descriptor) string { return blobs + d.Digest.Encoded() }

// Reader gives the archive from its beginning.
func (s *Shipment) Reader() io.Reader {
	all := make([]io.Reader, len(s.pieces))
	for i, p := range s.pieces {
		all[i] = io.NewSectionReader(p, 0, s.sizes[i])
	}
	return io.MultiReader(all...)
}

// layer adds a layer as it is stored.
func (s *Shipment) layer(l Layer) ocispec.Descriptor {
	d := ocispec.Descriptor{MediaType: ocispec.MediaTypeImageLayer, Digest: l.digest, Size: l.size}
	if l.gzipped {
		d.MediaType = ocispec.MediaTypeImageLayerGzip
	}
	if d.Digest == "" {
		var err error
		if d.Digest, err = digest.SHA256.FromReader(l.reader()); err != nil {
			s.fail(fmt.Errorf("read a layer: %w", err))
		}
	}
	s.blob(d, l.reader())
	return d
}

func (s *Shipment) text(mediaType string, b []byte) ocispec.Descriptor {
	d := ocispec.Descriptor{MediaType: mediaType, Digest: digest.FromBytes(b), Size: int64(len(b))}
	s.blob(d, bytes.NewReader(b))
	return d
}

// blob adds content by its digest, once.
func (s *Shipment) blob(d ocispec.Descriptor, content io.ReaderAt) {
	if !s.held[d.Digest] {
		s.held[d.Digest] = true
		s.entry(tar.Header{Typeflag: tar.TypeReg, Name: pathOf(d), Mode: 0o644, Size: d.Size}, content)
	}
}

func (s *Shipment) dir(name string) {
	s.entry(tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: 0o755}, nil)
}

func (s *Shipment) file(name string, b []byte) {
	s.entry(tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: int64(len(b))}, bytes.NewReader(b))
}

// blockSize is that of a tar, in bytes: contents are filled up to whole blocks.
const blockSize = 512

// entry adds an entry of the tar in up to three pieces, so that the content
// stays where it is.
func (s *Shipment) entry(h tar.Header, content io.ReaderAt) {
	h.ModTime, h.Format = time.Unix(0, 0), tar.FormatUSTAR
	var head bytes.Buffer
	if err := tar.NewWriter(&head).WriteHeader(&h); err != nil {
		s.fail(err)
		return
	}
	s.add(bytes.NewReader(head.Bytes()), int64(head.Len()))
	s.add(content, h.Size)
	fill := (blockSize - h.Size%blockSize) % blockSize
	s.add(bytes.NewReader(make([]byte, fill)), fill)
}

func (s *Shipment) add(r io.ReaderAt, size int64) {
	if size > 0 {
		s.pieces, s.sizes = append(s.pieces, r), append(s.sizes, size)
		s.Size += size
	}
}

func (s *Shipment) marshal(v any) []byte {
	b, err := json.Marshal(v)
	s.fail(err)
	return b
}

func (s *Shipment) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}
