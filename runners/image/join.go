package image

import (
	"bytes"
	"fmt"
	"io"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/partial"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"edgebench/runners"
)

// MostLayers are the layers that Docker's engine takes of one image
// (https://github.com/moby/moby/issues/25957).
const MostLayers = 125

// joined is a layer with the entries of a small tar in front of those of another layer,
// uncompressed. It implements partial.CompressedLayer and partial.WithDiffID.
type joined struct {
	first  []byte // without the end of the tar
	second Layer
	hash   v1.Hash
	size   int64
}

// join makes a layer with the files of both. The first is kept in memory, the second is
// read to find the digest and must stay open.
func join(first, second Layer) (Layer, error) {
	r, err := first.Open()
	if err != nil {
		return Layer{}, err
	}
	const most = 1 << 20
	head, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return Layer{}, err
	}
	if len(head) > most {
		return Layer{}, fmt.Errorf("the files that are added have more than %d bytes: %w", most, runners.ErrTooLarge)
	}
	j := &joined{first: bytes.TrimSuffix(head, make([]byte, tarEnd)), second: second}
	all, err := j.open()
	if err != nil {
		return Layer{}, err
	}
	if j.hash, j.size, err = v1.SHA256(all); err != nil {
		return Layer{}, malformed(err)
	}
	made, err := partial.CompressedToLayer(j)
	return Layer{made}, err
}

// tarEnd is how many zero bytes end a tar.
const tarEnd = 1024

func (j *joined) open() (io.Reader, error) {
	rest, err := j.second.Open()
	if err != nil {
		return nil, err
	}
	return io.MultiReader(bytes.NewReader(j.first), rest), nil
}

func (j *joined) DiffID() (v1.Hash, error) { return j.hash, nil }

func (j *joined) Digest() (v1.Hash, error) { return j.hash, nil }

func (j *joined) Size() (int64, error) { return j.size, nil }

func (j *joined) MediaType() (types.MediaType, error) { return types.OCIUncompressedLayer, nil }

func (j *joined) Compressed() (io.ReadCloser, error) {
	all, err := j.open()
	return io.NopCloser(all), err
}
