package size

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/image"
)

// registryLevel of gzip is what `docker push` and most registries' clients use.
const registryLevel = 6

// isContainer says whether a runner ships a binary as the image that holds it.
func isContainer(runner string) bool {
	e, _ := runners.Find(runner)
	return slices.Contains(e.Takes, runners.Image)
}

// sizes measures a module or binary, the layers of an image, or the one layer
// of the image from scratch that a binary is shipped in.
func sizes(ctx context.Context, a runners.Artefact, contained bool) ([]results.Metric, error) {
	metrics, err := read(ctx, a, contained)
	if err != nil {
		return nil, fmt.Errorf("find the size of %s: %w", filepath.Base(a.Path), err)
	}
	return metrics, nil
}

func read(ctx context.Context, a runners.Artefact, contained bool) ([]results.Metric, error) {
	switch {
	case a.Kind == runners.Image:
		archive, err := image.Open(a.Path)
		if err != nil {
			return nil, err
		}
		defer archive.Close()
		return layerSizes(ctx, archive.Layers())
	case contained:
		layer, err := scratchLayer(a)
		if err != nil {
			return nil, err
		}
		return layerSizes(ctx, []image.Layer{layer})
	}
	f, err := os.Open(a.Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	_, n, err := compress(ctx, f)
	return []results.Metric{compressed.Of(float64(n))}, err
}

// scratchLayer holds an executable and its files: what `FROM scratch` and
// `COPY` make of them.
func scratchLayer(a runners.Artefact) (image.Layer, error) {
	executable, err := os.ReadFile(a.Path)
	if err != nil {
		return image.Layer{}, err
	}
	name := filepath.Base(a.Path)
	files, err := image.ReadFiles(a.Files, name)
	if err != nil {
		return image.Layer{}, err
	}
	t := image.NewTree(len(executable))
	t.File(name, 0o755, executable)
	for _, f := range files {
		t.File(f.Name, 0o444, f.Content)
	}
	return t.Layer()
}

func layerSizes(ctx context.Context, list []image.Layer) ([]results.Metric, error) {
	var unpacked, packed uint64
	for _, l := range list {
		r, err := l.Open()
		if err != nil {
			return nil, err
		}
		u, c, err := compress(ctx, r)
		if err != nil {
			return nil, err
		}
		unpacked, packed = unpacked+u, packed+c
	}
	return []results.Metric{
		compressed.Of(float64(packed)), uncompressed.Of(float64(unpacked)), layers.Of(float64(len(list))),
	}, nil
}

// compress counts what is read, and what gzip makes of it. It ends early when
// the context does.
func compress(ctx context.Context, r io.Reader) (read, written uint64, err error) {
	var out counter
	z, err := gzip.NewWriterLevel(&out, registryLevel)
	if err != nil {
		return 0, 0, err
	}
	n, err := io.Copy(z, interruptible{ctx, r})
	if err != nil {
		return 0, 0, err
	}
	if err := z.Close(); err != nil {
		return 0, 0, err
	}
	return uint64(n), uint64(out), nil
}

// interruptible is a reader that fails when its context has ended.
type interruptible struct {
	ctx context.Context
	io.Reader
}

func (r interruptible) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// counter counts the bytes that are written to it.
type counter uint64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
