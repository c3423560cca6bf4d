package size

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/image"
)

// someArtefact is a file of 100,000 bytes that compress well, with a data file
// beside it.
func someArtefact(t *testing.T) runners.Artefact {
	t.Helper()
	dir := t.TempDir()
	a := runners.Artefact{Kind: runners.Native, Path: filepath.Join(dir, "program"), Files: filepath.Join(dir, "files")}
	if err := os.Mkdir(a.Files, 0o700); err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{a.Path: strings.Repeat("0123456789", 10_000), filepath.Join(a.Files, "data"): "some data"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func byName(t *testing.T, list []results.Metric) map[string]float64 {
	t.Helper()
	m := map[string]float64{}
	for _, x := range list {
		if len(x.Values) != 1 || x.Unit == "" {
			t.Errorf("%+v is not one value", x)
		}
		m[x.Name] = x.Values[0]
	}
	return m
}

func gzipped(t *testing.T, b []byte) float64 {
	t.Helper()
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, 6)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return float64(out.Len())
}

func TestSizeOfABinary(t *testing.T) {
	a := someArtefact(t)
	b, err := os.ReadFile(a.Path)
	if err != nil {
		t.Fatal(err)
	}
	got, err := sizes(t.Context(), a, false)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]float64{Compressed: gzipped(t, b)}, byName(t, got)); d != "" {
		t.Error(d)
	}
}

// tarOf reads a layer.
func tarOf(t *testing.T, l image.Layer) []byte {
	t.Helper()
	r, err := l.Open()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A binary that a container is made of is one layer with its files in it.
func TestSizeOfAnImageFromScratch(t *testing.T) {
	a := someArtefact(t)
	layer, err := scratchLayer(a)
	if err != nil {
		t.Fatal(err)
	}
	text := tarOf(t, layer)
	content := map[string]int64{}
	for r := tar.NewReader(bytes.NewReader(text)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content[h.Name] = h.Size
	}
	if d := cmp.Diff(map[string]int64{"program": 100_000, "data": 9}, content); d != "" {
		t.Error(d)
	}
	got, err := sizes(t.Context(), a, true)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{
		Compressed: gzipped(t, text), Uncompressed: float64(len(text)), Layers: 1,
	}
	if d := cmp.Diff(want, byName(t, got)); d != "" {
		t.Error(d)
	}
}

// The layers of an image are compressed one by one, as a registry has them.
func TestSizeOfAnImage(t *testing.T) {
	var layers []image.Layer
	want := map[string]float64{Layers: 2}
	for _, name := range []string{"lower", "upper"} {
		tree := image.NewTree(0)
		tree.File(name, 0o444, bytes.Repeat([]byte(name), 10_000))
		layer, err := tree.Layer()
		if err != nil {
			t.Fatal(err)
		}
		layers = append(layers, layer)
		want[Uncompressed] += float64(len(tarOf(t, layer)))
		want[Compressed] += gzipped(t, tarOf(t, layer))
	}
	m, err := image.New(v1.Config{}, layers...)
	if err != nil {
		t.Fatal(err)
	}
	ship, err := m.Ship("test", "latest")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(ship.Reader())
	if err != nil {
		t.Fatal(err)
	}
	a := runners.Artefact{Kind: runners.Image, Path: filepath.Join(t.TempDir(), "image.tar")}
	if err := os.WriteFile(a.Path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := sizes(t.Context(), a, true)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, byName(t, got)); d != "" {
		t.Error(d)
	}
}

func TestSizeOfWhatIsNotThere(t *testing.T) {
	a := someArtefact(t)
	a.Path += "-gone"
	for _, contained := range []bool{false, true} {
		if got, err := sizes(t.Context(), a, contained); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("sizes %v, %v", got, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sizes(ctx, someArtefact(t), false); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
