package docker

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// Places in the image's root file system.
const (
	workload = "workload" // the executable
	harness  = "harness"  // where the folder with the socket is mounted
	saltFile = "salt"     // makes the layer one of its kind
)

const (
	repository = "edgebench"
	blobs      = "blobs/sha256/"
)

// archive is an image as it is shipped: a tar that is a docker archive, which
// every engine reads, and an OCI layout at once.
type archive struct {
	bytes []byte
	name  string // repository:tag
	// ids are the names under which a store may then have the image: an older
	// one by the digest of its configuration, a newer one by its manifest's.
	ids []string
}

// newArchive makes the archive of a static executable. It depends on its
// arguments and on nothing else, the time included. The salt is hexadecimal.
func newArchive(executable []byte, salt, scope string) (*archive, error) {
	layer, err := newLayer(executable, salt)
	if err != nil {
		return nil, err
	}
	began := time.Unix(0, 0).UTC()
	config := ocispec.Image{
		Created:  &began,
		Platform: ocispec.Platform{Architecture: runtime.GOARCH, OS: "linux"},
		Config:   ocispec.ImageConfig{Entrypoint: []string{"/" + workload}, Labels: map[string]string{label: scope}},
		RootFS:   ocispec.RootFS{Type: "layers", DiffIDs: []digest.Digest{digest.FromBytes(layer)}},
	}
	layout := newLayout(len(layer))
	a := &archive{name: repository + ":" + salt}
	layerAt := layout.blob(ocispec.MediaTypeImageLayer, layer)
	configAt := layout.json(ocispec.MediaTypeImageConfig, config)
	manifestAt := layout.json(ocispec.MediaTypeImageManifest, ocispec.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest,
		Config: configAt, Layers: []ocispec.Descriptor{layerAt},
	})
	a.ids = []string{configAt.Digest.String(), manifestAt.Digest.String()}
	manifestAt.Annotations = map[string]string{
		"io.containerd.image.name": "docker.io/library/" + a.name,
		ocispec.AnnotationRefName:  salt,
	}
	layout.file(ocispec.ImageIndexFile, ocispec.Index{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageIndex,
		Manifests: []ocispec.Descriptor{manifestAt},
	})
	layout.file("manifest.json", []dockerManifest{{
		Config: blobs + configAt.Digest.Encoded(), RepoTags: []string{a.name}, Layers: []string{blobs + layerAt.Digest.Encoded()},
	}})
	layout.file(ocispec.ImageLayoutFile, ocispec.ImageLayout{Version: ocispec.ImageLayoutVersion})
	a.bytes, err = layout.close()
	return a, err
}

// dockerManifest is an entry of a docker archive's manifest.json.
type dockerManifest struct {
	Config   string
	RepoTags []string
	Layers   []string
}

// newLayer makes the tar of the root file system.
func newLayer(executable []byte, salt string) ([]byte, error) {
	t := newTar(len(executable))
	t.dir(harness)
	t.write(saltFile, 0o444, []byte(salt))
	t.write(workload, 0o755, executable)
	return t.close()
}

// layout collects the files of an archive.
type layout struct{ *tarball }

func newLayout(size int) layout {
	l := layout{newTar(size)}
	l.dir("blobs")
	l.dir("blobs/sha256")
	return l
}

// blob adds content by its digest and describes it.
func (l layout) blob(mediaType string, b []byte) ocispec.Descriptor {
	d := ocispec.Descriptor{MediaType: mediaType, Digest: digest.FromBytes(b), Size: int64(len(b))}
	l.write(blobs+d.Digest.Encoded(), 0o644, b)
	return d
}

func (l layout) json(mediaType string, v any) ocispec.Descriptor {
	return l.blob(mediaType, l.marshal(v))
}

func (l layout) file(name string, v any) { l.write(name, 0o644, l.marshal(v)) }

func (l layout) marshal(v any) []byte {
	b, err := json.Marshal(v)
	l.fail(err)
	return b
}

// tarball is a tar in memory whose entries belong to root and to no time. Its
// first error is close's.
type tarball struct {
	buf bytes.Buffer
	w   *tar.Writer
	err error
}

func newTar(size int) *tarball {
	const overhead = 16 << 10 // headers and small files
	t := &tarball{}
	t.buf.Grow(size + overhead)
	t.w = tar.NewWriter(&t.buf)
	return t
}

func (t *tarball) fail(err error) {
	if t.err == nil {
		t.err = err
	}
}

func (t *tarball) dir(name string) {
	t.fail(t.w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: 0o755, ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}))
}

func (t *tarball) write(name string, mode int64, b []byte) {
	t.fail(t.w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(b)), Mode: mode, ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}))
	_, err := t.w.Write(b)
	t.fail(err)
}

func (t *tarball) close() ([]byte, error) {
	t.fail(t.w.Close())
	if t.err != nil {
		return nil, fmt.Errorf("compose the image's archive: %w", t.err)
	}
	return t.buf.Bytes(), nil
}
