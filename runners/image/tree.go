package image

import (
	"archive/tar"
	"bytes"
	"fmt"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Tree composes the tar of a layer in memory. All entries belong to root and
// their time is the epoch. Layer returns the first error.
type Tree struct {
	buf bytes.Buffer
	w   *tar.Writer
	err error
}

// NewTree returns an empty tree with room for so many bytes of content.
func NewTree(size int) *Tree {
	const headers = 8 << 10
	t := &Tree{}
	t.buf.Grow(size + headers)
	t.w = tar.NewWriter(&t.buf)
	return t
}

// Dir adds a folder. Names have no slash in front.
func (t *Tree) Dir(name string) {
	t.add(tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: 0o755}, nil)
}

// File adds a file with permission bits as chmod has them.
func (t *Tree) File(name string, mode int64, content []byte) {
	t.add(tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode, Size: int64(len(content))}, content)
}

func (t *Tree) add(h tar.Header, content []byte) {
	if t.err != nil {
		return
	}
	h.ModTime, h.Format = time.Unix(0, 0), tar.FormatUSTAR
	if t.err = t.w.WriteHeader(&h); t.err == nil {
		_, t.err = t.w.Write(content)
	}
}

// Layer returns what has been added, uncompressed. Nothing can be added
// afterwards.
func (t *Tree) Layer() (Layer, error) {
	if t.err == nil {
		t.err = t.w.Close()
	}
	if t.err != nil {
		return Layer{}, fmt.Errorf("compose a layer: %w", t.err)
	}
	return Layer{static.NewLayer(t.buf.Bytes(), types.OCIUncompressedLayer)}, nil
}
