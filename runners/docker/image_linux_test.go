package docker

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

func mustArchive(t *testing.T, executable, salt, scope string) *archive {
	t.Helper()
	a, err := newArchive([]byte(executable), salt, scope)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// files reads a tar.
func files(t *testing.T, b []byte) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	r := tar.NewReader(bytes.NewReader(b))
	for {
		h, err := r.Next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.ModTime.Unix() != 0 || h.Uid != 0 || h.Gid != 0 {
			t.Errorf("%s is of %v and belongs to %d:%d, want no time and root", h.Name, h.ModTime, h.Uid, h.Gid)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[h.Name] = content
	}
}

func TestArchiveDependsOnItsArguments(t *testing.T) {
	first := mustArchive(t, "code", "5a17", "scope")
	if again := mustArchive(t, "code", "5a17", "scope"); !bytes.Equal(again.bytes, first.bytes) {
		t.Error("the same arguments give another archive")
	}
	layers := func(a *archive) []string {
		var m []dockerManifest
		if err := json.Unmarshal(files(t, a.bytes)["manifest.json"], &m); err != nil {
			t.Fatal(err)
		}
		return m[0].Layers
	}
	salted := mustArchive(t, "code", "5a18", "scope")
	if slices.Equal(salted.ids, first.ids) || slices.Equal(layers(salted), layers(first)) {
		t.Error("another salt gives the same image or the same layer")
	}
	if scoped := mustArchive(t, "code", "5a17", "other"); slices.Equal(scoped.ids, first.ids) {
		t.Error("another scope gives the same image")
	}
}

// TestArchiveIsWhole follows both ways to the layer: that of a docker archive
// and that of an OCI layout.
func TestArchiveIsWhole(t *testing.T) {
	executable := strings.Repeat("code", 1000)
	a := mustArchive(t, executable, "5a17", "scope")
	all := files(t, a.bytes)
	for name, content := range all {
		if sum, ok := strings.CutPrefix(name, blobs); ok && sum != "" && sum != digest.FromBytes(content).Encoded() {
			t.Errorf("%s holds what it does not name", name)
		}
	}
	var docker []dockerManifest
	var index ocispec.Index
	var manifest ocispec.Manifest
	var config ocispec.Image
	read := func(name string, v any) {
		t.Helper()
		if err := json.Unmarshal(all[name], v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	read("manifest.json", &docker)
	read("index.json", &index)
	read(blobs+index.Manifests[0].Digest.Encoded(), &manifest)
	read(blobs+manifest.Config.Digest.Encoded(), &config)
	layer := blobs + manifest.Layers[0].Digest.Encoded()
	if docker[0].Config != blobs+manifest.Config.Digest.Encoded() || docker[0].Layers[0] != layer || docker[0].RepoTags[0] != a.name {
		t.Errorf("the docker archive leads to %+v and the OCI layout to %+v", docker[0], manifest)
	}
	if config.RootFS.DiffIDs[0] != manifest.Layers[0].Digest || config.Config.Labels[label] != "scope" {
		t.Errorf("the configuration is %+v", config)
	}
	root := files(t, all[layer])
	if string(root[workload]) != executable || string(root[saltFile]) != "5a17" {
		t.Error("the layer does not hold what it was made of")
	}
}
