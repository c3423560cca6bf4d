package image

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"sync"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/partial"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"edgebench/runners"
)

// Layer is a layer of an image: a tar, or a gzipped tar. Compressed gives it as
// it is stored, which may be uncompressed.
type Layer struct{ v1.Layer }

// Open gives the layer's tar, bounded in size.
func (l Layer) Open() (io.Reader, error) {
	plain, err := l.plain()
	if err != nil {
		return nil, err
	}
	if plain {
		// Uncompressed would hide the Seek method of a layer in a file, by which
		// a reader of the tar skips contents.
		return l.Compressed()
	}
	r, err := l.Uncompressed()
	if err != nil {
		return nil, fmt.Errorf("decompress a layer: %w", malformed(err))
	}
	left := standard.content
	return meter{r, &left}, nil
}

func (l Layer) plain() (bool, error) {
	mediaType, err := l.MediaType()
	return mediaType == types.OCIUncompressedLayer, err
}

// OpenLayer makes a layer of the tar in an open file, and reads it to find its
// digest. The file must stay open for as long as the layer is used.
func OpenLayer(f *os.File) (Layer, error) {
	info, err := f.Stat()
	if err != nil {
		return Layer{}, err
	}
	digest, size, err := v1.SHA256(io.NewSectionReader(f, 0, info.Size()))
	if err != nil {
		return Layer{}, fmt.Errorf("read a layer: %w", err)
	}
	return part{size: size}.layer(f, digest, digest)
}

// The first bytes of compressed files.
var (
	gzipMagic     = []byte{0x1f, 0x8b}
	refusedMagics = [][]byte{
		{0x28, 0xb5, 0x2f, 0xfd},   // zstd
		{0xfd, '7', 'z', 'X', 'Z'}, // xz
		{'B', 'Z', 'h'},            // bzip2
	}
)

// layer makes a layer of a part of a file. The digest of its tar is diffID, and
// that of the stored bytes is digest, which may be unknown (the zero value). The
// first is checked when the layer is unpacked.
func (p part) layer(file io.ReaderAt, diffID, digest v1.Hash) (Layer, error) {
	var head [8]byte
	n, err := file.ReadAt(head[:min(p.size, int64(len(head)))], p.at)
	if err != nil && err != io.EOF {
		return Layer{}, malformed(err)
	}
	for _, magic := range refusedMagics {
		if bytes.HasPrefix(head[:n], magic) {
			return Layer{}, fmt.Errorf("its compression is not gzip: %w", runners.ErrMalformed)
		}
	}
	s := &storedLayer{file: file, part: p, diffID: diffID, mediaType: types.OCIUncompressedLayer}
	s.digest = sync.OnceValues(func() (v1.Hash, error) {
		found, _, err := v1.SHA256(s.reader())
		return found, err
	})
	if bytes.HasPrefix(head[:n], gzipMagic) {
		s.mediaType = types.OCILayer
	} else {
		digest = diffID
	}
	if digest != (v1.Hash{}) {
		s.digest = func() (v1.Hash, error) { return digest, nil }
	}
	made, err := partial.CompressedToLayer(s)
	return Layer{made}, err
}

// storedLayer is a layer in a file. It implements partial.CompressedLayer and
// partial.WithDiffID.
type storedLayer struct {
	file io.ReaderAt
	part
	diffID    v1.Hash
	digest    func() (v1.Hash, error)
	mediaType types.MediaType
}

func (s *storedLayer) DiffID() (v1.Hash, error) { return s.diffID, nil }

func (s *storedLayer) Digest() (v1.Hash, error) { return s.digest() }

func (s *storedLayer) Size() (int64, error) { return s.size, nil }

func (s *storedLayer) MediaType() (types.MediaType, error) { return s.mediaType, nil }

func (s *storedLayer) Compressed() (io.ReadCloser, error) { return unclosed{s.reader()}, nil }

func (s *storedLayer) reader() *io.SectionReader { return io.NewSectionReader(s.file, s.at, s.size) }

// unclosed is a part of a file that others close. Unlike with io.NopCloser, it
// stays an io.Seeker.
type unclosed struct{ *io.SectionReader }

func (unclosed) Close() error { return nil }
