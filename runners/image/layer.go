package image

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"

	"github.com/opencontainers/go-digest"

	"edgebench/runners"
)

// Layer is a layer of an image: a tar, or a gzipped one.
type Layer struct {
	blob
	// id is the digest of the tar.
	id digest.Digest
}

// blob is a range of bytes. Its digest is "" until it is known.
type blob struct {
	r        io.ReaderAt
	at, size int64
	digest   digest.Digest
	gzipped  bool
}

func (b blob) reader() *io.SectionReader { return io.NewSectionReader(b.r, b.at, b.size) }

// The first bytes of compressed files.
var (
	gzipMagic = []byte{0x1f, 0x8b}
	otherways = [][]byte{
		{0x28, 0xb5, 0x2f, 0xfd},   // zstd
		{0xfd, '7', 'z', 'X', 'Z'}, // xz
		{'B', 'Z', 'h'},            // bzip2
	}
)

// layer makes a layer of a blob whose tar has the digest id, if the archive
// says the truth.
func (b blob) layer(id digest.Digest) (Layer, error) {
	var head [8]byte
	n, err := b.r.ReadAt(head[:min(b.size, int64(len(head)))], b.at)
	if err != nil && err != io.EOF {
		return Layer{}, malformed(err)
	}
	for _, magic := range otherways {
		if bytes.HasPrefix(head[:n], magic) {
			return Layer{}, fmt.Errorf("it is compressed in another way than by gzip: %w", runners.ErrMalformed)
		}
	}
	b.gzipped = bytes.HasPrefix(head[:n], gzipMagic)
	if !b.gzipped {
		b.digest = id
	}
	return Layer{b, id}, nil
}

// Open gives the layer's tar. One that is not compressed is an io.Seeker too.
func (l Layer) Open() (io.Reader, error) {
	if !l.gzipped {
		return l.reader(), nil
	}
	z, err := gzip.NewReader(bufio.NewReader(l.reader()))
	if err != nil {
		return nil, fmt.Errorf("unpack a layer: %w", malformed(err))
	}
	left := standard.content
	return meter{z, &left}, nil
}

// OpenLayer makes a layer of the tar in an open file, and reads it to know its
// digest. The file must stay open for as long as the layer is used.
func OpenLayer(f *os.File) (Layer, error) {
	info, err := f.Stat()
	if err != nil {
		return Layer{}, err
	}
	b := blob{r: f, size: info.Size()}
	if b.digest, err = digest.SHA256.FromReader(b.reader()); err != nil {
		return Layer{}, fmt.Errorf("read a layer: %w", err)
	}
	return Layer{b, b.digest}, nil
}

func layerOf(tar []byte) Layer {
	b := blob{r: bytes.NewReader(tar), size: int64(len(tar)), digest: digest.FromBytes(tar)}
	return Layer{b, b.digest}
}
