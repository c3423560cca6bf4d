package bench

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/image"
)

// registryLevel of gzip is what `docker push` and most registries' clients use.
const registryLevel = 6

// sizeKey names what is measured once: a build as it is, or as the image that
// holds it alone.
type sizeKey struct {
	buildKey
	contained bool
}

// startSizing begins to find out how large the artefacts are that the plan asks
// about, while they are prepared. What it returns waits for the end, which comes
// before the first trial: compressing disturbs no measurement. An artefact that
// can't be read fails its trials with the reason.
func (x *experiment) startSizing(ctx context.Context, b builds) (wait func() error) {
	found := make(chan map[trial.Build]trial.Sized)
	go func() { found <- x.measureSizes(ctx, b) }()
	return func() error {
		x.observer.Step("compressing what is shipped")
		if x.lab.Sizes = <-found; ctx.Err() != nil {
			return ErrInterrupted
		}
		return nil
	}
}

// measureSizes measures each artefact once.
func (x *experiment) measureSizes(ctx context.Context, b builds) map[trial.Build]trial.Sized {
	found, done := map[trial.Build]trial.Sized{}, map[sizeKey]trial.Sized{}
	for _, t := range x.run.Plan.Trials {
		if t.Experiment != results.Size {
			continue
		}
		e, _ := runners.Find(t.Cell.Runner)
		key := sizeKey{x.house.keyFor(t.Cell), slices.Contains(e.Takes, runners.Image)}
		if _, ok := done[key]; !ok {
			done[key] = sized(ctx, b[key.buildKey], key.contained)
		}
		found[trial.BuildOf(t.Cell)] = done[key]
	}
	return found
}

func sized(ctx context.Context, made built, contained bool) trial.Sized {
	if made.err != nil {
		return trial.Sized{Err: made.err}
	}
	metrics, err := sizes(ctx, made.Artefact, contained)
	if err != nil {
		err = fmt.Errorf("find the size of %s: %w", made.Path, err)
	}
	return trial.Sized{Metrics: metrics, Err: err}
}

// sizes measures a module or binary, the layers of an image, or the one layer
// of the image from scratch that a binary is shipped in.
func sizes(ctx context.Context, a runners.Artefact, contained bool) ([]results.Metric, error) {
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
	_, compressed, err := compress(ctx, f)
	return []results.Metric{bytesOf(results.CompressedSize, compressed)}, err
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

func layerSizes(ctx context.Context, layers []image.Layer) ([]results.Metric, error) {
	var unpacked, compressed uint64
	for _, l := range layers {
		r, err := l.Open()
		if err != nil {
			return nil, err
		}
		u, c, err := compress(ctx, r)
		if err != nil {
			return nil, err
		}
		unpacked, compressed = unpacked+u, compressed+c
	}
	return []results.Metric{
		bytesOf(results.CompressedSize, compressed), bytesOf(results.UncompressedSize, unpacked),
		{Name: results.Layers, Unit: results.Count, Values: []float64{float64(len(layers))}},
	}, nil
}

func bytesOf(name string, n uint64) results.Metric {
	return results.Metric{Name: name, Unit: results.Bytes, Values: []float64{float64(n)}}
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
