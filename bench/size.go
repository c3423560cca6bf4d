package bench

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
)

// registryLevel of gzip is what `docker push` and most registries' clients use.
const registryLevel = 6

// sizeKey names what is measured once: a build as it is, or as the image that
// holds it alone.
type sizeKey struct {
	buildKey
	contained bool
}

// measureSizes finds out how large the artefacts are that the plan asks about,
// each once and before the first trial, so that compressing disturbs no
// measurement. One that can't be read fails its trials with the reason.
func (x *experiment) measureSizes(ctx context.Context, b builds) error {
	done := map[sizeKey]trial.Sized{}
	for _, t := range x.run.Plan.Trials {
		if t.Experiment != results.Size {
			continue
		}
		e, _ := runners.Find(t.Cell.Runner)
		key := sizeKey{x.house.keyFor(t.Cell), slices.Contains(e.Takes, runners.Image)}
		if _, ok := done[key]; !ok {
			x.observer.Step(fmt.Sprintf("compressing %s in %s (%s)", key.workload, key.language, key.kind))
			done[key] = sized(ctx, b[key.buildKey], key.contained)
		}
		if ctx.Err() != nil {
			return ErrInterrupted
		}
		x.lab.Sizes[trial.BuildOf(t.Cell)] = done[key]
	}
	return nil
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
	if contained {
		return layerSizes(ctx, func(w io.Writer) error { return writeLayer(w, a) })
	}
	var registry counter
	if err := compress(ctx, &registry, func(w io.Writer) error { return pour(w, a.Path) }); err != nil {
		return nil, err
	}
	return []results.Metric{bytesOf(results.CompressedSize, uint64(registry))}, nil
}

// layerSizes measures layers that are each written by one of the functions.
func layerSizes(ctx context.Context, layers ...func(io.Writer) error) ([]results.Metric, error) {
	var registry, unpacked counter
	for _, write := range layers {
		both := func(w io.Writer) error { return write(io.MultiWriter(w, &unpacked)) }
		if err := compress(ctx, &registry, both); err != nil {
			return nil, err
		}
	}
	return []results.Metric{
		bytesOf(results.CompressedSize, uint64(registry)), bytesOf(results.UncompressedSize, uint64(unpacked)),
		{Name: results.Layers, Unit: results.Count, Values: []float64{float64(len(layers))}},
	}, nil
}

func bytesOf(name string, n uint64) results.Metric {
	return results.Metric{Name: name, Unit: results.Bytes, Values: []float64{float64(n)}}
}

// writeLayer writes the tar of a root file system with an executable and its
// files: what `FROM scratch` and `COPY` make of them.
func writeLayer(w io.Writer, a runners.Artefact) error {
	t := tar.NewWriter(w)
	files := []string{a.Path}
	if a.Files != "" {
		more, err := filepath.Glob(filepath.Join(a.Files, "*"))
		if err != nil {
			return err
		}
		files = append(files, more...)
	}
	for _, path := range files {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		h := &tar.Header{Name: filepath.Base(path), Mode: 0o755, Size: info.Size(), ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}
		if err := t.WriteHeader(h); err != nil {
			return err
		}
		if err := pour(t, path); err != nil {
			return err
		}
	}
	return t.Close()
}

// compress adds to the counter what gzip makes of what write writes. It ends
// early when the context does.
func compress(ctx context.Context, registry *counter, write func(io.Writer) error) error {
	z, err := gzip.NewWriterLevel(registry, registryLevel)
	if err != nil {
		return err
	}
	if err := write(interruptible{ctx, z}); err != nil {
		return err
	}
	return z.Close()
}

// pour writes a file.
func pour(w io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// interruptible is a writer that fails when its context has ended.
type interruptible struct {
	ctx context.Context
	io.Writer
}

func (w interruptible) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.Writer.Write(p)
}

// counter counts the bytes that are written to it.
type counter uint64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
