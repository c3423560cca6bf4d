package image

import (
	"archive/tar"
	"bytes"
	"fmt"
	"time"
)

// Tree composes the tar of a layer in memory. All entries belong to root and
// to no time. Its first error is Layer's.
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

// Link adds a symbolic link.
func (t *Tree) Link(name, target string) {
	t.add(tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: target, Mode: 0o777}, nil)
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

// Layer gives what has been added. Nothing can be added afterwards.
func (t *Tree) Layer() (Layer, error) {
	if t.err == nil {
		t.err = t.w.Close()
	}
	if t.err != nil {
		return Layer{}, fmt.Errorf("compose a layer: %w", t.err)
	}
	return layerOf(t.buf.Bytes()), nil
}
