package image

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"edgebench/runners"
)

// scratch is an image with one file for an architecture.
func scratchFor(t *testing.T, arch, content string) *Image {
	t.Helper()
	tree := NewTree(len(content))
	tree.File("program", 0o755, []byte(content))
	layer, err := tree.Layer()
	if err != nil {
		t.Fatal(err)
	}
	if layer, err = layer.Gzip(6); err != nil {
		t.Fatal(err)
	}
	i, err := NewFor(arch, v1.Config{Entrypoint: []string{"/program"}}, layer)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestIndexOfArchitectures(t *testing.T) {
	dir := t.TempDir()
	if err := WriteIndex(dir, scratchFor(t, "amd64", "one"), scratchFor(t, "arm64", "another")); err != nil {
		t.Fatal(err)
	}
	all, err := ReadIndex(dir)
	if err != nil || len(all) != 2 {
		t.Fatalf("%+v (%v)", all, err)
	}
	for i, arch := range []string{"amd64", "arm64"} {
		if all[i].Architecture != arch || all[i].Size < 300 || all[i].Digest == "" {
			t.Errorf("%+v", all[i])
		}
	}
	if all[0].Digest == all[1].Digest {
		t.Error("both images have one digest")
	}
}

// An index with a changed layer, or with two images for one architecture, is malformed.
func TestIndexThatIsWrong(t *testing.T) {
	dir := t.TempDir()
	if err := WriteIndex(dir, scratchFor(t, "amd64", "one"), scratchFor(t, "amd64", "two")); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadIndex(dir); !errors.Is(err, runners.ErrMalformed) {
		t.Errorf("two images for one architecture: %v", err)
	}
	dir = t.TempDir()
	if err := WriteIndex(dir, scratchFor(t, "amd64", "one")); err != nil {
		t.Fatal(err)
	}
	blobs, err := filepath.Glob(filepath.Join(dir, "blobs", "sha256", "*"))
	if err != nil || len(blobs) < 3 {
		t.Fatalf("%v (%v)", blobs, err)
	}
	for _, b := range blobs {
		content, err := os.ReadFile(b)
		if err != nil {
			t.Fatal(err)
		}
		if content[0] == 0x1f { // the layer, by gzip
			content[len(content)-1] ^= 1
			if err := os.WriteFile(b, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := ReadIndex(dir); !errors.Is(err, runners.ErrMalformed) {
		t.Errorf("a changed layer: %v", err)
	}
	if _, err := ReadIndex(t.TempDir()); err == nil {
		t.Error("an empty folder is an index")
	}
}
